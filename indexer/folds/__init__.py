"""Folds: from events of the ledger to what each thing was after them.

It owns the states and facts (`states`), what each event does to them (`seats`, `drops`, `closings`,
`delivery`, `accounts`, `spending`, `delegations`), the table of all that (`registry`), how a run of
events is folded (`folding`) and of which version each fold is (`versions`). It is pure: states come
in as values and go out as values. It refuses databases, nodes and clocks; time is the block's.
"""
