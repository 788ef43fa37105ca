"""Webhooks: telling a mentor's own servers what becomes of the mentor's drops.

Owns who wants to be told what, what they were sent, and sending it again until it arrives. Refuses
to decide who gets in anywhere: whoever is told that access was revoked asks the gate like anybody.
"""
