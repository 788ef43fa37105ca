"""The access check: may the caller do this, now?

It owns the address that cohort rooms and other clients ask, and which question its parameters make.
It refuses rules (`api.gate` has them) and to answer for anybody but the caller.
"""
