"""Which requests count together.

Owns the classes and which class a request is of, by its method and path alone, so that every
address has one before anybody has thought of it. Refuses to read anything else of a request.
"""

from __future__ import annotations

from enum import StrEnum, unique
from typing import Final


@unique
class RouteClass(StrEnum):
    """Requests that count together."""

    SIGN_IN = "sign-in"
    """Opening and finishing an attempt. Always counts for the address: nobody is signed in yet."""

    WRITES = "writes"
    """Whatever changes something."""

    PREPARING = "preparing"
    """Whatever is tried on the node first."""

    READS = "reads"
    """Whatever is only looked at."""

    CHECKS = "checks"
    """Asking the gate: rooms do it for everybody in them, and again twice a minute."""


SHARED: Final = frozenset({RouteClass.SIGN_IN, RouteClass.WRITES})
"""Counted in the database, by all processes together; the others in each process."""

_SIGN_IN: Final = frozenset({"/v1/auth/nonce", "/v1/auth/verify"})
_BATCHES: Final = frozenset({"/v1/access/check:batch", "/v1/tx/buy-many"})
_DRAWN: Final = ("/metadata", "/image")
_DEAR_COSTS: Final = 10
"""Fifty questions at once are cheaper than fifty, and much dearer than one; so are twenty listings,
each of another drop. What the contract draws is asked of the node, and of nothing else that is only
looked at: as reads cost, one address could ask ten times as much of it as it may prepare."""
_READING: Final = frozenset({"GET", "HEAD", "OPTIONS"})


def class_of(method: str, path: str) -> RouteClass | None:
    """The class of a request; None where whoever watches over this process asks."""
    if path.startswith("/health/"):
        return None
    if path in _SIGN_IN:
        return RouteClass.SIGN_IN
    if path.startswith(("/v1/access/", "/v1/admissions")):
        return RouteClass.CHECKS
    if path.startswith("/v1/tx/") or path.endswith("/eligibility"):
        return RouteClass.PREPARING
    return RouteClass.READS if method in _READING else RouteClass.WRITES


def cost_of(path: str) -> int:
    """As how many requests of its class one counts that each process counts by itself."""
    drawn = path.startswith("/v1/seats/") and path.endswith(_DRAWN)
    return _DEAR_COSTS if drawn or path in _BATCHES else 1
