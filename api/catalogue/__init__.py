"""What there is: the chain's standing, drops with their programme, seats with their history.

It owns the answers that everybody may read, each of one moment of the mirror and dated by its
block. It refuses to decide who may do what (the gate does) and to show who may be sold to: resale
listings are the market's.
"""
