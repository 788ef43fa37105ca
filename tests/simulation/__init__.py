"""Random lives of a chain, its node, a mirror and its database, each from one seed.

    faults.py     every kind of trouble, and the dice that decide when it comes
    answering.py  what a node over the tree says, right and wrong, as JSON
    serving.py    the same over loopback, and what happens to answers on the wire
    database.py   what happens to a database: lost commits, failed statements, locks, long readers
    moving.py     the chain: it grows, parts and comes back, also between two questions of a pass
    growing.py    a contract that is given later, and tables that are folded again
    judging.py    after every commit: the oracle's tables, and the outbox from every commit on
    consumers.py  readers of the outbox that begin and read at random moments
    lives.py      one life: the chain moves, the mirror follows
    ending.py     and its end, where the chain may break its promise: the mirror must stop
    running.py    many lives on both databases, and the account of them

`python -m tests.simulation` runs them; `make simulate` is its name.
"""
