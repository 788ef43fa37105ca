"""Typed Python over the contracts: calls, answers, events, reverts, deployment.

Owns the step between bytes and domain values, in both directions: domain values in, dataclasses
out. Refuses to sign or send anything (`marketplace.chain` does) and to know the market's rules
(`marketplace.domain` does). `seats` has the calls, `events` and `logs` what happened, `reverts`
why something was refused, `deploy` how the contracts come to stand on a chain.
"""
