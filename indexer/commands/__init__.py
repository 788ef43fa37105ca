"""What people type: `python -m indexer COMMAND`, and the same as `seats index COMMAND`.

It owns options, what is told and exit codes. It refuses options for settings: a node's address and
a database's hold secrets that a command line shows to everybody on the machine, so they come from
`SEATS_INDEXER_*` and from a file.
"""
