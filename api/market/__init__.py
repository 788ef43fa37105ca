"""Buying and selling: transactions and messages ready to be signed, and the order book.

It owns what is prepared and which signed listings are kept and shown. It refuses to sign and to
send, since the wallet does both; to judge a listing by rules of its own, since
`marketplace.orders.judging` has the contract's; and to show a listing that cannot be bought.
"""
