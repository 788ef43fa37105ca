"""The addresses of a drop's published terms.

Owns paths, bodies and headers. Refuses rules: `api.programme.publishing` has them. A document is
not read before its sender is known to be the drop's mentor.
"""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Request, Response
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from api.answers import documented
from api.auth.caller import CALLER_PROBLEMS, SignedInCaller
from api.catalogue.drop_routes import MIRROR_PROBLEMS
from api.etags import TagKept, has_current, quoted
from api.long_bodies import described, long_body
from api.places import DropInPath  # noqa: TC001 - FastAPI reads the annotations
from api.programme.programmes import programme_of
from api.programme.publishing import mentored_drop, publish
from api.requests import ApiParts  # noqa: TC001 - FastAPI reads the annotations
from api.wire import WireModel

TERMS_PATH: Final = "/v1/drops/{drop}/terms"
MAX_DOCUMENT_CHARACTERS: Final = 262_144
"""A launch file has 64 KiB at most, and its 60 sessions may name 10 tiers each."""

MAX_BODY_BYTES: Final = 1_572_864
"""The same with every letter escaped: twelve bytes for the rarest."""

_REVALIDATE: Final = "no-cache"
"""It may be kept, and has to be asked about: the chain may still take a young drop back."""

router = APIRouter(tags=["catalogue"])


class TermsRequest(WireModel):
    """The terms of a launch, as its record holds them."""

    document: Annotated[str, Field(min_length=1, max_length=MAX_DOCUMENT_CHARACTERS)]
    """The canonical text; its keccak256 is the drop's `terms_hash`."""


class TermsAnswer(WireModel):
    """The terms are published."""

    drop: int
    terms_hash: str


@router.put(
    TERMS_PATH,
    openapi_extra=described(TermsRequest),
    responses=documented(
        *CALLER_PROBLEMS,
        *MIRROR_PROBLEMS,
        "malformed_body",
        "body_too_large",
        "body_too_slow",
        "long_body_under_way",
        "long_bodies_busy",
        "unsupported_media_type",
        "invalid_request",
        "not_found",
        "mentor_required",
        "terms_differ",
        "terms_contradict",
        "terms_unreadable",
        "chain_unavailable",
        "wrong_node",
    ),
)
async def publish_terms(
    drop: DropInPath, request: Request, caller: SignedInCaller, parts: ApiParts
) -> TermsAnswer:
    """Publish a drop's terms: its mentor sends the text whose hash it carries.

    Taken only if its keccak256 is the drop's `terms_hash` and if it says what the drop does on the
    chain. Repeatable. The body may have 1.5 MiB.
    """
    account = caller.session.account
    mirrored = await run_in_threadpool(mentored_drop, parts, drop, account)
    async with long_body(request, TermsRequest, account) as body:
        terms_hash = await run_in_threadpool(publish, parts, mirrored, account, body.document)
    return TermsAnswer(drop=drop, terms_hash=terms_hash)


@router.get(
    TERMS_PATH,
    response_class=Response,
    responses={
        200: {
            "description": "The very bytes that the hash is of",
            "content": {"application/json": {"schema": {"type": "object"}}},
        },
        304: {"description": "The client has them already"},
        **documented(*MIRROR_PROBLEMS, "not_found", "terms_unpublished", "invalid_request"),
    },
)
def show_terms(drop: DropInPath, parts: ApiParts, if_none_match: TagKept = None) -> Response:
    """Give a drop's published terms, byte for byte. Hash them and compare with the chain."""
    programme = programme_of(parts, drop)
    headers = {"ETag": quoted(programme.terms_hash), "Cache-Control": _REVALIDATE}
    if has_current(if_none_match, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return Response(programme.document.encode(), media_type="application/json", headers=headers)
