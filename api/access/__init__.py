"""The access check: may the caller do this, now, or whoever a program asks about?

It owns the address that cohort rooms and other clients ask, and which question its parameters make.
It refuses rules (`api.gate` has them), and answers about others but to their drop's mentor's keys.
"""
