"""Which tests are asked about a mutant, and in which order.

Owns the rooms of the tests that belong to a source. The order decides how soon a mutant is killed,
never whether: the last selections hold every test but those of gas.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Final

TESTS: Final = "tests/contracts"
EVERYTHING: Final = ("--no-match-path", f"{TESTS}/{{gas,invariants}}/*")
HISTORIES: Final = ("--match-path", f"{TESTS}/invariants/*")

_MOST: Final = 3
_ROOMS: Final = {
    "contracts/Seats": ("platform", "escrow"),
    "contracts/rooms/SeatMarket.sol": ("market",),
    "contracts/rooms/SeatDrops.sol": ("drops",),
    "contracts/rooms/SeatEscrow.sol": ("escrow",),
    "contracts/rooms/": ("token",),
    "contracts/extension/SeatOffers.sol": ("market",),
    "contracts/extension/SeatBaskets.sol": ("market",),
    "contracts/extension/SeatPlatform.sol": ("platform",),
    "contracts/extension/SeatStandards.sol": ("token",),
    "contracts/extension/SeatSteering.sol": ("steering",),
    "contracts/extension/": ("delivery",),
    "contracts/libraries/Payments.sol": ("escrow", "market"),
    "contracts/libraries/Trading.sol": ("market",),
    "contracts/libraries/Signatures.sol": ("market",),
    "contracts/libraries/Platform.sol": ("platform",),
    "contracts/libraries/Escrow.sol": ("delivery", "token"),
    "contracts/libraries/SeatViews.sol": ("token", "delivery"),
    "contracts/libraries/SaleMath.sol": ("types", "market"),
    "contracts/libraries/": ("drops",),
    "contracts/types/": ("types", "drops"),
}


def rooms_of(source: str) -> tuple[str, ...]:
    """The folders of the tests that know most about `source`."""
    for place, rooms in _ROOMS.items():
        if source.startswith(place):
            return rooms
    return ()


class Order:
    """What to ask about mutants of a source, which learns who has killed some before."""

    def __init__(self) -> None:
        self._killers: dict[str, Counter[str]] = defaultdict(Counter)

    def note(self, source: str, test_file: str) -> None:
        """A mutant of `source` was killed by `test_file`."""
        if test_file.startswith(TESTS):
            self._killers[source][test_file] += 1

    def selections(self, source: str) -> list[tuple[str, str]]:
        """Arguments for forge, one pair for each run."""
        found: list[tuple[str, str]] = []
        known = [name for name, _ in self._killers[source].most_common(_MOST)]
        if known:
            found.append(("--match-path", _either(known)))
        rooms = rooms_of(source)
        if rooms:
            found.append(("--match-path", _either([f"{TESTS}/{room}/*" for room in rooms])))
        return [*found, EVERYTHING, HISTORIES]


def _either(names: list[str]) -> str:
    if len(names) == 1:
        return names[0]
    return f"{TESTS}/{{{','.join(name.removeprefix(f'{TESTS}/') for name in names)}}}"
