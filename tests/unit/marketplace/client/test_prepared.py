from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from marketplace.bindings.transactions import PreparedTransaction
from marketplace.client.errors import MarketNotNamed, PreparedOtherwise
from marketplace.domain.addresses import ETH, ZERO_ADDRESS, ChecksumAddress
from marketplace.domain.drop import MintRequest
from marketplace.domain.ids import SeatId
from marketplace.domain.money import Wei
from marketplace.orders.listings import listing_digest
from tests.unit.marketplace.client.preparing import (
    ACTIONS,
    BUY,
    DIGEST,
    DROP,
    LISTING,
    MINT,
    PHASE,
    PRICE,
    SEAT,
    SIGNATURE,
    bought,
    in_ether,
    kept,
    listed,
    message,
    prepared,
    typed,
)
from tests.unit.marketplace.client.told import ADA, BO, MARKET, NOW, Told, always, answered

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

    from marketplace.client import SeatmarketClient
    from tests.unit.marketplace.client.preparing import Json

STRANGER = ChecksumAddress("0x23618e81E3f5cdF7f54C3d65f7FBc0aBf5B21E8f")
MINUTE = 60
DAY = 86_400
DEAR = replace(LISTING, price=Wei(PRICE + 1))
GIFT = ACTIONS.transfer(SEAT, BO.address, STRANGER)


def mint(client: SeatmarketClient) -> object:
    return client.prepare_mint(BO.address, DROP, PHASE, quantity=2, most=PRICE)


def buy(client: SeatmarketClient) -> object:
    return client.prepare_buy(BO.address, DIGEST, most=PRICE)


def cancel(client: SeatmarketClient) -> object:
    return client.prepare_cancel(ADA.address, SEAT)


def store(client: SeatmarketClient) -> object:
    return client.prepare_list(ADA.address, SEAT, PRICE, expires_in_s=60, expires_by=2**31)


def sign(client: SeatmarketClient) -> object:
    return client.sign_and_list(ADA, SEAT, PRICE, expires_in_s=60, expires_by=2**31)


def of(transaction: PreparedTransaction) -> PreparedTransaction:
    """A transaction without what was said about it."""
    return PreparedTransaction(
        to=transaction.to,
        data=transaction.data,
        summary=transaction.summary,
        value=transaction.value,
    )


@pytest.mark.parametrize(
    ("answer", "ask", "expected"),
    [
        (prepared(MINT), mint, MINT),
        (bought(), buy, BUY),
        (
            prepared(ACTIONS.cancel_listings(SEAT), ADA.address),
            cancel,
            ACTIONS.cancel_listings(SEAT),
        ),
        (listed(stored=True), store, ACTIONS.list_seat(LISTING)),
    ],
    ids=["mint", "buy", "cancel", "store"],
)
def test_what_was_asked_for_passes_under_a_summary_of_our_own(
    answer: Json, ask: Callable[[SeatmarketClient], PreparedTransaction], expected: object
) -> None:
    assert of(ask(always(answered(answer)).client())) == expected


OTHER_MINTS = {
    "more seats": MintRequest(
        drop=DROP, phase=PHASE, recipient=BO.address, quantity=3, max_total=PRICE
    ),
    "another recipient": MintRequest(
        drop=DROP, phase=PHASE, recipient=STRANGER, quantity=2, max_total=PRICE
    ),
    "a looser bound": MintRequest(
        drop=DROP, phase=PHASE, recipient=BO.address, quantity=2, max_total=Wei(2 * PRICE)
    ),
}


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (prepared(MINT, chain_id=1), "its chain is 1, not 31337"),
        (prepared(MINT, to=STRANGER), f"its contract is {STRANGER}"),
        (prepared(MINT, ADA.address), f"its sender is {ADA.address}"),
        (prepared(MINT, value_wei=str(PRICE + 1)), f"its value is {PRICE + 1}, not {PRICE}"),
        (prepared(MINT, value_wei=str(PRICE - 1)), f"its value is {PRICE - 1}, not {PRICE}"),
        (prepared(MINT, pays=[in_ether(PRICE + 1)]), f"it costs {PRICE + 1} wei, and {PRICE} is"),
        (prepared(MINT, pays=[in_ether(PRICE - 1)]), f"its value is {PRICE}, not {PRICE - 1}"),
        (prepared(MINT, pays=[]), f"its value is {PRICE}, not 0"),
        (
            prepared(MINT, pays=[in_ether(PRICE) | {"currency": STRANGER}]),
            f"it is paid in {STRANGER}, not in {ETH}",
        ),
        (prepared(MINT, pays=[in_ether(PRICE), in_ether(1)]), f"it is paid in {ETH}, {ETH}"),
        (prepared(MINT, total_wei="0"), f"its total is 0, not {PRICE}"),
        (prepared(GIFT, value_wei="0"), "its data is 0x42842e0e"),
        *((prepared(ACTIONS.mint(one, PRICE)), "its data is 0x") for one in OTHER_MINTS.values()),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_another_mint_than_was_asked_for_is_refused(answer: Json, why: str) -> None:
    with pytest.raises(PreparedOtherwise) as refused:
        mint(always(answered(answer)).client())
    assert why in refused.value.why


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (bought(data=f"0x{GIFT.data.hex()}"), "it calls another function"),
        (bought(data=f"0x{BUY.data[:100].hex()}"), "its data cannot be read"),
        (bought(data="0x"), "it calls another function"),
        (bought(data=f"0x{ACTIONS.buy(DEAR, SIGNATURE).data.hex()}"), "it buys the listing 0x"),
        (bought(price_wei=str(PRICE - 1)), "its figures are those of another listing"),
        (bought(seat="1000002"), "its figures are those of another listing"),
        (bought(value_wei=str(PRICE + 1)), "its value is"),
        (bought(total_wei=str(PRICE + 1)), "its total is"),
        (bought(to=STRANGER), "its contract is"),
        (bought(data=f"0x{BUY.data.hex()}00"), "its data is"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_another_purchase_than_was_asked_for_is_refused(answer: Json, why: str) -> None:
    with pytest.raises(PreparedOtherwise) as refused:
        buy(always(answered(answer)).client())
    assert why in refused.value.why


def test_a_purchase_above_the_buyers_bound_is_refused() -> None:
    client = always(answered(bought())).client()
    with pytest.raises(PreparedOtherwise, match="it costs 50000000000000000 wei"):
        client.prepare_buy(BO.address, DIGEST, most=Wei(PRICE - 1))


def test_a_stored_listing_is_named_by_its_seat_and_digest() -> None:
    client = always(answered(bought())).client()
    assert client.prepare_buy(BO.address, f"{int(SEAT)}-{DIGEST}").value == PRICE


def test_a_buyer_reads_which_sessions_of_the_seat_are_used_up() -> None:
    client = always(answered(bought())).client()
    programme = client.prepare_buy(BO.address, DIGEST).answer.condition.programme
    assert programme is not None
    assert (programme.in_all, programme.attended, programme.to_come) == (1, 1, 0)
    assert [(one.session, one.state) for one in programme.sessions] == [(1, "attended")]


def test_another_cancelling_is_refused() -> None:
    other = prepared(ACTIONS.cancel_listings(SeatId(SEAT + 1)), ADA.address)
    with pytest.raises(PreparedOtherwise, match="its data is"):
        cancel(always(answered(other)).client())


def with_listing(**changes: object) -> Json:
    """Everything of another listing, coherent in itself."""
    other = replace(LISTING, **changes)  # type: ignore[arg-type] # one field at a time
    digest = f"0x{listing_digest(other, MARKET.chain_id, MARKET.contract).hex()}"
    return listed(listing=message(other), typed_data=typed(other), digest=digest, id=digest)


def spoiled(**members: object) -> Json:
    """Typed data that says something else than the listing's members."""
    return listed(typed_data=typed() | members)


HOSTILE = [
    (with_listing(seat=SeatId(SEAT + 1)), "its seat is"),
    (with_listing(price=Wei(1)), "its price is 1"),
    (with_listing(seller=BO.address), "its seller is"),
    (with_listing(taker=STRANGER), "its taker is"),
    (with_listing(expiry=2**31 + 1), "it expires at"),
    (with_listing(expiry=NOW), "it expired at"),
    (listed(digest="0x" + "00" * 32), "its digest is that of another"),
    (listed(typed_data=None), "its typed data says something else"),
    (spoiled(primaryType="Mail"), "its typed data says something else"),
    (spoiled(message=typed(DEAR)["message"]), "its typed data says something else"),
    (listed(typed_data=typed(chain_id=1)), "its typed data says something else"),
    (spoiled(extra=1), "its typed data says something else"),
]


@pytest.mark.parametrize(("answer", "why"), HOSTILE)
def test_a_hostile_api_gets_no_signature_for_another_listing(answer: Json, why: str) -> None:
    told = always(answered(answer))
    with pytest.raises(PreparedOtherwise) as refused:
        sign(told.client())
    assert why in refused.value.why
    assert [request.url.path for request in told.asked] == ["/v1/tx/list"]


def test_a_hostile_api_gets_no_stored_listing_either() -> None:
    other = prepared(ACTIONS.list_seat(DEAR), ADA.address)
    with pytest.raises(PreparedOtherwise, match="its data is"):
        store(always(answered(listed(stored=True, transaction=other))).client())
    with pytest.raises(PreparedOtherwise, match="it holds no transaction"):
        store(always(answered(listed())).client())


@pytest.mark.parametrize("expiry", [NOW + 2 * MINUTE + 1, NOW + 30 * DAY, NOW, 0])
def test_no_listing_counts_longer_than_was_asked_for_or_not_at_all(expiry: int) -> None:
    other = replace(LISTING, expiry=expiry)
    for_signing = always(answered(with_listing(expiry=expiry)))
    with pytest.raises(PreparedOtherwise, match=r"listing .*expire"):
        for_signing.client().sign_and_list(ADA, SEAT, PRICE, expires_in_s=MINUTE)
    # It was asked once: nothing was signed and sent.
    assert len(for_signing.asked) == 1
    transaction = prepared(ACTIONS.list_seat(other), ADA.address)
    for_chain = with_listing(expiry=expiry) | {"typed_data": None, "transaction": transaction}
    with pytest.raises(PreparedOtherwise, match=r"listing .*expire"):
        always(answered(for_chain)).client().prepare_list(
            ADA.address, SEAT, PRICE, expires_in_s=MINUTE
        )


def test_a_bound_of_the_sellers_own_makes_the_time_shorter_and_never_longer() -> None:
    def ask(expiry: int, by: int) -> object:
        transaction = prepared(ACTIONS.list_seat(replace(LISTING, expiry=expiry)), ADA.address)
        answer = with_listing(expiry=expiry) | {"typed_data": None, "transaction": transaction}
        return (
            always(answered(answer))
            .client()
            .prepare_list(ADA.address, SEAT, PRICE, expires_in_s=MINUTE, expires_by=by)
        )

    latest = NOW + 2 * MINUTE
    assert ask(latest, latest)
    with pytest.raises(PreparedOtherwise, match=f"not by {latest - 1}"):
        ask(latest, latest - 1)
    with pytest.raises(PreparedOtherwise, match=f"not by {latest}"):
        ask(latest + 1, latest + DAY)


def test_what_is_signed_is_handed_over_as_it_was_signed() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return answered(listed() if request.url.path == "/v1/tx/list" else kept())

    told = Told(answer)
    offer = told.client().sign_and_list(ADA, SEAT, PRICE, expires_in_s=60)
    assert offer.listing == DIGEST
    asked, handed = (json.loads(request.content) for request in told.asked)
    assert asked["taker"] is None
    assert handed == message() | {"signature": f"0x{SIGNATURE.hex()}"}
    assert handed["taker"] == ZERO_ADDRESS


@pytest.mark.parametrize("ask", [mint, buy, cancel, store, sign])
def test_nothing_is_prepared_for_a_market_that_was_not_named(
    ask: Callable[[SeatmarketClient], object],
) -> None:
    told = always(answered({}))
    with pytest.raises(MarketNotNamed):
        ask(told.client(market=None))
    assert told.asked == []
