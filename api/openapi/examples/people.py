"""Examples about people: whether the API lives, signing in, API keys, co-hosts.

Refuses what is sold: other modules of this package have it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from api.openapi.examples.story import (
    BLOCK,
    CHAIN_ID,
    CO_HOST,
    DAN,
    DROP,
    HEAD,
    HEAD_HASH,
    MINTED_AT,
    NOW,
    ORIGIN,
    at,
    hashed,
    secret,
    signed,
)
from api.problems import PROBLEMS
from api.reference import ProblemRow
from api.settings import ApiSettings

if TYPE_CHECKING:
    from api.openapi.examples.story import Json, Object, Shown

_DAY_S: Final = 86_400
_NONCE: Final = hashed("dan signs in")[2:42]
_ATTEMPT: Final = f"{_NONCE}.{secret('the attempt of dan')}"
_HOST: Final = ORIGIN.partition("://")[2]
_STATEMENT: Final[str] = ApiSettings.model_fields["statement"].default
_MESSAGE: Final = "\n".join(
    (
        f"{_HOST} wants you to sign in with your Ethereum account:",
        DAN,
        "",
        _STATEMENT,
        "",
        f"URI: {ORIGIN}",
        "Version: 1",
        f"Chain ID: {CHAIN_ID}",
        f"Nonce: {_NONCE}",
        f"Issued At: {at(NOW)}",
        f"Expiration Time: {at(NOW + 300)}",
    )
)
_NONCE_ANSWER: Final[Object] = {
    "nonce": _NONCE,
    "domain": _HOST,
    "uri": ORIGIN,
    "version": "1",
    "chain_id": CHAIN_ID,
    "statement": _STATEMENT,
    "issued_at": at(NOW),
    "expires_at": at(NOW + 300),
}
_SESSION_ID: Final = hashed("the session of dan")
_SESSION: Final[Object] = {
    "id": _SESSION_ID,
    "created_at": at(NOW),
    "expires_at": at(NOW + 7 * _DAY_S),
}
_CSRF: Final = secret("the pages of dan's session")
_KEY: Final[Object] = {
    "id": f"key_{hashed('the key of the room')[2:18]}",
    "name": "Room of drop 7",
    "scopes": ["access:check"],
    "drops": [DROP],
    "created_at": at(MINTED_AT),
    "expires_at": at(MINTED_AT + 90 * _DAY_S),
    "last_used_at": None,
}
_NAMED: Final[Object] = {"account": CO_HOST, "named_at": at(NOW)}


def bodies() -> Shown:
    """What is sent."""
    signature = signed("dan signs in")
    return {
        "ask_for_nonce": {
            "program": {"session": "bearer", "account": DAN},
            "page": {"session": "cookie", "account": DAN},
        },
        "verify": {
            "program": {"message": _MESSAGE, "signature": signature, "attempt": _ATTEMPT},
            "page": {"message": _MESSAGE, "signature": signature},
        },
        "make_key": {
            "room": {
                **{name: _KEY[name] for name in ("name", "scopes", "drops")},
                "expires_in_s": 90 * _DAY_S,
            }
        },
    }


def answers() -> Shown:
    """What comes back."""
    listed = {**_SESSION, "last_seen_at": at(NOW), "user_agent": None, "current": True}
    missing = ProblemRow.of(PROBLEMS["not_found"]).model_dump(mode="json")
    return {
        "live": {"live": {"status": "live"}},
        "ready": {
            "ready": {
                "status": "ready",
                "block": HEAD,
                "block_hash": HEAD_HASH,
                "lag_s": BLOCK.lag_s,
            }
        },
        "list_problems": {"one": {"problems": [missing]}},
        "show_problem": {"not_found": missing},
        "ask_for_nonce": {
            "program": {**_NONCE_ANSWER, "message": _MESSAGE, "attempt": _ATTEMPT},
            "page": {**_NONCE_ANSWER, "message": _MESSAGE, "attempt": None},
        },
        "verify": {
            "program": _signed_in(secret("the token of dan"), None),
            "page": _signed_in(None, _CSRF),
        },
        "show_session": {
            "program": {**_SESSION, "account": DAN, "csrf_token": None},
            "page": {**_SESSION, "account": DAN, "csrf_token": _CSRF},
        },
        "list_sessions": {"one": {"sessions": [listed]}},
        "make_key": {"room": {**_KEY, "key": f"seats_key_{secret('the key of the room')}"}},
        "list_keys": {"one": {"keys": [{**_KEY, "last_used_at": at(NOW)}]}},
        "list_co_hosts": {"one": {"drop": DROP, "co_hosts": [_NAMED]}},
        "name_co_host": {"named": _NAMED},
    }


def _signed_in(token: str | None, csrf_token: str | None) -> dict[str, Json]:
    return {
        "account": DAN,
        "expires_at": _SESSION["expires_at"],
        "token": token,
        "csrf_token": csrf_token,
    }
