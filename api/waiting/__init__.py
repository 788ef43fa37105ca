"""Wait-lists: who waits for a seat of a tier, and whose turn a seat on resale is.

It owns places, turns and who may see and buy what is somebody's turn; all of it follows from stored
times when somebody looks, and no process has to run for it. It refuses to say who waits, to anybody
but that account, and to be more than the order book's courtesy: the contract knows no turns, a
listing that was seen can be filled by whoever has it, and that is said wherever turns are kept.
"""
