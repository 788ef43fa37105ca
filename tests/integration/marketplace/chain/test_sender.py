from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import requests
from eth_account import Account
from web3.types import RPCEndpoint

from marketplace.bindings.addresses import parse_address, wire_address
from marketplace.bindings.node import NodeRefused, NodeUnreachable
from marketplace.bindings.reverts import SeatDropsWrongPayment, SellerNotOwner
from marketplace.bindings.transactions import PreparedTransaction
from marketplace.bindings.verification import WrongChain
from marketplace.chain.errors import (
    FeesAboveLimit,
    InsufficientFunds,
    NonceConflict,
    ReceiptTimedOut,
    SendingUncertain,
    TransactionReplaced,
    TransactionStuck,
)
from marketplace.chain.fees import base_fee
from marketplace.chain.keys import UnsignedTransaction, signer_of_key
from marketplace.chain.receipts import Patience, Sent, receipt_of, wait_for_receipt
from marketplace.chain.sender import Sender, SendingLimits
from marketplace.domain.errors import ChainUnavailable
from marketplace.domain.money import NO_MONEY, Wei
from tests.integration.marketplace.chain.faults import FaultyProvider, faulty
from tests.integration.marketplace.world import PRICE, QUICK, Market, address_of, signer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from web3 import Web3

GWEI = 10**9


class RecordFull(Exception):
    """Whoever keeps note cannot."""


class Clock:
    """Seconds that pass only while somebody waits; `meanwhile` happens at each look."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.pauses: list[float] = []

    def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.seconds += seconds

    def patience(self, seconds: float = 5) -> Patience:
        return Patience(seconds, 1, self.pause, lambda: self.seconds)


def sender(market: Market, web3: Web3 | None = None, **limits: object) -> Sender:
    given = SendingLimits(patience=QUICK)
    given = replace(given, **limits)  # type: ignore[arg-type] # tests name fields
    return Sender(web3 or market.web3, signer("bo"), market.chain_id, given)


@pytest.fixture
def faults(devnet: Market) -> tuple[Sender, FaultyProvider]:
    """A sender for `bo` whose node fails on request."""
    web3, provider = faulty(devnet.web3)
    return sender(devnet, web3), provider


@pytest.fixture
def held_back(anvil: Market) -> Iterator[Market]:
    """Anvil that mines only when it is told to."""
    fee = base_fee(anvil.web3)
    ask(anvil, "evm_setAutomine", False)  # noqa: FBT003 - JSON-RPC has positions only
    yield anvil
    # What waits yet would be mined with what the next test sends.
    ask(anvil, "anvil_dropAllTransactions")
    # No snapshot of anvil's brings back the fee of the next block.
    ask(anvil, "anvil_setNextBlockBaseFeePerGas", hex(fee))
    ask(anvil, "evm_setAutomine", True)  # noqa: FBT003 - JSON-RPC has positions only


def ask(market: Market, method: str, *params: object) -> None:
    market.web3.manager.request_blocking(RPCEndpoint(method), list(params))


def paid_to(recipient: str, wei: int) -> PreparedTransaction:
    return PreparedTransaction(to=address_of(recipient), data=b"", summary="Pay", value=Wei(wei))


def nonce_of(market: Market, name: str) -> int:
    return market.web3.eth.get_transaction_count(wire_address(address_of(name)))


def test_what_was_sent_is_described(market: Market) -> None:
    mined = sender(market).send(market.mint_call(market.drop, "bo"))
    block = market.web3.eth.get_block("latest")
    assert (mined.block_number, mined.block_hash) == (block["number"], bytes(block["hash"]))
    assert (mined.sender, mined.contract) == (address_of("bo"), None)
    assert mined.cost == mined.gas_used * mined.gas_price > 0
    assert [log.log_index for log in mined.logs] == list(range(len(mined.logs)))


def test_a_refusal_is_known_before_anything_is_sent(market: Market) -> None:
    before = nonce_of(market, "bo")
    with pytest.raises(SeatDropsWrongPayment):
        sender(market).send(market.mint_call(market.drop, "bo", payment=Wei(1)))
    assert nonce_of(market, "bo") == before


def test_another_chain_is_refused_at_once(market: Market) -> None:
    with pytest.raises(WrongChain):
        Sender(market.web3, signer("bo"), 1)


@pytest.mark.parametrize("name", ["devnet", "anvil"])
def test_an_account_without_money_is_told_what_it_lacks(
    request: pytest.FixtureRequest, name: str
) -> None:
    market: Market = request.getfixturevalue(name)
    pauper = signer_of_key(bytes(Account.create("seats").key))
    with pytest.raises(InsufficientFunds) as refused:
        Sender(market.web3, pauper, market.chain_id).send(market.mint_call(market.drop, "bo"))
    assert (refused.value.address, refused.value.balance) == (pauper.address, 0)
    assert refused.value.need > PRICE
    assert f"{pauper.address} has 0 ETH and needs 0.1" in str(refused.value)


def test_money_for_the_price_but_not_for_the_gas_is_not_enough(devnet: Market) -> None:
    pauper = signer_of_key(bytes(Account.create("seats").key))
    payment = PreparedTransaction(to=pauper.address, data=b"", summary="Pay", value=PRICE)
    devnet.send("bo", payment)
    with pytest.raises(InsufficientFunds) as refused:
        Sender(devnet.web3, pauper, devnet.chain_id).send(devnet.mint_call(devnet.drop, "bo"))
    assert refused.value.balance == PRICE < refused.value.need


def test_fees_above_the_limit_are_not_paid(devnet: Market) -> None:
    before = nonce_of(devnet, "bo")
    with pytest.raises(FeesAboveLimit):
        sender(devnet, max_fee=Wei(1)).send(paid_to("ada", 1))
    assert nonce_of(devnet, "bo") == before


def test_threads_share_a_sender(held_back: Market) -> None:
    # By hand: of several that are ready at once anvil's own miner may mine some later than asked.
    mining = threading.Lock()

    def mine(_: float) -> None:
        with mining:
            ask(held_back, "evm_mine")

    shared = sender(held_back, patience=replace(QUICK, pause=mine))
    before = nonce_of(held_back, "bo")
    hashes: list[bytes] = []
    threads = [
        threading.Thread(
            target=lambda: hashes.append(shared.send(paid_to("ada", 1)).transaction_hash)
        )
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(hashes)) == 6
    assert nonce_of(held_back, "bo") == before + 6


def test_a_nonce_that_another_program_took_is_asked_for_again(devnet: Market) -> None:
    ours = sender(devnet)
    ours.send(paid_to("ada", 1))
    sender(devnet).send(paid_to("ada", 2))
    assert ours.send(paid_to("ada", 3)).block_number == devnet.web3.eth.block_number


def test_a_lasting_conflict_of_nonces_is_said(faults: tuple[Sender, FaultyProvider]) -> None:
    ours, provider = faults
    provider.refuse("eth_sendRawTransaction", "nonce too low: next 9, tx 8", times=2)
    with pytest.raises(NonceConflict, match="Another program sends for"):
        ours.send(paid_to("ada", 1))
    assert provider.asked["eth_sendRawTransaction"] == 2
    assert ours.send(paid_to("ada", 1)).gas_used == 21_000


def test_what_is_about_to_be_sent_is_told_before_the_node_hears_of_it(
    faults: tuple[Sender, FaultyProvider],
) -> None:
    ours, provider = faults
    told: list[Sent] = []

    def note(sent: Sent) -> None:
        assert provider.asked["eth_sendRawTransaction"] == len(told)
        told.append(sent)

    provider.refuse("eth_sendRawTransaction", "nonce too low: next 9, tx 8")
    mined = ours.send(paid_to("ada", 1), note)
    assert [one.sender for one in told] == [ours.address] * 2
    assert told[-1].transaction_hash == mined.transaction_hash


def test_a_refusal_to_note_stops_the_sending(devnet: Market) -> None:
    before, ours = nonce_of(devnet, "bo"), sender(devnet)

    def refuse(_: Sent) -> None:
        raise RecordFull

    with pytest.raises(RecordFull):
        ours.send(paid_to("ada", 1), refuse)
    assert nonce_of(devnet, "bo") == before
    assert ours.send(paid_to("ada", 1)).gas_used == 21_000


def test_a_transaction_that_the_node_has_already_is_waited_for(devnet: Market) -> None:
    web3, provider = faulty(devnet.web3)
    clock = Clock()
    provider.refuse("eth_sendRawTransaction", "already known")
    # The chain never got it here, so that the wait is all there is to see.
    with pytest.raises(ReceiptTimedOut):
        sender(devnet, web3, patience=clock.patience()).send(paid_to("ada", 1))
    assert clock.pauses == [1] * 5


@pytest.mark.parametrize(
    "error",
    [
        requests.ConnectionError("secret-address"),
        requests.Timeout("secret-address"),
        ConnectionResetError(104, "Connection reset by peer"),
    ],
)
def test_a_node_that_is_away_is_said_without_its_address(
    faults: tuple[Sender, FaultyProvider], error: Exception
) -> None:
    ours, provider = faults
    provider.break_off("eth_call", error)
    with pytest.raises(NodeUnreachable) as refused:
        ours.send(paid_to("ada", 1))
    assert refused.value.retry_helps
    assert "secret" not in str(refused.value)
    assert provider.asked["eth_call"] == 1


def test_a_broken_connection_while_sending_names_the_hash(
    devnet: Market, faults: tuple[Sender, FaultyProvider]
) -> None:
    ours, provider = faults
    provider.break_off("eth_sendRawTransaction", requests.Timeout())
    before = nonce_of(devnet, "bo")
    with pytest.raises(SendingUncertain) as refused:
        ours.send(paid_to("ada", 1))
    assert f"0x{refused.value.transaction_hash.hex()}" in str(refused.value)
    assert provider.asked["eth_sendRawTransaction"] == 1
    assert ours.send(paid_to("ada", 1)).transaction_hash == refused.value.transaction_hash
    assert nonce_of(devnet, "bo") == before + 1


def test_an_error_of_the_node_itself_is_told_apart(faults: tuple[Sender, FaultyProvider]) -> None:
    ours, provider = faults
    provider.refuse("eth_sendRawTransaction", "txpool is full", code=-32003)
    with pytest.raises(NodeRefused, match="error -32003: txpool is full") as refused:
        ours.send(paid_to("ada", 1))
    assert isinstance(refused.value, ChainUnavailable)


def test_a_node_that_is_away_for_a_moment_is_waited_for(devnet: Market) -> None:
    web3, provider = faulty(devnet.web3)
    clock = Clock()
    provider.break_off("eth_getTransactionReceipt", requests.Timeout(), times=2)
    patient = sender(devnet, web3, patience=clock.patience())
    assert patient.send(paid_to("ada", 1)).gas_used == 21_000
    assert clock.pauses == [1, 1]


def test_waiting_is_bounded_and_names_the_hash(held_back: Market) -> None:
    clock = Clock()
    with pytest.raises(ReceiptTimedOut, match="no block held it within 5 seconds") as late:
        sender(held_back, patience=clock.patience()).send(paid_to("ada", 1))
    assert clock.pauses == [1] * 5
    ask(held_back, "evm_mine")
    receipt = receipt_of(held_back.web3, late.value.transaction_hash)
    assert receipt is not None
    assert receipt["status"] == 1


def test_a_transaction_below_the_base_fee_is_stuck(held_back: Market) -> None:
    ours = sender(held_back, max_fee=Wei(base_fee(held_back.web3) + 2 * GWEI))
    sent = ours.submit(paid_to("ada", 1))
    ask(held_back, "anvil_setNextBlockBaseFeePerGas", hex(500 * GWEI))
    ask(held_back, "evm_mine")
    with pytest.raises(TransactionStuck, match="blocks ask 500000000000"):
        wait_for_receipt(held_back.web3, sent, Clock().patience(0))


def test_a_replaced_transaction_is_recognised(held_back: Market) -> None:
    sent = sender(held_back).submit(paid_to("ada", 1))
    rival = replace_by_hand(held_back, sent.nonce)
    ask(held_back, "evm_mine")
    with pytest.raises(TransactionReplaced, match=f"mined with nonce {sent.nonce}") as replaced:
        wait_for_receipt(held_back.web3, sent, Clock().patience())
    assert replaced.value.transaction_hash == sent.transaction_hash != rival


def replace_by_hand(market: Market, nonce: int) -> bytes:
    """What a wallet does when its owner asks to speed a transaction up."""
    raw = signer("bo").sign_transaction(
        UnsignedTransaction(
            chain_id=market.chain_id,
            nonce=nonce,
            gas=21_000,
            max_fee=Wei(100 * GWEI),
            max_tip=Wei(50 * GWEI),
            to=address_of("cleo"),
            value=NO_MONEY,
            data=b"",
        )
    )
    return bytes(market.web3.eth.send_raw_transaction(raw))


def test_a_failure_in_a_block_has_its_reason(held_back: Market) -> None:
    listing = held_back.listing(held_back.seat, "ada")
    purchase = held_back.contract.buy(listing, held_back.sign(listing, "ada"))
    first = Sender(held_back.web3, signer("cleo"), held_back.chain_id)
    rival = first.submit(replace(purchase))
    clock = Clock()
    patience = Patience(5, 1, lambda _: ask(held_back, "evm_mine"), lambda: clock.seconds)
    with pytest.raises(SellerNotOwner) as late:
        sender(held_back, patience=patience).send(purchase)
    assert late.value.owner == parse_address(first.address)
    assert rival.sender == address_of("cleo")
