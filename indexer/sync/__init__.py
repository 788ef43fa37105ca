"""Following the chain: what to do next, and doing it in one transaction.

It owns the decision (`decision`, pure), how a batch is gathered (`gathering`), how history is read
one range ahead (`backfilling`, `prefetching`), how a batch is committed (`committing`), one pass of
both (`shell`), the loop around passes (`loop`), when the mirror is level (`heartbeat`), the history
of a contract that came later (`filling`), and tables that are folded again (`rebuilding`). It
refuses JSON and SQL text: nodes are asked through `indexer.rpc.values.Node`, tables written through
`indexer.store`.
"""
