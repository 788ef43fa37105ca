"""What seats have been used for, and what they still contain of their programme.

It owns keeping that a seat was in a session, believing it only while the chain says that whoever
came in by the seat has held it, and the programme as one seat has it: attended, past, to come. It
refuses to let anybody in or to keep them out, and to tell anybody whose the seat was.
"""
