"""A development chain: Ethereum's JSON-RPC over HTTP on eth-tester and py-evm.

Owns everything between a wallet's request and the virtual machine: blocks, logs, levels of
finality, reverts, time travel, snapshots and reorganisations. docs/devnet.md lists the methods.

Refuses to be a network: it has no peers, no queue for transactions with a nonce gap, no replacement
and no WebSocket, listens on 127.0.0.1 only, and its keys are public.
"""
