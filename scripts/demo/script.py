"""Owns what is played: who plays whom, which launch files, how many seats, which workshop.

The demo plays the examples as they are. The smoke run plays variations of them: a seed decides the
cast and the numbers, price and royalty are put into the files' text, and the files go through the
same reader as any mentor's.

Refuses to play: `scripts.demo.story` does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final

from scripts.demo.recording import RECORDING, recording

if TYPE_CHECKING:
    from collections.abc import Sequence

    from marketplace.domain.money import Bps, Wei

EXAMPLES: Final = Path(__file__).parents[1] / "examples"
EVENING_FILE: Final = "drop-session.toml"
COHORT_FILE: Final = "sprint-cohort.toml"
MENTOR: Final = "mentor"
PEOPLE: Final = ("ada", "bo", "cleo", "dan", "eve")
"""Accounts that have no part in the terms of the examples."""
WORKSHOPS: Final = (1, 3)
"""The cohort's sessions that every tier opens, by number."""
_MOST_EACH: Final = 2
"""What the examples allow per wallet in the phases that are played."""
_MOST_TOLL_BPS: Final = 200


@dataclass(frozen=True, slots=True)
class Text:
    """A launch file's text; `name` is what messages call it."""

    name: str
    octets: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """What is played.

    Attributes:
        seller: Mints a cohort seat and sells it.
        buyer: Mints seats of the evening, and buys the cohort seat that is for sale.
        keeper: Mints cohort seats and keeps them.
        stranger: Holds nothing.
        session: The number of the cohort's workshop at whose door people stand.
        recording: The bytes that the mentor uploads.
        encore: Whether the evening is launched once more at the end, so that its seats are on sale.
    """

    seller: str
    buyer: str
    keeper: str
    stranger: str
    evening: Text
    cohort: Text
    evening_seats: int
    keeper_seats: int
    session: int
    recording: bytes
    encore: bool


def demo_script() -> Script:
    """The examples as they are, played by the first names."""
    seller, buyer, keeper, _, stranger = PEOPLE
    return Script(
        seller=seller,
        buyer=buyer,
        keeper=keeper,
        stranger=stranger,
        evening=_example(EVENING_FILE),
        cohort=_example(COHORT_FILE),
        evening_seats=1,
        keeper_seats=1,
        session=WORKSHOPS[0],
        recording=RECORDING.read_bytes(),
        encore=True,
    )


def smoke_script(seed: int, price: Wei, royalty: Bps) -> Script:
    """A variation: the same seed gives the same one.

    Args:
        seed: Any whole number.
        price: What every seat costs, in wei; the reader judges it.
        royalty: The mentor's share of a resale; the reader judges it.
    """
    chance = _Chance(seed)
    seller, buyer, keeper, stranger, _ = chance.shuffled(PEOPLE)
    return Script(
        seller=seller,
        buyer=buyer,
        keeper=keeper,
        stranger=stranger,
        evening=_varied(EVENING_FILE, price, royalty),
        cohort=_varied(COHORT_FILE, price, royalty),
        evening_seats=1 + chance.below(_MOST_EACH),
        keeper_seats=1 + chance.below(_MOST_EACH),
        session=WORKSHOPS[chance.below(len(WORKSHOPS))],
        recording=recording(seed),
        encore=False,
    )


def varied_text(text: str, price: Wei, royalty: Bps) -> str:
    """A launch file's text with this price for every seat, and this royalty.

    The toll is lowered with the royalty: a resale pays whichever is more.
    """
    toll = max(0, min(_MOST_TOLL_BPS, royalty // 2))
    text = re.sub(r'(?m)^price = ".*"$', f'price = "{_places(price, 18)}"', text)
    text = re.sub(r'(?m)^royalty = ".*"$', f'royalty = "{_places(royalty, 2)}%"', text)
    return re.sub(r'(?m)^toll = ".*"$', f'toll = "{_places(toll, 2)}%"', text)


class _Chance:
    """Numbers that a seed decides, on every machine alike."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._drawn = 0

    def below(self, limit: int) -> int:
        """A number from 0 to `limit` - 1."""
        self._drawn += 1
        drawn = sha256(f"{self._seed}/{self._drawn}".encode()).digest()
        return int.from_bytes(drawn, "big") % limit

    def shuffled(self, names: Sequence[str]) -> list[str]:
        """The names in another order."""
        left = list(names)
        return [left.pop(self.below(len(left))) for _ in names]


def _example(name: str) -> Text:
    path = EXAMPLES / name
    return Text(name, path.read_bytes())


def _varied(name: str, price: Wei, royalty: Bps) -> Text:
    text = varied_text((EXAMPLES / name).read_text("utf-8"), price, royalty)
    called = f"{name} with a price of {price} wei and a royalty of {royalty} basis points"
    return Text(called, text.encode())


def _places(amount: int, places: int) -> str:
    """A number of smallest units as a decimal with so many places."""
    whole, rest = divmod(abs(amount), 10**places)
    return f"{'-' if amount < 0 else ''}{whole}.{rest:0{places}d}"
