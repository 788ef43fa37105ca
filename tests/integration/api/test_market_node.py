"""The node behind the market's routes: away, of another chain, or unable to pretend."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from socket import socket
from time import monotonic
from typing import TYPE_CHECKING

import pytest
from eth_account import Account

from api.chain import TRUSTED_S, Chain, NotEnoughEther, WrongNode
from api.node_turns import MAX_AT_ONCE
from marketplace.bindings.node import NodeRefused, NodeUnreachable
from marketplace.bindings.transactions import PreparedTransaction
from marketplace.domain.addresses import ChecksumAddress
from marketplace.domain.money import Wei
from tests.integration.api.live import SESSION
from tests.integration.api.trading import (
    FACE,
    ask_to_buy,
    ask_to_list,
    book,
    ids,
    list_seat,
    market_of_two,
    refusal,
)
from tests.integration.api.world import NO_NODE, browser
from tests.integration.marketplace.steering import NodeSteering
from tests.integration.marketplace.world import address_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.integration.api.live import Live

OTHER = ChecksumAddress("0x00000000000000000000000000000000DeaDBeef")
POOR = ChecksumAddress(Account.create().address)


def url_of(live: Live) -> str:
    return live.parts.settings.node_url.get_secret_value()


@contextmanager
def over(live: Live, chain: Chain) -> Iterator[Live]:
    """The same API over another connection to a node."""
    parts = replace(live.parts, chain=chain)
    yield replace(live, parts=parts, api=browser(parts))


def test_without_its_node_the_market_prepares_nothing_and_still_shows_the_book(
    live: Live,
) -> None:
    seat, _ = market_of_two(live)
    listing = list_seat(live, "ada", seat)["listing"]
    chain = Chain(NO_NODE, 31337, live.market.contract.address, 1)
    with over(live, chain) as alone:
        mint = {"account": address_of("ada"), "drop": 1, "phase": 0}
        cancel = {"account": address_of("ada"), "seat": str(seat)}
        for answer in (
            alone.api.post("/v1/tx/mint", json=mint),
            alone.api.post("/v1/tx/cancel-listings", json=cancel),
            ask_to_list(alone, "ada", seat),
            ask_to_buy(alone, "bo", listing),
        ):
            assert refusal(answer) == (503, "chain_unavailable", None)
            assert answer.headers["retry-after"]
            assert NO_NODE not in answer.text
        assert ids(book(alone, SESSION)) == [listing]


def test_a_node_that_comes_back_heals_the_market(live: Live) -> None:
    chain = Chain(url_of(live), 31337, live.market.contract.address, 5)
    good, chain._url = chain._url, NO_NODE  # noqa: SLF001 - the address stands for the node
    with pytest.raises(NodeUnreachable):
        chain.head()
    chain._url = good  # noqa: SLF001 - the same
    assert chain.head().number == live.market.web3.eth.block_number


@pytest.mark.parametrize(
    ("chain_id", "contract", "said"),
    [
        (1, None, "serves chain 31337, and chain 1 was asked for"),
        (31337, OTHER, "There is no contract at"),
        (31337, "renderer", "is not this version of Seats"),
    ],
)
def test_another_chain_or_contract_at_the_node_is_the_operators_matter(
    live: Live,
    caplog: pytest.LogCaptureFixture,
    chain_id: int,
    contract: ChecksumAddress | None,
    said: str,
) -> None:
    named = {None: live.market.contract.address, "renderer": live.market.deployment.renderer}
    chain = Chain(url_of(live), chain_id, named.get(contract, OTHER), 5)
    with pytest.raises(WrongNode, match=said):
        chain.head()
    with over(live, chain) as elsewhere:
        answer = ask_to_list(elsewhere, "ada", 1)
    assert refusal(answer) == (503, "wrong_node", None)
    assert said not in answer.text
    assert said in caplog.text


def test_a_node_that_changes_underneath_is_found_out(live: Live) -> None:
    seconds = [0.0]
    contract = live.market.contract.address
    chain = Chain(url_of(live), 31337, contract, 5, lambda: seconds[0])
    assert chain.head().number == live.market.web3.eth.block_number
    steering = live.market.steering
    assert isinstance(steering, NodeSteering)
    steering.set_code(contract, b"")
    chain.head()
    seconds[0] = TRUSTED_S + 1
    for _ in range(2):
        with pytest.raises(WrongNode, match="There is no contract at"):
            chain.head()


def test_a_node_that_hangs_does_not_hold_every_thread(live: Live) -> None:
    seat, _ = market_of_two(live)
    listing = list_seat(live, "ada", seat)["listing"]
    mint = {"account": address_of("ada"), "drop": 1, "phase": 0}
    cancel = {"account": address_of("ada"), "seat": str(seat)}
    with ExitStack() as waiting:
        for _ in range(MAX_AT_ONCE):
            waiting.enter_context(live.parts.chain.turn())
        for answer in (
            live.api.post("/v1/tx/mint", json=mint),
            live.api.post("/v1/tx/cancel-listings", json=cancel),
            ask_to_list(live, "ada", seat),
            ask_to_buy(live, "bo", listing),
            live.api.get(f"/v1/seats/{seat}/metadata"),
        ):
            assert refusal(answer) == (503, "chain_unavailable", None)
    assert live.api.post("/v1/tx/mint", json=mint).status_code == 200


def test_a_refused_request_gives_its_turn_back(live: Live) -> None:
    none = {"account": address_of("ada"), "drop": 99, "phase": 0}
    for _ in range(MAX_AT_ONCE + 1):
        assert refusal(live.api.post("/v1/tx/mint", json=none))[1] == "contract_reverted"


def test_nobody_waits_longer_for_a_connection_than_for_an_answer(live: Live) -> None:
    with listening() as url:
        chain = Chain(url, 31337, live.market.contract.address, 1)
        with ThreadPoolExecutor(8) as pool:
            began = monotonic()
            tried = [pool.submit(chain.head) for _ in range(8)]
            for one in tried:
                assert isinstance(one.exception(), NodeUnreachable)
        assert monotonic() - began < 8


@contextmanager
def listening() -> Iterator[str]:
    """A node that takes connections and never answers."""
    with socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        yield f"http://127.0.0.1:{silent.getsockname()[1]}"


def test_a_node_that_cannot_pretend_still_finds_the_empty_wallet(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    chain = live.parts.chain
    transaction = PreparedTransaction(
        to=live.market.contract.address, data=b"", summary="Pay", value=Wei(FACE)
    )

    def refuse(*_: object, **__: object) -> bytes:
        raise NodeRefused("too many arguments, want at most 2", -32602)

    head = chain.head()
    monkeypatch.setattr("api.chain.call", refuse)
    with pytest.raises(NotEnoughEther) as caught:
        chain.simulate(transaction, POOR, head.hash)
    assert caught.value == NotEnoughEther(POOR, Wei(0), Wei(FACE))


def test_a_block_that_a_reorganisation_took_is_asked_about_no_more(live: Live) -> None:
    gone = b"\x11" * 32
    with pytest.raises(NodeRefused):
        live.parts.chain.seats.terms_of(SESSION, gone)
