from __future__ import annotations

from dataclasses import fields

import pytest

from marketplace.bindings import wire
from marketplace.bindings.artifacts import load
from marketplace.bindings.names import snake_name
from marketplace.domain.drop import DropTerms, MintRequest, PhaseTerms, TierTerms
from marketplace.domain.listing import Listing
from marketplace.domain.offer import SeatOffer, TierOffer

STRUCTS = {
    "struct DropTerms": (DropTerms, wire.terms_tuple),
    "struct TierTerms": (TierTerms, wire.tier_tuple),
    "struct PhaseTerms": (PhaseTerms, wire.phase_tuple),
    "struct MintRequest": (MintRequest, wire.mint_tuple),
    "struct Listing": (Listing, wire.listing_tuple),
    "struct SeatOffer": (SeatOffer, wire.seat_offer_tuple),
    "struct TierOffer": (TierOffer, wire.tier_offer_tuple),
}


class Named:
    """Answers each attribute with its own name, which shows the order it is asked in."""

    def __getattr__(self, name: str) -> str:
        return name


def members() -> dict[str, list[str]]:
    """The members of every struct that a function takes, as the ABI has them."""
    found: dict[str, list[str]] = {}
    for element in load("Seats").abi:
        for given in element.get("inputs", ()) if element["type"] == "function" else ():
            if given["type"].startswith("tuple"):
                kind = str(dict(given)["internalType"]).removesuffix("[]")
                found[kind] = [snake_name(one["name"]) for one in given["components"]]
    return found


def test_every_struct_that_is_sent_has_a_tuple() -> None:
    assert set(members()) == set(STRUCTS)


@pytest.mark.parametrize("struct", sorted(STRUCTS))
def test_members_are_sent_in_the_contracts_order(struct: str) -> None:
    cls, to_tuple = STRUCTS[struct]
    assert list(to_tuple(Named())) == members()[struct]  # type: ignore[operator] # it stands for the dataclass
    assert sorted(field.name for field in fields(cls)) == sorted(members()[struct])
