"""The API's own database tables and their history.

It owns `tables` (the shape), `history` (how a database gets there), `scopes` (a column type) and
`migrations` (each step). It refuses anything that the chain could tell: that is the mirror's. What
is kept here exists nowhere else, so every step must keep it.
"""
