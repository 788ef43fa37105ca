"""Every action of the contract, as a transaction that a wallet is asked to sign.

It owns what each action takes, what it costs and brings, and that nothing is offered which was not
tried at one block first. It refuses to sign and to send, since the wallet does both; to say who may
act, since the contract does, in its own words; and signed listings and offers, which are the
market's.
"""
