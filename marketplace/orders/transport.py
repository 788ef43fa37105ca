"""A signed listing as JSON, and back.

Owns the one form: every uint256 a decimal string (JSON numbers are not uint256), addresses with
checksum, the signature in hex. Refuses whatever it did not write itself: unknown and missing
fields, numbers, leading zeros, a wrong checksum, values beyond their type.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from marketplace.bindings.addresses import InvalidAddress, parse_address
from marketplace.domain.errors import RuleViolated, typed_error
from marketplace.domain.ids import MAX_UINT256, SeatId
from marketplace.domain.listing import Listing
from marketplace.domain.money import Wei

if TYPE_CHECKING:
    from collections.abc import Mapping

    from marketplace.domain.addresses import ChecksumAddress

_FIELDS: Final = frozenset(
    {"seat", "price", "epoch", "seller", "counter", "termsVersion", "taker", "expiry", "signature"}
)
_DECIMAL: Final = re.compile(r"0|[1-9][0-9]{0,77}")
_HEX: Final = re.compile(r"0x(?:[0-9a-f]{2})*")
MAX_SIGNATURE_BYTES: Final = 4_096
"""Longest signature taken: a contract wallet's may hold those of several owners."""

MAX_TEXT: Final = 16_384
"""Longest text taken, in characters."""


@typed_error
class ListingMalformed(RuleViolated):
    """Text that is not a listing in the one form; `field` is empty when it is about the whole."""

    code = "listing_malformed"

    field: str
    why: str

    def _sentence(self) -> str:
        where = f"Its {self.field}" if self.field else "It"
        return f"This is not a listing: {where[0].lower()}{where[1:]} {self.why}."


@dataclass(frozen=True, slots=True)
class SignedListing:
    """A listing and its seller's signature; empty for one that is stored on chain."""

    listing: Listing
    signature: bytes


def listing_to_json(signed: SignedListing) -> str:
    """Write a listing for transport; the same listing always gives the same text."""
    listing = signed.listing
    return json.dumps(
        {
            "seat": str(int(listing.seat)),
            "price": str(listing.price),
            "epoch": str(listing.epoch),
            "seller": listing.seller,
            "counter": str(listing.counter),
            "termsVersion": str(listing.terms_version),
            "taker": listing.taker,
            "expiry": str(listing.expiry),
            "signature": f"0x{signed.signature.hex()}",
        },
        separators=(",", ":"),
    )


def listing_from_json(text: str) -> SignedListing:
    """Read a listing from transport. Raises ListingMalformed."""
    found = _object(text)
    unknown, missing = sorted(set(found) - _FIELDS), sorted(_FIELDS - set(found))
    if unknown or missing:
        wrong = [f"lacks {', '.join(missing)}"] if missing else []
        wrong += [f"has an unknown {', '.join(unknown)[:100]}"] if unknown else []
        raise ListingMalformed("", " and ".join(wrong))
    return SignedListing(
        listing=Listing(
            seat=SeatId(_number(found, "seat")),
            price=Wei(_number(found, "price")),
            epoch=_number(found, "epoch"),
            seller=_address(found, "seller"),
            counter=_number(found, "counter"),
            terms_version=_number(found, "termsVersion"),
            taker=_address(found, "taker"),
            expiry=_number(found, "expiry"),
        ),
        signature=_octets(found, "signature"),
    )


def _object(text: str) -> Mapping[str, object]:
    if len(text) > MAX_TEXT:
        raise ListingMalformed("", f"is longer than {MAX_TEXT} characters")
    try:
        found = json.loads(text, object_pairs_hook=_without_duplicates)
    except (ValueError, RecursionError) as error:
        raise ListingMalformed("", "is not JSON") from error
    if not isinstance(found, dict):
        raise ListingMalformed("", "is not a JSON object")
    return found


def _without_duplicates(pairs: list[tuple[str, object]]) -> dict[str, object]:
    # Two readers may disagree which of two equal names counts.
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ListingMalformed("", "names a field twice")
    return found


def _text(found: Mapping[str, object], field: str) -> str:
    value = found[field]
    if not isinstance(value, str):
        raise ListingMalformed(field, "is not a string; numbers are decimal strings here")
    return value


def _number(found: Mapping[str, object], field: str) -> int:
    text = _text(found, field)
    if not _DECIMAL.fullmatch(text):
        raise ListingMalformed(field, "is not a decimal number without sign or leading zeros")
    value = int(text)
    if value > MAX_UINT256:
        raise ListingMalformed(field, "is beyond 256 bits")
    return value


def _address(found: Mapping[str, object], field: str) -> ChecksumAddress:
    text = _text(found, field)
    try:
        address = parse_address(text)
    except InvalidAddress as error:
        raise ListingMalformed(field, "is not an address") from error
    if address != text:
        raise ListingMalformed(field, "has no checksum; write the address in mixed case")
    return address


def _octets(found: Mapping[str, object], field: str) -> bytes:
    text = _text(found, field)
    if not _HEX.fullmatch(text) or len(text) > 2 + 2 * MAX_SIGNATURE_BYTES:
        raise ListingMalformed(field, "is not 0x and bytes in lower-case hexadecimal")
    return bytes.fromhex(text[2:])
