"""The addresses of API keys.

Owns paths and which problems each route names. Refuses rules, and keys: only somebody who is
signed in makes, lists and ends them.
"""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path

from api.answers import documented
from api.auth.caller import CALLER_PROBLEMS, SignedInCaller
from api.idempotency.asking import REPEAT_PROBLEMS, OnceForCaller
from api.keys import keys
from api.keys.bodies import KeyRequest, KeysAnswer, ListedKey, MadeKeyAnswer
from api.keys.keys import KeyWish
from api.requests import ApiParts, JsonRoute, json_only

_ALWAYS: Final = (*CALLER_PROBLEMS, "storage", "storage_unreachable", "storage_locked")

router = APIRouter(
    prefix="/v1/api-keys",
    tags=["API keys"],
    dependencies=[Depends(json_only)],
    route_class=JsonRoute,
)


@router.post(
    "",
    responses=documented(
        *_ALWAYS,
        "malformed_body",
        "body_too_large",
        "body_too_slow",
        "unsupported_media_type",
        "invalid_request",
        "not_found",
        "mentor_required",
        "too_many_api_keys",
        "mirror_missing",
        "mirror_incomplete",
        *REPEAT_PROBLEMS,
    ),
    status_code=201,
)
def make_key(
    body: KeyRequest, caller: SignedInCaller, parts: ApiParts, once: OnceForCaller
) -> MadeKeyAnswer:
    """Make a key for a program of yours. Its text is shown this once.

    It acts for the drops whose mentor you are when it is used; with `drops` for these alone, which
    must be yours now.
    """
    wish = KeyWish(body.name, frozenset(body.scopes), body.drops, body.expires_in_s)
    along = once.keeping(MadeKeyAnswer.made)
    return MadeKeyAnswer.made(keys.make(parts, caller.session, wish, along))


@router.get("", responses=documented(*_ALWAYS))
def list_keys(caller: SignedInCaller, parts: ApiParts) -> KeysAnswer:
    """List your account's live keys. Their texts are not known here."""
    found = keys.of_account(parts, caller.account)
    return KeysAnswer(keys=[ListedKey.of(one) for one in found])


@router.delete(
    "/{key}", responses=documented(*_ALWAYS, "not_found", "invalid_request"), status_code=204
)
def end_key(
    key: Annotated[
        str,
        Path(pattern="^key_[0-9a-f]{16}$", description="Its id, as the list has it: not its text."),
    ],
    caller: SignedInCaller,
    parts: ApiParts,
) -> None:
    """End one of your account's keys. The next request with it is refused."""
    keys.end(parts, caller.account, key)
