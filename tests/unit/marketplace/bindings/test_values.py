# Annotations are evaluated: the code under test reads them.

from dataclasses import dataclass

import pytest

from marketplace.bindings.values import ValueUnexpected, build
from marketplace.domain.addresses import ChecksumAddress
from marketplace.domain.drop import DropState
from marketplace.domain.ids import SeatId
from marketplace.domain.money import Wei


@dataclass(frozen=True)
class Everything:
    """One field of each kind that an ABI value becomes."""

    account: ChecksumAddress
    amount: Wei
    seat: SeatId
    state: DropState
    done: bool
    name: str
    digest: bytes
    words: tuple[bytes, ...]


GOOD = ("0x" + "ab" * 20, 5, 7_200_013, 1, True, "a", b"d", (b"w",))


def test_decoded_values_become_typed_fields() -> None:
    built = build(Everything, GOOD)
    assert built.account.lower() == GOOD[0]
    assert built.account != GOOD[0]
    assert (built.seat.tier, built.state) == (2, DropState.LIVE)
    assert built.words == (b"w",)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (0, "0xab"),
        (0, 5),
        (1, "5"),
        (1, True),
        (2, -1),
        (3, 10),
        (4, 1),
        (5, b"a"),
        (6, "d"),
        (7, b"w"),
        (7, ("w",)),
    ],
)
def test_a_value_of_another_kind_is_refused(place: int, value: object) -> None:
    values = (*GOOD[:place], value, *GOOD[place + 1 :])
    with pytest.raises(ValueUnexpected, match=r"Everything\."):
        build(Everything, values)


def test_another_number_of_values_is_refused() -> None:
    with pytest.raises(ValueUnexpected, match="7 values"):
        build(Everything, GOOD[:7])
