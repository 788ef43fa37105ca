"""What people read in a terminal: plans, drops, seats.

Owns words and layout. Refuses to fetch anything and to colour what carries no meaning: every view
reads the same in a file.
"""
