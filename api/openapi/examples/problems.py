"""An occurrence of every problem, made by the code that makes the real ones.

Owns which occurrence an operation shows of a code: operations mean different things by some codes,
and what is not found is what their address names. Refuses titles, statuses and sentences: errors
and the table of problems have them, and what is shown is what `problem_response` writes. An example
is called after its code, with a word behind it where the code has several.
"""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Final

from api.answers import problem_response
from api.keys.values import Scope
from api.limits.classes import class_of
from api.logs import request_id
from api.openapi.examples.errors_here import errors_here
from api.openapi.examples.errors_of_market import errors_of_market
from api.openapi.examples.errors_of_people import errors_of_people
from api.openapi.examples.errors_of_rooms import errors_of_rooms
from api.openapi.examples.story import hashed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fastapi import Response

    from api.openapi.codes import Operation
    from api.openapi.examples.story import Object

_REQUEST: Final = hashed("a request that went wrong")[2:34]

_SCOPES: Final[Mapping[str, Scope]] = {
    "check": Scope.ACCESS_CHECK,
    "check_batch": Scope.ACCESS_CHECK,
    "stream_presences": Scope.ACCESS_CHECK,
    "upload_recording": Scope.RECORDINGS_WRITE,
    "remove_recording": Scope.RECORDINGS_REMOVE,
    "stream_my_events": Scope.EVENTS_READ,
    "show_book": Scope.RESALES_READ,
    "show_offers": Scope.RESALES_READ,
}
"""What a key must be for; of webhooks, always the same."""

_ABOUT_OTHERS: Final = frozenset({"check", "check_batch"})
"""What only programs ask about somebody else, and people about themselves."""

_LIMITED: Final[Mapping[str, str]] = {
    "stream_my_events": "limited",
    "register_endpoint": "limited_endpoint",
    "edit_endpoint": "limited_endpoint",
}
"""What a key with a limit is told that it has to do without."""

_OF_DROPS: Final = frozenset({"remove_recording", "register_endpoint", "edit_endpoint"})
"""What is of drops though its address names none."""

_REVERTS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("mint", "mint-many"), "minting"),
    **dict.fromkeys(
        ("grant", "lower-cap", "set-verifier", "postpone", "cancel-drop", "assert"), "mentoring"
    ),
    **dict.fromkeys(("pause", "unpause"), "guarding"),
    **dict.fromkeys(
        ("claim", "collect", "fail-drop", "settle", "resolve", "resolve-by-default"), "ending"
    ),
    "create-drop": "silent",
    "bump-counter": "silent",
    "wrap": "silent",
    "withdraw": "withdrawing",
    "cancel-offer": "offering",
    "offer": "offering",
}
"""What the contract says where it is asked for an action; of the others, that it is not theirs."""

_NOT_FOUND: Final[Mapping[str, str]] = {
    "pass_turn_on": "turn",
    "prepare_purchase": "listing",
    "prepare_basket": "listing",
    "prepare_acceptance": "offer",
}
"""What is not found where no name of the address says it."""

_NAMED: Final[Mapping[str, str]] = {
    "account": "drop",
    "code": "problem",
    "session_id": "session",
    "tier": "wait-list",
}
"""What is not found where the last name of an address is another's."""


@cache
def problem_examples() -> Mapping[str, Response]:
    """Every example's answer, under its name."""
    errors = {
        **errors_of_people(),
        **errors_of_market(),
        **errors_of_rooms(),
        **errors_here(),
    }
    before = request_id.set(_REQUEST)
    try:
        return {name: problem_response(error) for name, error in errors.items()}
    finally:
        request_id.reset(before)


def shown(name: str) -> Object:
    """What an example says."""
    found: Object = json.loads(bytes(problem_examples()[name].body))
    return found


def examples_of(operation: Operation, code: str) -> Iterator[str]:
    """The names of the examples that an operation shows of a code; at least one."""
    match code:
        case "not_found":
            yield f"not_found.{_what(operation)}"
        case "contract_reverted":
            yield f"contract_reverted.{_REVERTS.get(_action(operation), 'holding')}"
        case "rule_violated":
            yield f"rule_violated.{_rule(operation)}"
        case "too_many_requests":
            kind = class_of(operation.method, operation.path)
            yield f"too_many_requests.{'' if kind is None else kind.value}"
        case "session_ended":
            yield from ("session_ended", "session_ended.cookie")
        case "api_key_refused":
            yield from _of_keys(operation)
        case "streams_busy":
            yield f"streams_busy.{_streams(operation)}"
        case "listing_dead" if operation.name == "prepare_basket":
            yield "listing_dead.basket"
        case "listing_signature_refused" | "offer_signature_refused":
            yield from (f"{code}.key", f"{code}.wallet")
        case _:
            yield code


def _action(operation: Operation) -> str:
    return operation.path.removeprefix("/v1/tx/")


def _what(operation: Operation) -> str:
    if operation.name in _NOT_FOUND:
        return _NOT_FOUND[operation.name]
    names = [part.strip("{}") for part in operation.path.split("/") if part.startswith("{")]
    last = names[-1] if names else "drop"
    return _NAMED.get(last, last)


def _rule(operation: Operation) -> str:
    rules = {
        "prepare_pass_message": "passes",
        "upload_recording": "recordings",
        "register_endpoint": "endpoints",
        "replay_delivery": "deliveries",
    }
    return rules.get(operation.name, "money")


def _streams(operation: Operation) -> str:
    if operation.path.endswith("/stream"):
        return "recordings"
    return "rooms" if operation.path.endswith("/presences") else "events"


def _of_keys(operation: Operation) -> Iterator[str]:
    if "api_key_ended" not in operation.codes:
        yield "api_key_refused.no_key"
        return
    scope = _SCOPES.get(operation.name, Scope.WEBHOOKS_MANAGE)
    yield f"api_key_refused.{scope.value.replace(':', '_')}"
    if scope is Scope.RESALES_READ:
        yield from ("api_key_refused.not_an_operator", "api_key_refused.limited_operator")
        return
    if operation.name in _ABOUT_OTHERS:
        # About oneself one asks without a key.
        yield from ("api_key_refused.other_drops", "api_key_refused.no_key")
    elif operation.name in _LIMITED:
        yield f"api_key_refused.{_LIMITED[operation.name]}"
    if "{drop}" in operation.path or operation.name in _OF_DROPS:
        yield "api_key_refused.other_drops"
