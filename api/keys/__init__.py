"""API keys: programs that act for an account, for what the key names and nothing else.

It owns making, listing and ending them, and what a key covers. It refuses to say who a request
comes from (`api.auth.caller` reads the header), and to sign anybody in: no key makes another key,
opens a session or ends one.
"""
