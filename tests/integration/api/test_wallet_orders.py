"""Contract wallets sell and buy by signature: their contracts are asked when an order arrives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest
from sqlalchemy import func, select

from api.store.tables import listings, offers
from marketplace.bindings.reverts import SignatureInvalid
from marketplace.storage.transactions import reading
from tests.integration.api.live import SESSION, wallet
from tests.integration.api.offering import offer_ids
from tests.integration.api.offering import offers as page_of_offers
from tests.integration.api.ordering import (
    bid,
    enrich,
    hand_over,
    listed,
    listing_of,
    prepared_bid,
    prepared_listing,
    seat_of,
)
from tests.integration.api.preparing import ask, done
from tests.integration.api.trading import (
    FACE,
    ask_to_buy,
    book,
    ids,
    list_seat,
    market_of_two,
    members,
    refusal,
    send,
)
from tests.integration.api.wallets import (
    ContractWallet,
    calldata,
    called,
    deployed,
    factory_wallet,
    owned_wallet,
    set_owner,
)
from tests.integration.api.world import browser
from tests.integration.marketplace.world import address_of

if TYPE_CHECKING:
    from sqlalchemy import Table

    from marketplace.domain.addresses import ChecksumAddress
    from tests.integration.api.live import Live
    from tests.integration.api.trading import Members

MAGIC: Final = bytes.fromhex("1626ba7e")
YES: Final = MAGIC + bytes(28)
DEAD: Final = (409, "contract_reverted", "seat_market_signature_invalid")
BAD_WALLETS: Final = (
    ("RevertingWallet", None, (422, "wallet_reverted")),
    ("AnsweringWallet", b"", (422, "wallet_says_no")),
    ("AnsweringWallet", MAGIC, (422, "wallet_says_no")),
    ("AnsweringWallet", bytes(28) + MAGIC, (422, "wallet_says_no")),
    ("AnsweringWallet", MAGIC + b"\x01" * 28, (422, "wallet_says_no")),
    ("AnsweringWallet", (1).to_bytes(32), (422, "wallet_says_no")),
    ("BurningWallet", None, (503, None)),
    ("BombingWallet", None, (503, None)),
)
"""What each is refused with; without a cause it has not answered."""

each_bad_wallet = pytest.mark.parametrize(("name", "answer", "told"), BAD_WALLETS)
on_sqlite = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def kept(live: Live, table: Table) -> int:
    with reading(live.parts.store) as connection:
        return connection.scalar(select(func.count()).select_from(table)) or 0


def put_there(live: Live, name: str, answer: bytes | None) -> ChecksumAddress:
    arguments = ([], []) if answer is None else (["bytes"], [answer])
    return deployed(live, name, *arguments)


def of_contract(live: Live, message: Members, signature: bytes) -> None:
    """Let the contract judge a listing as it would in its buyer's transaction."""
    chain = live.parts.chain
    transaction = live.market.contract.buy(listing_of(message), signature)
    chain.simulate_funded(transaction, address_of("bo"), chain.head().hash)


def test_a_wallet_lists_by_signature_and_the_seat_is_bought(live: Live) -> None:
    account = owned_wallet(live, "ada")
    seat, made = listed(live, account.at, account.sign_typed)
    assert (made["seller"], made["stored"], made["signer"]) == (account.at, False, "wallet")
    assert made["wallet_asked_at"] is not None
    (shown,) = book(live, SESSION)["listings"]
    assert shown == {name: made[name] for name in shown}
    assert members(live.api.get(f"/v1/listings/{made['listing']}")) == made
    send(live, "bo", members(ask_to_buy(live, "bo", made["listing"])))
    assert live.market.contract.owner_of(seat) == address_of("bo")
    live.mirror()
    assert ids(book(live, SESSION)) == []


def test_a_wallet_offers_and_its_offer_is_accepted(live: Live) -> None:
    adas, _ = market_of_two(live)
    account = owned_wallet(live, "cleo")
    enrich(live, account.at)
    prepared = prepared_bid(live, account.at, adas)
    made = members(bid(live, prepared, account.sign_typed(prepared["typed_data"])), 201)
    assert (made["buyer"], made["signer"]) == (account.at, "wallet")
    assert made["wallet_asked_at"] is not None
    assert offer_ids(page_of_offers(live, SESSION)) == [made["offer"]]
    assert members(live.api.get(f"/v1/offers/{made['offer']}")) == made
    done(live, "ada", "accept-offer", offer=made["offer"])
    assert live.market.contract.owner_of(adas) == account.at


def test_what_a_key_has_signed_says_so_and_asks_nobody(live: Live) -> None:
    adas, _ = market_of_two(live)
    made = list_seat(live, "ada", adas)
    assert (made["signer"], made["wallet_asked_at"]) == ("key", None)


def test_a_wallets_signature_may_be_as_long_as_four_kibibytes(live: Live) -> None:
    account = owned_wallet(live, "ada", padding=4_096 - 65)
    seat, made = listed(live, account.at, account.sign_typed)
    assert len(made["signature"]) == 2 + 2 * 4_096
    send(live, "bo", members(ask_to_buy(live, "bo", made["listing"])))
    assert live.market.contract.owner_of(seat) == address_of("bo")
    prepared = prepared_listing(live, account.at, seat_of(live, account.at))
    longer = hand_over(live, prepared, account.sign_typed(prepared["typed_data"]) + "00")
    assert refusal(longer) == (422, "invalid_request", None)


def test_a_wallet_that_approves_digests_needs_no_signature(live: Live) -> None:
    account = deployed(live, "ApprovingWallet")
    seat = seat_of(live, account)
    prepared = prepared_listing(live, account, seat)
    refused = hand_over(live, prepared, "0x")
    assert refusal(refused) == (422, "listing_signature_refused", "wallet_says_no")
    digest = bytes.fromhex(prepared["digest"][2:])
    called(live, account, calldata("approve(bytes32)", digest))
    live.mirror()
    made = members(hand_over(live, prepared, "0x"), 201)
    assert (made["signature"], made["stored"], made["signer"]) == ("0x", False, "wallet")
    send(live, "bo", members(ask_to_buy(live, "bo", made["listing"])))
    assert live.market.contract.owner_of(seat) == address_of("bo")


@on_sqlite
@each_bad_wallet
def test_a_bad_wallet_lists_nothing_and_the_contract_agrees(
    live: Live, name: str, answer: bytes | None, told: tuple[int, str | None]
) -> None:
    account = put_there(live, name, answer)
    prepared = prepared_listing(live, account, seat_of(live, account))
    code = "listing_signature_refused" if told[1] else "wallet_unanswered"
    for signature in ("0x", "0x" + "11" * 65, "0x" + "11" * 66):
        refused = hand_over(live, prepared, signature)
        assert refusal(refused) == (told[0], code, told[1])
        with pytest.raises(SignatureInvalid):
            of_contract(live, prepared["listing"], bytes.fromhex(signature[2:]))
        assert told[1] is not None or "300000 gas" in refused.json()["detail"]
        assert ("retry-after" in refused.headers) is (told[1] is None)
    assert kept(live, listings) == 0


@on_sqlite
@each_bad_wallet
def test_a_bad_wallet_offers_nothing(
    live: Live, name: str, answer: bytes | None, told: tuple[int, str | None]
) -> None:
    adas, _ = market_of_two(live)
    rich = owned_wallet(live, "cleo")
    enrich(live, rich.at)
    prepared = prepared_bid(live, rich.at, adas)
    prepared["offer"] |= {"buyer": put_there(live, name, answer)}
    refused = bid(live, prepared, "0x" + "11" * 65)
    code = "offer_signature_refused" if told[1] else "wallet_unanswered"
    assert refusal(refused) == (told[0], code, told[1])
    assert kept(live, offers) == 0


@on_sqlite
def test_a_yes_with_more_behind_it_is_one_for_both(live: Live) -> None:
    account = put_there(live, "AnsweringWallet", YES + b"more")
    prepared = prepared_listing(live, account, seat_of(live, account))
    members(hand_over(live, prepared, "0x11"), 201)
    of_contract(live, prepared["listing"], b"\x11")


def test_the_key_of_a_stranger_does_not_sign_for_a_wallet(live: Live) -> None:
    account = owned_wallet(live, "ada")
    stranger = ContractWallet(wallet("bo").signer, account.at)
    prepared = prepared_listing(live, account.at, seat_of(live, account.at))
    refused = hand_over(live, prepared, stranger.sign_typed(prepared["typed_data"]))
    assert refusal(refused) == (422, "listing_signature_refused", "wallet_says_no")
    # As much as its owner's, of other values.
    signature = account.sign_typed(prepared["typed_data"])
    cheaper = {"listing": prepared["listing"] | {"price": str(FACE - 1)}}
    refused = hand_over(live, cheaper, signature)
    assert refusal(refused) == (422, "listing_signature_refused", "wallet_says_no")
    members(hand_over(live, prepared, signature), 201)


def test_a_listing_that_its_wallet_no_longer_stands_by_is_dead_when_it_is_bought(
    live: Live,
) -> None:
    account, bo = owned_wallet(live, "ada"), wallet("bo")
    seat, made = listed(live, account.at, account.sign_typed)
    set_owner(live, account, "ada", owns=False)
    live.mirror()
    # A page asks nobody; it says that a wallet was asked, and when.
    assert [one["signer"] for one in book(live, SESSION)["listings"]] == ["wallet"]
    assert refusal(ask_to_buy(live, "bo", made["listing"])) == DEAD
    basket = {"account": address_of("bo"), "listings": [made["listing"]]}
    nothing = live.api.post("/v1/tx/buy-many", json=basket)
    assert refusal(nothing) == (409, "listing_dead", "basket_dead")
    assert nothing.json()["skipped"][0]["cause"] == DEAD[2]
    refused = hand_over(live, {"listing": made["message"]}, made["signature"])
    assert refusal(refused) == (422, "listing_signature_refused", "wallet_says_no")
    set_owner(live, account, "bo", owns=True)
    live.mirror()
    live.clock.forward(5)
    prepared, again = (
        prepared_listing(live, account.at, seat),
        ContractWallet(bo.signer, account.at),
    )
    renewed = members(hand_over(live, prepared, again.sign_typed(prepared["typed_data"])), 201)
    send(live, "cleo", members(ask_to_buy(live, "cleo", renewed["listing"])))
    assert live.market.contract.owner_of(seat) == address_of("cleo")


def test_of_two_signatures_that_a_wallet_takes_the_first_stays(live: Live) -> None:
    """Else whoever is shown it could put a longer one there, which costs the buyer more gas."""
    account = owned_wallet(live, "ada")
    _, made = listed(live, account.at, account.sign_typed)
    prepared = {"listing": made["message"]}
    assert members(hand_over(live, prepared, made["signature"] + "00" * 4_000)) == made


def test_an_offer_that_its_wallet_no_longer_stands_by_is_dead_when_it_is_accepted(
    live: Live,
) -> None:
    adas, _ = market_of_two(live)
    account = owned_wallet(live, "cleo")
    enrich(live, account.at)
    prepared = prepared_bid(live, account.at, adas)
    made = members(bid(live, prepared, account.sign_typed(prepared["typed_data"])), 201)
    set_owner(live, account, "cleo", owns=False)
    live.mirror()
    assert refusal(ask(live, "ada", "accept-offer", offer=made["offer"])) == DEAD
    refused = bid(live, prepared, made["signature"])
    assert refusal(refused) == (422, "offer_signature_refused", "wallet_says_no")


def test_a_wallet_that_is_not_there_yet_sells_and_buys_nothing(live: Live) -> None:
    account = factory_wallet(live, "ada")
    seat = seat_of(live, account.at)
    prepared = prepared_listing(live, account.at, seat)
    wrapped = account.sign_typed(prepared["typed_data"])
    refused = hand_over(live, prepared, wrapped)
    assert refusal(refused) == (422, "listing_signature_refused", "wallet_not_deployed")
    assert "deploy it first" in refused.json()["detail"]
    bos = seat_of(live, address_of("bo"))
    rich = owned_wallet(live, "cleo")
    enrich(live, rich.at)
    offered = prepared_bid(live, rich.at, bos)
    offered["offer"] |= {"buyer": account.at}
    refused = bid(live, offered, wrapped)
    assert refusal(refused) == (422, "offer_signature_refused", "wallet_not_deployed")

    assert account.factory is not None
    called(live, account.factory, calldata("make(address)", account.signer.address))
    live.mirror()
    account.factory = None
    members(hand_over(live, prepared, account.sign_typed(prepared["typed_data"])), 201)


def test_while_the_node_is_away_no_wallet_is_refused(live: Live) -> None:
    account = owned_wallet(live, "ada")
    seat = seat_of(live, account.at)
    bos = seat_of(live, address_of("bo"))
    enrich(live, account.at)
    prepared, offered = (
        prepared_listing(live, account.at, seat),
        prepared_bid(live, account.at, bos),
    )
    signature = account.sign_typed(prepared["typed_data"])
    live.api = browser(live.parts_without_node())
    away = hand_over(live, prepared, signature)
    assert refusal(away) == (503, "chain_unavailable", None)
    away = bid(live, offered, account.sign_typed(offered["typed_data"]))
    assert refusal(away) == (503, "chain_unavailable", None)
    assert (kept(live, listings), kept(live, offers)) == (0, 0)
