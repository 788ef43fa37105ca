"""How often somebody may ask.

It owns which requests count together, for whom they count, and the counters. It refuses to judge
what is asked for: whoever asks too often is told when to come back, whoever they are.
"""
