"""Offers: signed, kept while they live, accepted on a real chain."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import func, select, update

from api.offers.book import digest_text
from api.offers.values import BookOffer
from api.offers.writes import MAX_PER_BUYER, keep
from api.store.tables import offers as kept_offers
from indexer.queries import drop_terms
from marketplace.bindings.addresses import checksum_address
from marketplace.bindings.currency import Currency
from marketplace.domain.money import Wei
from marketplace.domain.offer import SeatOffer
from marketplace.storage.transactions import reading, writing
from tests.integration.api.attending import statements
from tests.integration.api.live import SESSION
from tests.integration.api.offering import (
    ask_to_offer,
    fund,
    offer_for,
    offer_ids,
    offers,
    prepared_offer,
    signed_offer,
)
from tests.integration.api.preparing import approve, ask, done, other_spelling, prepared
from tests.integration.api.trading import FACE, market_of_two, members, refusal, send
from tests.integration.marketplace.world import address_of

if TYPE_CHECKING:
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.ids import SeatId
    from tests.integration.api.live import Live

NET = FACE - FACE // 10


def cause_of_death(live: Live, offer: str, owner: str = "ada") -> str | None:
    """What the mirror says of a dead offer, which the contract says too."""
    told = refusal(live.api.get(f"/v1/offers/{offer}"))
    assert told[:2] == (409, "offer_dead")
    assert refusal(ask(live, owner, "accept-offer", offer=offer))[2] == told[2]
    return told[2]


def test_an_offer_for_a_seat_is_made_shown_and_accepted(live: Live) -> None:
    adas, _ = market_of_two(live)
    first = ask_to_offer(live, "cleo", seat=str(adas))
    assert refusal(first) == (409, "rule_violated", "not_enough_currency")
    done(live, "cleo", "wrap", amount_wei=str(FACE))
    unallowed = ask_to_offer(live, "cleo", seat=str(adas))
    assert refusal(unallowed) == (409, "allowance_missing", None)
    approve(live, "cleo", unallowed.json())
    live.mirror()

    asked = prepared_offer(live, "cleo", seat=str(adas))
    wrapped = Currency(live.market.web3, live.market.contract.wrapped_ether())
    assert (asked["currency"], asked["price_wei"]) == (wrapped.address, str(FACE))
    assert asked["typed_data"]["types"]["SeatOffer"][0] == {"name": "seat", "type": "uint256"}
    body = signed_offer(asked, "cleo")
    made = members(live.api.post("/v1/offers", json=body), 201)
    assert made["offer"] == asked["id"]
    assert members(live.api.post("/v1/offers", json=body), 200) == made
    page = offers(live, SESSION)
    assert page["offers"][0]["seller_net_wei"] == str(NET)
    assert members(live.api.get(f"/v1/offers/{made['offer']}")) == made

    sale = prepared(live, "ada", "accept-offer", offer=made["offer"])
    assert sale["gets"] == [{"amount": str(NET), "currency": wrapped.address}]
    assert (sale["royalty_wei"], sale["seller_net_wei"]) == (str(FACE // 10), str(NET))
    assert [one["name"] for one in sale["warnings"]] == ["below_face", "below_refund"]
    send(live, "ada", sale)
    assert wrapped.balance_of(address_of("ada")) == NET
    live.mirror()
    assert offers(live, SESSION)["offers"] == []
    gone = live.api.get(f"/v1/offers/{made['offer']}")
    assert refusal(gone) == (409, "offer_dead", "seat_market_epoch_passed")


def test_an_offer_for_a_tier_is_taken_by_whoever_owns_a_seat_of_it(live: Live) -> None:
    adas, bos = market_of_two(live)
    made = offer_for(live, "cleo", drop=SESSION, tier=0)
    assert (made["seat"], made["least_face_wei"]) == (None, "0")
    for seat in (adas, bos):
        assert offer_ids(offers(live, SESSION, seat=int(seat))) == [made["offer"]]
    unnamed = ask(live, "bo", "accept-offer", offer=made["offer"])
    assert refusal(unnamed) == (422, "invalid_request", None)
    other = ask(live, "bo", "accept-offer", offer=made["offer"], seat=str(adas))
    assert refusal(other) == (409, "contract_reverted", "seat_market_seller_not_owner")
    done(live, "bo", "accept-offer", offer=made["offer"], seat=str(bos))
    assert live.market.contract.owner_of(bos) == address_of("cleo")
    live.mirror()
    gone = live.api.get(f"/v1/offers/{made['offer']}")
    assert refusal(gone) == (409, "offer_dead", "seat_market_offer_spent")


def test_an_offer_dies_at_once_and_lives_again_by_a_reorganisation(live: Live) -> None:
    adas, _ = market_of_two(live)
    made = offer_for(live, "cleo", seat=str(adas))
    ids = [made["offer"]]
    assert offer_ids(offers(live, SESSION)) == ids
    nonce = int(made["message"]["nonce"])
    live.market.send("cleo", live.market.contract.cancel_offer(nonce))
    live.mirror()
    assert offer_ids(offers(live, SESSION)) == []
    assert cause_of_death(live, ids[0]) == "seat_market_offer_spent"
    live.reorganise(1, 2)
    live.mirror()
    assert offer_ids(offers(live, SESSION)) == ids
    live.market.send("cleo", live.market.contract.bump_counter())
    live.mirror()
    assert cause_of_death(live, ids[0]) == "seat_market_counter_passed"
    live.reorganise(1, 2)
    live.mirror()
    live.resell(adas, "ada", "bo")
    live.mirror()
    assert cause_of_death(live, ids[0], "bo") == "seat_market_epoch_passed"
    live.reorganise(1, 2)
    live.mirror()
    live.market.steering.travel(live.market.now + 3_700)
    live.mirror()
    assert offer_ids(offers(live, SESSION)) == []


def test_what_could_not_be_taken_is_not_kept(live: Live) -> None:
    adas, _ = market_of_two(live)
    fund(live, "cleo")
    live.mirror()
    body = signed_offer(prepared_offer(live, "cleo", seat=str(adas)), "cleo")

    forged = body | {"offer": body["offer"] | {"price": str(FACE - 1)}}
    short = body | {"signature": body["signature"][:-2]}
    long = body | {"signature": body["signature"] + "00"}
    high = body | {"signature": other_spelling(body["signature"])}
    for sent, cause in (
        (forged, "offer_signature_wrong"),
        (short, "offer_signature_malformed"),
        (high, "offer_signature_malformed"),
        (long, "no_contract"),
    ):
        refused = live.api.post("/v1/offers", json=sent)
        assert refusal(refused) == (422, "offer_signature_refused", cause)
    wrapped = Currency(live.market.web3, live.market.contract.wrapped_ether())
    live.market.send("cleo", wrapped.approve(live.market.contract.address, Wei(FACE - 1)))
    live.mirror()
    unpaid = live.api.post("/v1/offers", json=body)
    assert refusal(unpaid) == (409, "allowance_missing", None)
    live.market.send("cleo", live.market.contract.cancel_offer(int(body["offer"]["nonce"])))
    live.mirror()
    spent = live.api.post("/v1/offers", json=body)
    assert refusal(spent) == (409, "offer_dead", "seat_market_offer_spent")
    dear = ask_to_offer(live, "cleo", 2 * FACE, seat=str(adas))
    assert refusal(dear) == (409, "offer_dead", "seat_market_price_out_of_bounds")
    beyond = ask_to_offer(live, "cleo", drop=SESSION, tier=0, least_face_wei=str(FACE * 100))
    assert refusal(beyond) == (409, "offer_dead", "seat_market_face_too_low")
    both = ask_to_offer(live, "cleo", seat=str(adas), tier=0)
    assert refusal(both) == (422, "invalid_request", None)
    with reading(live.parts.store) as connection:
        assert connection.scalar(select(func.count()).select_from(kept_offers)) == 0


def test_a_buyer_who_can_no_longer_pay_is_found_before_the_owner_signs(live: Live) -> None:
    adas, _ = market_of_two(live)
    made = offer_for(live, "cleo", seat=str(adas))
    wrapped = Currency(live.market.web3, live.market.contract.wrapped_ether())
    live.market.send("cleo", wrapped.approve(live.market.contract.address, Wei(0)))
    refused = ask(live, "ada", "accept-offer", offer=made["offer"])
    assert refusal(refused) == (409, "contract_reverted", "seat_escrow_payment_missing")


def test_a_sale_that_has_become_too_late_since_the_newest_block_is_not_prepared(
    live: Live,
) -> None:
    adas, _ = market_of_two(live)
    ends = live.files[SESSION].drop.terms.ends_at
    live.market.steering.travel(ends - 10)
    # The offer would end 59 minutes later than offers for the drop.
    made = offer_for(live, "cleo", seat=str(adas))
    left = ends - live.market.now
    live.clock.forward(left)
    live.mirror()
    sale = prepared(live, "ada", "accept-offer", offer=made["offer"])
    assert datetime.fromisoformat(sale["expires_at"]).timestamp() == ends
    live.clock.forward(1)
    live.mirror()
    late = ask(live, "ada", "accept-offer", offer=made["offer"])
    assert refusal(late) == (409, "rule_violated", "time_over")


def test_offers_come_in_pages_the_dearest_first(live: Live) -> None:
    adas, bos = market_of_two(live)
    fund(live, "cleo", 2 * FACE)
    live.mirror()
    made = []
    aims = ({"seat": str(adas)}, {"drop": SESSION, "tier": 0}, {"seat": str(bos)})
    for price, aim in ((FACE - 2, aims[0]), (FACE, aims[1]), (FACE - 1, aims[2])):
        body = signed_offer(prepared_offer(live, "cleo", price, **aim), "cleo")
        made.append(members(live.api.post("/v1/offers", json=body), 201)["offer"])
    order = [made[1], made[2], made[0]]
    assert offer_ids(offers(live, SESSION)) == order
    found, after = [], None
    for _ in range(4):
        page = offers(live, SESSION, limit=1, after=after)
        found += offer_ids(page)
        after = page["next"]
        if after is None:
            break
    assert found == order
    assert offer_ids(offers(live, SESSION, seat=int(adas))) == [made[1], made[0]]
    assert offer_ids(offers(live, SESSION, tier=1)) == []
    of_another = live.api.get(f"/v1/drops/{SESSION}/offers", params={"seat": "2000001"})
    assert refusal(of_another) == (422, "invalid_request", None)


def test_an_offer_for_another_drop_of_the_same_number_is_not_shown(live: Live) -> None:
    adas, _ = market_of_two(live)
    made = offer_for(live, "cleo", seat=str(adas))
    with writing(live.parts.store) as connection:
        connection.execute(update(kept_offers).values(terms_hash="0x" + "ab" * 32))
    assert offers(live, SESSION)["offers"] == []
    gone = live.api.get(f"/v1/offers/{made['offer']}")
    assert refusal(gone) == (409, "offer_dead", "seat_drops_unknown")
    # The contract would fill it.
    unsold = ask(live, "ada", "accept-offer", offer=made["offer"])
    assert refusal(unsold) == (409, "offer_dead", "seat_drops_unknown")


def test_a_page_asks_the_mirror_as_often_however_many_offer(live: Live) -> None:
    adas, _ = market_of_two(live)
    crowd: list[ChecksumAddress] = []
    asked: dict[int, int] = {}
    for count in (2, 30):
        more = [checksum_address(bytes([one]) * 20) for one in range(len(crowd) + 1, count + 1)]
        with writing(live.parts.store) as connection:
            for buyer in more:
                keep(connection, live.parts.mirror_id, _unsigned(live, adas, buyer), live.clock())
        crowd += more
        with statements(live) as said:
            page = offers(live, SESSION)
        assert {one["buyer"] for one in page["offers"]} == {*crowd}
        asked[count] = len(said)
    assert asked[2] == asked[30]


def _unsigned(live: Live, seat: SeatId, buyer: ChecksumAddress) -> BookOffer:
    """An offer as the book keeps it; it shows what nobody signed, too."""
    with reading(live.parts.reads) as connection:
        mirrored = drop_terms(connection, live.parts.mirror_id, seat.drop)
    assert mirrored is not None
    made = SeatOffer(
        seat=seat,
        price=Wei(FACE),
        epoch=0,
        buyer=buyer,
        counter=0,
        terms_version=0,
        nonce=7,
        expiry=live.market.now + 3_600,
    )
    return BookOffer(
        offer=made,
        digest=digest_text(live.parts, made),
        signature=bytes(65),
        terms_hash=mirrored.drop.terms_hash,
        currency=live.market.contract.wrapped_ether(),
    )


def test_of_one_buyer_the_newest_are_kept(live: Live) -> None:
    adas, _ = market_of_two(live)
    fund(live, "cleo")
    live.mirror()
    last = ""
    for _ in range(MAX_PER_BUYER + 2):
        body = signed_offer(prepared_offer(live, "cleo", seat=str(adas)), "cleo")
        last = members(live.api.post("/v1/offers", json=body), 201)["offer"]
    found = offer_ids(offers(live, SESSION))
    assert (len(found), last in found) == (MAX_PER_BUYER, True)
