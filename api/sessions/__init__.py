"""Sessions of a programme: what they are, and getting into their rooms.

It owns tickets (who asked to come in) and admissions (who is in, and until when), and asking the
gate for both. It refuses to keep what anybody holds: a ticket names an account, and what that
account holds is asked when the ticket is used, and again at each renewal.
"""
