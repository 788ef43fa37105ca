"""What an answer leads to, said in the OpenAPI document as its links.

Owns which member of which answer is which parameter or member of the next request; programs that
walk through the document, and those that test by it, follow them. A member of a body that begins
with `$` is an expression, as a parameter is. Refuses addresses that the document does not have.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Expressions: TypeAlias = "Mapping[str, Any]"

_LISTING: Final = (
    "seat",
    "price",
    "epoch",
    "seller",
    "counter",
    "terms_version",
    "taker",
    "expiry",
)
"""What is signed of a listing; the signature is its signer's to add."""


@dataclass(frozen=True, slots=True)
class Link:
    """One answer may lead to one request; both are named `METHOD path`."""

    source: str
    status: int
    target: str
    parameters: Expressions
    body: Expressions | None = None


def describe_links(document: dict[str, Any], links: Iterable[Link]) -> None:
    """Write links into an OpenAPI document. Raises KeyError for what is not in it."""
    for link in links:
        method, path = link.source.split()
        responses = document["paths"][path][method.lower()]["responses"]
        method, path = link.target.split()
        target = document["paths"][path][method.lower()]["operationId"]
        said: dict[str, Any] = {"operationId": target, "parameters": dict(link.parameters)}
        if link.body is not None:
            said["requestBody"] = dict(link.body)
        responses[str(link.status)].setdefault("links", {})[target] = said


def _answered(pointer: str) -> str:
    return f"$response.body#/{pointer}"


def _reads(source: str, pointer: str, name: str, *paths: str) -> Iterable[Link]:
    """Links to what is read of a thing that an answer names."""
    for path in paths:
        yield Link(source, 200, f"GET {path}", {name: _answered(pointer)})


def _signing_in() -> Iterable[Link]:
    shown = {"message": _answered("message"), "attempt": _answered("attempt")}
    yield Link("POST /v1/auth/nonce", 201, "POST /v1/auth/verify", {}, shown)
    yield Link(
        "GET /v1/auth/sessions",
        200,
        "DELETE /v1/auth/sessions/{session_id}",
        {"session_id": _answered("sessions/0/id")},
    )
    end = "DELETE /v1/api-keys/{key}"
    yield Link("POST /v1/api-keys", 201, end, {"key": _answered("id")})
    yield Link("GET /v1/api-keys", 200, end, {"key": _answered("keys/0/id")})


def _looking() -> Iterable[Link]:
    code = _answered("problems/0/code")
    yield Link("GET /v1/problems", 200, "GET /v1/problems/{code}", {"code": code})
    drop = "/v1/drops/{drop}"
    of_a_drop = (drop, *(f"{drop}/{part}" for part in ("terms", "seats", "listings", "offers")))
    yield from _reads("GET /v1/drops", "drops/0/drop", "drop", *of_a_drop)
    product = "/v1/products/{product}"
    yield from _reads("GET /v1/products", "products/0/product", "product", product)
    yield from _reads(f"GET {product}", "drops/0/drop", "drop", drop)
    sold = {"drop": _answered("drops/0/drop")}
    yield Link("GET /v1/drops", 200, "POST /v1/tx/mint", {}, sold)
    seat = "/v1/seats/{seat}"
    of_a_seat = (seat, *(f"{seat}/{part}" for part in ("history", "metadata", "image")))
    yield from _reads(f"GET {drop}/seats", "seats/0/seat", "seat", *of_a_seat)
    same = {"drop": "$request.path.drop"}
    yield Link(f"PUT {drop}/terms", 200, f"GET {drop}/terms", same)
    named = same | {"account": _answered("co_hosts/0/account")}
    yield Link(f"GET {drop}/co-hosts", 200, f"DELETE {drop}/co-hosts/{{account}}", named)
    own = {"seat": _answered("seats/0/seat")}
    for action in ("list", "gift", "refund", "cancel-listings", "check-in-message"):
        yield Link("GET /v1/me/seats", 200, f"POST /v1/tx/{action}", {}, own)
    signed = {name: _answered(name) for name in ("seat", "expiry")}
    yield Link("POST /v1/tx/check-in-message", 200, "POST /v1/tx/check-in", {}, signed)


def _trading() -> Iterable[Link]:
    prepared = {name: _answered(f"listing/{name}") for name in _LISTING}
    yield Link("POST /v1/tx/list", 200, "POST /v1/listings", {}, prepared)
    offered = {"offer": _answered("offer")}
    yield Link("POST /v1/tx/offer", 200, "POST /v1/offers", {}, offered)
    for kind, act in (("listing", "buy"), ("offer", "accept-offer")):
        one, book = f"GET /v1/{kind}s/{{{kind}}}", f"GET /v1/drops/{{drop}}/{kind}s"
        for source, status, pointer in (
            (f"POST /v1/{kind}s", 201, kind),
            (book, 200, f"{kind}s/0/{kind}"),
        ):
            named = {kind: _answered(pointer)}
            yield Link(source, status, one, named)
            yield Link(source, status, f"POST /v1/tx/{act}", {}, named)


def _waiting() -> Iterable[Link]:
    one = "/v1/drops/{drop}/wait-lists/{tier}"
    looks = (f"GET {one}", f"DELETE {one}/place")
    for source, pointer in ((f"PUT {one}/place", ""), ("GET /v1/me/places", "places/0/")):
        named = {name: _answered(f"{pointer}{name}") for name in ("drop", "tier")}
        for target in looks:
            yield Link(source, 200, target, named)
    bought = {"drop": _answered("drop"), "tier": _answered("tier")}
    yield Link(f"GET {one}", 200, "GET /v1/drops/{drop}/listings", bought)
    # Only whoever has a turn is told of its seat, and it must be named.
    passed_on = bought | {"seat": _answered("place/turn/seat")}
    yield Link(f"GET {one}", 200, f"DELETE {one}/turn", passed_on)


def _inside() -> Iterable[Link]:
    session = "/v1/drops/{drop}/sessions/{session}"
    shown = {"ticket": _answered("ticket")}
    yield Link(f"POST {session}/join", 201, "POST /v1/admissions", {}, shown)
    admitted = {"admission": _answered("admission")}
    yield Link("POST /v1/admissions", 201, "POST /v1/admissions/renew", {}, admitted)
    recording = "/v1/recordings/{recording}"
    for source, status, pointer in (
        (f"POST {session}/recordings", 201, "recording"),
        (f"GET {session}", 200, "recordings/0/recording"),
    ):
        named = {"recording": _answered(pointer)}
        for target in (
            f"GET {recording}",
            f"DELETE {recording}",
            f"GET {recording}/stream",
            f"HEAD {recording}/stream",
        ):
            yield Link(source, status, target, named)


def _telling() -> Iterable[Link]:
    every = "/v1/webhook-endpoints"
    one = f"{every}/{{endpoint}}"
    for source, status, pointer in (
        (f"POST {every}", 201, "endpoint/endpoint"),
        (f"GET {every}", 200, "endpoints/0/endpoint"),
    ):
        named = {"endpoint": _answered(pointer)}
        for target in (
            f"GET {one}",
            f"DELETE {one}",
            f"POST {one}/rotate-secret",
            f"GET {one}/deliveries",
        ):
            yield Link(source, status, target, named)
    same = {"endpoint": "$request.path.endpoint"}
    edited = same | {"if-match": "$response.header.ETag"}
    yield Link(f"GET {one}", 200, f"PATCH {one}", edited)
    again = same | {"delivery": _answered("deliveries/0/delivery")}
    replay = f"POST {one}/deliveries/{{delivery}}/replay"
    yield Link(f"GET {one}/deliveries", 200, replay, again)


LINKS: Final = (*_signing_in(), *_looking(), *_trading(), *_waiting(), *_inside(), *_telling())
"""Every link of the document."""
