from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from api.market.restriction import COURTESY
from marketplace.client.errors import AccessDenied, ApiRefused, SignInRequired
from marketplace.client.offering import SeatAim
from marketplace.domain.ids import DropId, PhaseIndex, SeatId, TierIndex
from marketplace.domain.money import Wei
from tests.integration.api.client.people import WalletSigner, signer
from tests.integration.api.live import COHORT, SESSION
from tests.integration.api.ordering import enrich, seat_of
from tests.integration.api.trading import FACE
from tests.integration.api.wallets import owned_wallet

if TYPE_CHECKING:
    from marketplace.client.answers.chain import Level
    from marketplace.domain.addresses import ChecksumAddress
    from tests.integration.api.client.people import People

ADA, BO, CLEO = (signer(name).address for name in ("ada", "bo", "cleo"))
FINNEY = 10**15
WEEK = 7 * 86_400


def minted(people: People, name: str = "ada", drop: DropId = SESSION) -> SeatId:
    """One seat of a drop's first phase for a named account, bought through the API."""
    account = signer(name).address
    people.send(name, people(name).prepare_mint(account, drop, PhaseIndex(0)))
    (seat,) = [one for one in people(name).my_seats().seats if one.drop == drop]
    return seat.seat


def test_a_minted_seat_is_its_buyers(people: People) -> None:
    mint = people.nobody().prepare_mint(ADA, SESSION, PhaseIndex(0), quantity=2, most=Wei(10**18))
    assert (mint.value, mint.answer.total_wei) == (80 * FINNEY, 80 * FINNEY)
    mined = people.send("ada", mint)
    page = people("ada").my_seats()
    assert [one.seat for one in page.seats] == [SeatId(1_000_001), SeatId(1_000_002)]
    assert page.as_of_block == mined.block_number
    assert page.block_hash == f"0x{mined.block_hash.hex()}"
    seat = people.nobody().seat(page.seats[0].seat)
    assert (seat.owner, seat.face_wei, seat.tier) == (ADA, 40 * FINNEY, TierIndex(0))


def test_a_signed_listing_is_bought_and_its_history_is_kept(people: People) -> None:
    seat = minted(people)
    offered = people("ada").sign_and_list(signer("ada"), seat, Wei(50 * FINNEY), expires_in_s=WEEK)
    assert (offered.seat, offered.price_wei, offered.stored) == (seat, 50 * FINNEY, False)
    again = people("ada").listing(offered.listing)
    assert again == offered
    (shown,) = people("bo").listings(SESSION).listings
    assert shown.listing == offered.listing
    buy = people("bo").prepare_buy(BO, offered.listing, most=Wei(50 * FINNEY))
    assert (buy.value, buy.answer.royalty_wei) == (50 * FINNEY, 5 * FINNEY)
    mined = people.send("bo", buy)
    history = people.nobody().history(seat)
    assert [(one.owner, one.how) for one in history.owners] == [(ADA, "mint"), (BO, "sale")]
    assert [(one.price_wei, one.block_number) for one in history.sales] == [
        (50 * FINNEY, mined.block_number)
    ]
    assert people("bo").listings(SESSION).listings == ()
    before = mined.block_number - 1
    assert people.nobody().seat(seat, block=before).owner == ADA
    assert [one.owner for one in people.nobody().history(seat, block=before).owners] == [ADA]
    assert [one.owner for one in people.nobody().seats(SESSION, block=before).seats] == [ADA]


def test_whose_seats_were_is_told_as_of_a_level(people: People) -> None:
    seat = minted(people)
    for _ in range(4):
        people.live.market.steering.travel(people.live.market.now + 12)
    people.live.mirror()
    offered = people("ada").sign_and_list(signer("ada"), seat, Wei(50 * FINNEY), expires_in_s=WEEK)
    people.send("bo", people("bo").prepare_buy(BO, offered.listing))
    api = people.nobody()
    levels: dict[Level, list[ChecksumAddress]] = {
        "latest": [ADA, BO],
        "safe": [ADA],
        "finalized": [ADA],
    }
    for level, owners in levels.items():
        assert api.seat(seat, level=level).owner == owners[-1]
        assert [one.owner for one in api.history(seat, level=level).owners] == owners
        (shown,) = api.seats(SESSION, level=level).seats
        assert shown.owner == owners[-1]
    for ask in (api.history, api.seat):
        with pytest.raises(ApiRefused) as refused:
            ask(seat, level="safe", block=1)
        assert refused.value.problem.code == "invalid_request"


def test_a_contract_wallet_signs_in_sells_and_offers(people: People) -> None:
    live, account = people.live, owned_wallet(people.live, "ada")
    owner = WalletSigner(account.at, signer("ada"))
    seat, bos = seat_of(live, account.at), minted(people, "bo")
    enrich(live, account.at)
    client = people.nobody()
    client.sign_in(owner)
    listed = client.sign_and_list(owner, seat, Wei(45 * FINNEY), expires_in_s=WEEK)
    assert (listed.seller, listed.signer) == (account.at, "wallet")
    assert listed.wallet_asked_at is not None
    assert people("bo").listings(SESSION).listings[0].signer == "wallet"
    people.send("bo", people("bo").prepare_buy(BO, listed.listing))
    assert people.nobody().seat(seat).owner == BO
    made = client.sign_and_offer(owner, SeatAim(seat=bos), Wei(FACE), expires_in_s=WEEK)
    assert (made.buyer, made.signer) == (account.at, "wallet")
    assert people("bo").offers(SESSION, seat=bos).offers[0].wallet_asked_at == made.wallet_asked_at


def test_a_listing_for_one_buyer_names_its_taker(people: People) -> None:
    seat = minted(people)
    offered = people("ada").sign_and_list(
        signer("ada"), seat, Wei(50 * FINNEY), expires_in_s=WEEK, taker=BO
    )
    assert offered.taker == BO
    with pytest.raises(ApiRefused) as refused:
        people("cleo").prepare_buy(CLEO, offered.listing)
    assert refused.value.problem.code == "not_found"
    people.send("bo", people("bo").prepare_buy(BO, offered.listing))
    assert people.nobody().seat(seat).owner == BO


def test_a_stored_listing_is_bought_and_cancelled(people: People) -> None:
    first, second = minted(people), minted(people, "bo")
    for name, seat in (("ada", first), ("bo", second)):
        account = signer(name).address
        listed = people(name).prepare_list(account, seat, Wei(45 * FINNEY), expires_in_s=WEEK)
        people.send(name, listed)
    offers = people("cleo").listings(SESSION).listings
    assert [(one.seat, one.stored) for one in offers] == [(first, True), (second, True)]
    people.send("bo", people("bo").prepare_cancel(BO, second))
    (left,) = people("cleo").listings(SESSION).listings
    people.send("cleo", people("cleo").prepare_buy(CLEO, left.listing))
    assert people.nobody().seat(first).owner == CLEO
    assert people("cleo").listings(SESSION).listings == ()


def test_offers_of_a_cohort_are_for_its_audience(people: People) -> None:
    seat = minted(people, drop=COHORT)
    offered = people("ada").sign_and_list(signer("ada"), seat, Wei(150 * FINNEY), expires_in_s=WEEK)
    with pytest.raises(AccessDenied) as denied:
        people("bo").listings(COHORT)
    decision = denied.value.problem.decision
    assert decision is not None
    assert (decision.allow, decision.reason) == (False, "no_seat")
    assert decision.remedy is not None
    assert decision.remedy.name == "buy_seat"
    minted(people, "bo", SESSION)
    page = people("bo").listings(COHORT)
    assert [one.listing for one in page.listings] == [offered.listing]
    assert page.decision.via == "seat"
    assert page.courtesy == people("bo").offers(COHORT).courtesy == COURTESY
    assert people("bo").listings(SESSION).courtesy is None
    stored = people("ada").prepare_list(ADA, seat, Wei(150 * FINNEY), expires_in_s=WEEK)
    assert "audience_is_a_courtesy" in [one.name for one in stored.answer.warnings]
    assert people.send("bo", people("bo").prepare_buy(BO, offered.listing)).gas_used


def test_my_seats_are_for_who_is_signed_in(people: People) -> None:
    with pytest.raises(SignInRequired):
        people.nobody().my_seats()


def test_pages_follow_one_another(people: People) -> None:
    people.send("ada", people("ada").prepare_mint(ADA, SESSION, PhaseIndex(0), quantity=2))
    first = people.nobody().seats(SESSION, limit=1)
    assert first.next is not None
    second = people.nobody().seats(SESSION, after=first.next, limit=1)
    assert [one.number for one in (*first.seats, *second.seats)] == [1, 2]
    assert second.next is None
    drops = people.nobody().drops(limit=1)
    assert [one.drop for one in drops.drops] == [SESSION]
    assert [one.drop for one in people.nobody().drops(after=drops.next).drops] == [COHORT]
