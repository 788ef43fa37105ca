"""Holding the mirror against the chain once more, when it is final.

It owns digests, the comparison of what is mirrored with what the node says when it is asked again
and in other words, and how the process does that beside its work. It refuses to mend: what
disagrees stops the mirror, and a person decides who is right.
"""
