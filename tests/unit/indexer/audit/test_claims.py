from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from indexer.audit.claims import Things, about_everything, things_about, things_named
from indexer.decoding import Entry
from indexer.folds.folding import Occurrence
from indexer.rpc.values import RawLog
from marketplace.bindings import events
from marketplace.domain.addresses import ETH, ChecksumAddress
from marketplace.domain.ids import DropId, SeatId
from marketplace.domain.money import Wei

if TYPE_CHECKING:
    from indexer.folds.folding import AnyEvent

SEATS = ChecksumAddress("0x9fE46736679d2D9a65F0992F2272dE9f3c7fa6e0")
ADA = ChecksumAddress("0x90F79bf6EB2c4f870365E785982E1f101E93b906")
BEYOND = SeatId(2**200 + 1)


def named(*given: AnyEvent) -> Things:
    """What some events of the market name."""
    word = "0x" + "ab" * 32
    log = RawLog(
        address=SEATS,
        topics=(),
        data=b"",
        block_number=1,
        block_hash=word,
        tx_hash=word,
        tx_index=0,
        log_index=0,
    )
    entries = [Entry(log, "", "{}", Occurrence(one, 1, word, 2, word, 0)) for one in given]
    return things_named(entries, SEATS)


def test_seats_drops_and_credits_are_named() -> None:
    seat = SeatId(7_000_001)
    found = named(events.Transfer(ADA, ADA, seat), events.Credited(ADA, ETH, Wei(1)))
    assert found == Things({seat}, {DropId(7)}, {(ADA, ETH)})


def test_what_a_buyer_asked_for_names_nothing() -> None:
    assert named(*(events.ListingSkipped(one, b"1234") for one in (BEYOND, SeatId(7)))) == Things()


def test_no_mirror_is_asked_for_what_none_can_hold() -> None:
    assert named(events.Transfer(ADA, ADA, BEYOND), events.DropCancelled(DropId(2**63))) == Things()
    largest = SeatId(2**63 - 1)
    assert named(events.Transfer(ADA, ADA, largest)).seats == {largest}


@pytest.mark.parametrize(
    ("about", "things"),
    [
        ({"seat": "7000001"}, Things(seats={SeatId(7_000_001)})),
        ({"drop": "7"}, Things(drops={DropId(7)})),
        ({"account": ADA, "currency": ETH}, Things(credits={(ADA, ETH)})),
    ],
)
def test_what_a_claim_was_about_can_be_asked_for_again(
    about: dict[str, str], things: Things
) -> None:
    assert things_about(about) == things
    assert not about_everything(about)


def test_what_the_contract_has_is_about_everything() -> None:
    assert about_everything({"currency": ETH})
    assert not about_everything({})
