"""Offers: buyers sign, whoever owns a seat takes one.

It owns what is prepared for both, which signed offers are kept, and that only those are shown which
could be taken now. It refuses to say who may look, since the resales' audience may, and to promise
that a buyer can still pay: accepting is tried first, and only the chain knows balances.
"""
