"""Co-hosts: whom a drop's mentor lets help with its sessions and recordings.

It owns who was named for which drop, and taking that back. It refuses to say what a co-host may do
(`api.gate.decide` does), and to give anything of what is the mentor's alone: money, the drop's
terms, API keys, and naming further co-hosts.
"""
