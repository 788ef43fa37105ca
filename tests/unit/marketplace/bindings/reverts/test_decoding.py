from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from eth_abi.abi import encode
from hypothesis import given
from hypothesis import strategies as st

from marketplace.bindings.reverts import (
    EmptyMint,
    ListingExpired,
    Panicked,
    RevertedSilently,
    RevertedUnknown,
    RevertedWithText,
    SoldOut,
    TermOutOfBounds,
    WalletLimit,
    declared_reverts,
    decode_revert,
    revert_entries,
)
from marketplace.domain.addresses import ZERO_ADDRESS
from marketplace.domain.ids import DropId, PhaseIndex

if TYPE_CHECKING:
    from marketplace.bindings.interface import Parameter

SAMPLES = {
    "uint256": 3,
    "uint8": 1,
    "bool": True,
    "address": "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC",
    "bytes4": bytes.fromhex("deadbeef"),
    "bytes32": b"endsAt".ljust(32, b"\0"),
}


def sample(parameter: Parameter) -> object:
    return SAMPLES[parameter.type]


@pytest.mark.parametrize("name", sorted(declared_reverts()))
def test_every_error_decodes_and_speaks(name: str) -> None:
    entry = revert_entries()[name]
    error = decode_revert(entry.encode_call([sample(one) for one in entry.inputs]))
    assert type(error) is declared_reverts()[name]
    assert error.sentence.endswith(".")
    assert "0x" not in error.sentence or entry.inputs
    assert str(error) == error.sentence


def test_times_and_amounts_are_written_for_people() -> None:
    expired = ListingExpired(expiry=1_800_000_000, time=1_800_000_001)
    assert "ended at 2027-01-15T08:00:00Z and it is 2027-01-15T08:00:01Z" in str(expired)


def test_a_term_is_named_as_in_python() -> None:
    error = TermOutOfBounds(b"refundUntil".ljust(32, b"\0"), 5, 0, 4)
    assert error.term == "refund_until"
    assert "The term refund_until is 5 (1970-01-01T00:00:05Z); it must lie" in str(error)


def test_a_term_that_is_a_time_is_told_as_a_date_too_and_no_other() -> None:
    late = TermOutOfBounds(b"deliverBy".ljust(32, b"\0"), 1_800_000_001, 0, 1_800_000_000)
    assert "is 1800000001 (2027-01-15T08:00:01Z); it must lie between 0 and" in str(late)
    assert "and 1800000000 (2027-01-15T08:00:00Z). Change it" in str(late)
    toll = TermOutOfBounds(b"toll".ljust(32, b"\0"), 2_001, 0, 2_000)
    assert "The term toll is 2001; it must lie between 0 and 2000. Change it" in str(toll)


def test_a_wallet_limit_says_how_many_more_may_be_minted() -> None:
    assert "asked for 2 more: ask for 1 at most." in str(WalletLimit(ZERO_ADDRESS, 1, 2, 2))
    assert "look for another phase, or a resale." in str(WalletLimit(ZERO_ADDRESS, 2, 1, 2))


def test_a_sentence_fits_the_case() -> None:
    none_left = SoldOut(DropId(7), PhaseIndex(0), 3, 0)
    one_left = SoldOut(DropId(7), PhaseIndex(0), 3, 1)
    assert "is sold out" in str(none_left)
    assert "ask for at least one" in str(EmptyMint(0, ZERO_ADDRESS))
    assert "belong to nobody" in str(EmptyMint(1, ZERO_ADDRESS))
    assert "has 1 seat left, not 3" in str(one_left)


def test_soliditys_own_errors_decode() -> None:
    panic = bytes.fromhex("4e487b71") + encode(["uint256"], [0x11])
    text = bytes.fromhex("08c379a0") + encode(["string"], ["no"])
    assert decode_revert(panic) == Panicked(0x11)
    assert decode_revert(text) == RevertedWithText("no")
    assert "panic 0x77" in str(Panicked(0x77))


def test_silence_keeps_what_the_node_said() -> None:
    assert decode_revert(b"", "out of gas") == RevertedSilently("out of gas")


@pytest.mark.parametrize(
    "data",
    [
        b"\x01",
        b"\xde\xad\xbe\xef",
        revert_entries()["SeatMarket_Granted"].selector,
        revert_entries()["SeatDrops_NotLive"].selector + encode(["uint256", "uint256"], [1, 99]),
        bytes.fromhex("08c379a0") + b"\xff" * 64,
        bytes.fromhex("08c379a0") + encode(["bytes"], [b"\xff"]),
        bytes.fromhex("4e487b71"),
    ],
)
def test_bytes_that_do_not_decode_stay_bytes(data: bytes) -> None:
    assert decode_revert(data) == RevertedUnknown(data)


@given(st.binary(max_size=200))
def test_no_bytes_break_the_decoder(data: bytes) -> None:
    assert decode_revert(data).sentence


@given(st.sampled_from(sorted(declared_reverts())), st.binary(max_size=160))
def test_no_arguments_break_the_decoder(name: str, arguments: bytes) -> None:
    assert decode_revert(revert_entries()[name].selector + arguments).sentence
