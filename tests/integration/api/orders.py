"""An order of every action, with the ids and the account that a test names.

Refuses to say whether it can be done: that is the contract's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tests.integration.marketplace.world import address_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from marketplace.domain.addresses import ChecksumAddress

_LATER: Final = "2027-03-01T18:00:00Z"

ACTION_ORDERS: Final[Mapping[str, tuple[str | None, Mapping[str, Any]]]] = {
    "mint": ("drop", {"phase": 0}),
    "mint-many": ("drop", {}),
    "gift": ("seat", {"recipient": address_of("dan")}),
    "cancel-listings": ("seat", {}),
    "bump-counter": (None, {}),
    "cancel-offer": (None, {"nonce": "1"}),
    "refund": ("seat", {}),
    "claim": ("seat", {}),
    "collect": ("seat", {}),
    "withdraw": (None, {}),
    "check-in": ("seat", {"expiry": "1"}),
    "check-in-message": ("seat", {}),
    "object": ("seat", {}),
    "grant": ("drop", {"tier": 0, "recipient": address_of("dan")}),
    "lower-cap": ("drop", {"tier": 0, "cap": 1}),
    "set-verifier": ("drop", {"verifier": None}),
    "postpone": ("drop", {"starts_at": _LATER, "ends_at": _LATER, "deliver_by": _LATER}),
    "cancel-drop": ("drop", {}),
    "assert": ("drop", {"evidence": "0x" + "5e" * 32}),
    "fail-drop": ("drop", {}),
    "settle": ("drop", {}),
    "resolve": ("drop", {"holders_bps": 1}),
    "resolve-by-default": ("drop", {}),
    "pause": ("drop", {"until": _LATER}),
    "unpause": ("drop", {}),
}
"""By path: which kind of id it names, if any, and what else it takes."""


def order_of(path: str, account: ChecksumAddress, ids: Mapping[str, str]) -> dict[str, Any]:
    """The body of an action; `ids` are texts, by kind."""
    _, others = ACTION_ORDERS[path]
    named = {kind: int(one) if kind == "drop" else one for kind, one in ids.items()}
    if path == "mint-many":
        return {"account": account, "mints": [named | {"phase": 0}]}
    body = dict(others) | named
    return body if path == "check-in-message" else body | {"account": account}
