"""What the document says of the whole: a page of conventions, its tags, its licence.

Owns those texts and the order of the tags. Refuses figures that an operator can set: answers carry
them in their headers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.openapi.schemas import Json

ABOUT: Final = """\
Seatmarket sells the seats of mentors' sessions as tokens. A **drop** is one sale: its terms are \
fixed on the chain, its **tiers** are kinds of seats, its **phases** are windows in which a tier \
is minted. A **seat** opens what its drop's terms say to whoever holds it now. This API says who \
may do what, now; shows what there is; keeps the order book; and prepares transactions. It holds \
no key of anybody's account: **the wallet signs and sends**, and what would fail is refused here \
first.

## Values

- A **uint256** (amounts, token ids) is a string of decimal digits, never a JSON number. Amounts \
are in the smallest unit of their currency: wei where that is ETH. A name that ends in `_wei` \
means this unit of whatever currency the drop is in; `_bps` are hundredths of a percent, `_s` \
seconds.
- An **account** is `0x` and 40 hex digits. Answers carry its ERC-55 checksum; a request may have \
it in one case, and a wrong checksum is refused. Other hashes and bytes are `0x` and lower-case hex.
- A **moment** (`_at`, `_by`, `_until`) is RFC 3339 in UTC. What is signed holds Unix seconds, as \
digits.
- **Drops**, tiers, phases and sessions are small numbers; a **seat** is its token id, in which \
drop and tier can be read: 7200013 is drop 7, tier 2, seat 13. All other ids are texts to be given \
back as they are.
- An unknown member or parameter is refused, and so is one that is there twice. A number \
has one spelling: `+1`, `01` and `1.0` are none.

## Which moment

Answers about the chain are of one block: `as_of_block` and `block_hash` name it. The newest block \
may still be taken back by a reorganisation. With `level` an answer is of the last `latest`, \
`safe` or `finalized` block that was mirrored. Whoever has just sent a transaction names its block \
as `min_block`: until our copy of the chain has reached it, the answer is 503 `mirror_behind` \
with `Retry-After`. **What is not known is never called a no.**

## Signing in

A wallet signs a message (EIP-4361), and the session that follows says who somebody is, never what \
they hold: that is asked anew each time. A browser has its session in a cookie and sends \
`X-CSRF-Token` with everything but GET; other clients send a bearer token. A program has an API \
key with scopes; a route takes keys only where it names a scope.

## Sending again

What makes something takes an `Idempotency-Key`: 1 to 255 visible characters, made up for this one \
thing. Sent again within 24 hours with the same key and body, it is answered as the first time, \
with `Idempotency-Replayed: true`. Everything else makes nothing, or may be sent again as it is.

## Pages

A long list has `limit` (1 to 100, 50 unless named) things of a page, and `next`. Give `next` as \
`after`, with the same other parameters, to get the page behind; null says that this was the last. \
Pages go on after a thing and not after a count, so nothing is skipped when something comes or goes.

## Problems

Whatever goes wrong is `application/problem+json` (RFC 9457) of one shape. Compare its `code`: it \
is stable, every operation lists those that it can answer with, and `GET /v1/problems` has them \
all with what to do. `detail` says what happened here, `cause` is a finer code, as the contract's \
error, and `request_id` names the request in the operator's log. A 429 and a 503 carry \
`Retry-After`.

## Limits

Requests are counted in classes (`sign-in`, `writes`, `preparing`, `reads`, `checks`) for the \
account or API key, or else for the address; all accounts and keys at one address have ten times \
as much together. `RateLimit-Policy` and `RateLimit` say what the quota is and what is left of it, \
of the two the tighter one; one too many is 429 `too_many_requests`, and costs nothing. A body has \
64 KiB at most unless its operation says otherwise, and must come promptly.
"""

TAGS: Final[Mapping[str, str]] = {
    "sign-in": "Showing that an account is one's own, and the sessions that follow.",
    "API keys": "Credentials of programs that act for an account, each for some things alone.",
    "catalogue": "What there is: mentors, products, drops, seats, their history and pictures.",
    "eligibility": "Who may mint in a phase, for what price, and the lists that say so.",
    "actions": "Every action of the contract as a transaction, or a message, to be signed. Each "
    "is tried on the node first, at one block; what the contract would refuse is refused here, "
    "with its reason. Who may act is for the contract to say: anybody may ask.",
    "market": "The order book: listings that sellers sign, and buying by them. Only what can be "
    "bought now is shown.",
    "offers": "What buyers sign, for a seat or for any of a tier, and selling to them.",
    "wait-lists": "Turns in which those who wait are offered a seat on resale before others: a "
    "courtesy of the order book, not a promise of the chain.",
    "access": "The gate: may somebody in, now? With the reason, the block that it rests on, and "
    "when to ask again.",
    "sessions": "Getting into the room of a session, staying there, and having to leave.",
    "recordings": "Files of what happened in a session, for those whom the gate lets watch.",
    "co-hosts": "Whom a mentor lets help with a drop's rooms and recordings.",
    "events": "Streams of what the chain says and takes back, without a gap.",
    "webhooks": "Messages to a mentor's own servers about what becomes of their drops.",
    "reference": "What each problem means.",
    "health": "Whether this process answers, for whoever watches over it.",
}
"""In the order in which somebody new meets them."""

_LICENCE: Final = {"name": "MIT License", "identifier": "MIT"}


def say_about(document: Json) -> None:
    """Say what the whole is, and what belongs together in it."""
    document["info"] |= {"description": ABOUT, "license": _LICENCE}
    document["tags"] = [{"name": name, "description": said} for name, said in TAGS.items()]
