from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from marketplace.domain.addresses import ChecksumAddress
from marketplace.domain.drop import DropState
from marketplace.domain.money import Wei
from marketplace.orders.advice import refund_value, warnings_for_buyer, warnings_for_seller
from tests.unit.marketplace.orders.test_judging import FACTS, LISTING, NOW, listed, seat, terms

if TYPE_CHECKING:
    from marketplace.orders.judging import SaleFacts


def names_for_seller(price: int, facts: SaleFacts, now: int = NOW) -> list[str]:
    return [one.name for one in warnings_for_seller(listed(price=Wei(price)), facts, now)]


def names_for_buyer(price: int, facts: SaleFacts, now: int = NOW) -> list[str]:
    return [one.name for one in warnings_for_buyer(listed(price=Wei(price)), facts, now)]


@pytest.mark.parametrize(
    ("price", "expected"),
    [
        # The royalty is a tenth, and at least 100; a refund gives 900 of the 1,000 of the face.
        (1_112, []),
        (1_111, []),
        (1_110, ["below_face"]),
        (1_000, ["below_face"]),
        (999, ["below_face", "below_refund"]),
    ],
)
def test_a_seller_is_warned_below_the_face_and_below_the_refund(
    price: int, expected: list[str]
) -> None:
    assert names_for_seller(price, FACTS) == expected


def test_a_seller_is_told_what_would_be_received_and_what_was_paid() -> None:
    warned = warnings_for_seller(listed(price=Wei(10**15)), seat(face=Wei(10**16)), NOW)
    assert "receive 0.0009 ETH" in warned[0].sentence
    assert "0.01 ETH was paid" in warned[0].sentence
    assert "give back 0.009 ETH" in warned[1].sentence


def test_of_a_drop_in_an_erc20_nobody_speaks_of_ether() -> None:
    coin = ChecksumAddress("0x5FbDB2315678afecb367f032d93F642f64180aa3")
    paid = terms(currency=coin)
    for warned in (
        *warnings_for_seller(listed(price=Wei(100)), paid, NOW),
        *warnings_for_buyer(listed(price=Wei(10**6)), paid, NOW),
    ):
        assert f"units of {coin}" in warned.sentence
        assert "ETH" not in warned.sentence
    assert len(warnings_for_seller(listed(price=Wei(100)), paid, NOW)) == 2


@pytest.mark.parametrize(
    ("facts", "now"),
    [
        (FACTS, FACTS.terms.refund_until + 1),
        (terms(state=DropState.ASSERTED), NOW),
        (seat(locked=True), NOW),
    ],
)
def test_nothing_is_refunded_after_the_window_after_delivery_or_after_check_in(
    facts: SaleFacts, now: int
) -> None:
    assert refund_value(FACTS, FACTS.terms.refund_until) == 900
    assert refund_value(facts, now) == 0


def test_a_seller_is_told_when_trading_ends_before_the_listing_does() -> None:
    early = terms(deliver_by=LISTING.expiry - 1)
    assert names_for_seller(1_200, early) == ["ends_early"]
    assert names_for_seller(1_200, terms(deliver_by=LISTING.expiry)) == []
    assert names_for_seller(1_200, replace_state(early, DropState.SETTLED)) == []


def test_a_buyer_is_warned_of_what_a_failure_would_not_give_back() -> None:
    # The face, and every royalty: this sale's own of a tenth as well.
    assert names_for_buyer(1_111, FACTS) == []
    assert names_for_buyer(1_112, FACTS) == ["above_refund"]
    assert names_for_buyer(1_112, seat(held=Wei(1))) == []


def test_a_buyer_is_told_that_the_refund_window_is_over_or_the_drop_is() -> None:
    assert names_for_buyer(1_000, FACTS, FACTS.terms.refund_until) == []
    assert names_for_buyer(1_000, FACTS, FACTS.terms.refund_until + 1) == ["refund_window_over"]
    assert names_for_buyer(1_000, terms(state=DropState.SETTLED)) == ["no_longer_live"]


def replace_state(facts: SaleFacts, state: DropState) -> SaleFacts:
    return replace(facts, terms=replace(facts.terms, state=state))
