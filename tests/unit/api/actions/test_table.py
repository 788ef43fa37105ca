from __future__ import annotations

from api.actions.routes import router
from api.actions.table import ACTIONS, OF_THE_MARKET, UNPREPARED
from api.market.routes import router as market
from api.offers.routes import router as offers
from marketplace.bindings.artifacts import load


def changing() -> set[str]:
    """The functions of the ABI that change state; with parameters where a name is shared."""
    found: dict[str, list[str]] = {}
    for one in load("Seats").abi:
        if one["type"] == "function" and one["stateMutability"] not in {"view", "pure"}:
            kinds = ",".join(str(member["type"]) for member in one["inputs"])
            found.setdefault(one["name"], []).append(f"{one['name']}({kinds})")
    return {
        name if len(signatures) == 1 else signature
        for name, signatures in found.items()
        for signature in signatures
    }


def test_every_function_that_changes_state_has_a_route_or_a_reason() -> None:
    prepared = [action.function for action in ACTIONS]
    named = [*prepared, *OF_THE_MARKET, *UNPREPARED]

    assert len(named) == len(set(named))
    assert set(named) == changing()
    assert len(named) > 30


def test_every_reason_is_a_sentence() -> None:
    for function, reason in UNPREPARED.items():
        assert reason.endswith("."), function
        assert len(reason.split()) > 7, function


def test_every_row_has_its_path() -> None:
    paths = {route.path for one in (router, market, offers) for route in one.routes}  # type: ignore[attr-defined] # every route of these has one
    assert {f"/v1/tx/{action.path}" for action in ACTIONS} <= paths
    assert set(OF_THE_MARKET.values()) <= paths
