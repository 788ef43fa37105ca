from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from web3.types import RPCEndpoint

from marketplace.bindings.transactions import PreparedTransaction
from marketplace.chain.fate import Fate, fate_of
from marketplace.chain.receipts import Sent
from marketplace.domain.money import Wei
from tests.integration.marketplace.world import address_of, sender_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from marketplace.chain.sender import Sender
    from tests.integration.marketplace.world import Market

PAYMENT = PreparedTransaction(to=address_of("ada"), data=b"", summary="Pay", value=Wei(1))


@pytest.fixture
def held_back(devnet: Market) -> Iterator[Market]:
    """A chain that mines only when it is told to."""
    ask(devnet, "evm_setAutomine", False)  # noqa: FBT003 - JSON-RPC has positions only
    yield devnet
    ask(devnet, "evm_setAutomine", True)  # noqa: FBT003 - JSON-RPC has positions only


def ask(market: Market, method: str, *params: object) -> None:
    market.web3.manager.request_blocking(RPCEndpoint(method), list(params))


def bo(market: Market) -> Sender:
    return sender_of(market.web3, "bo", market.chain_id)


def test_a_transaction_waits_and_is_mined(held_back: Market) -> None:
    sent = bo(held_back).submit(PAYMENT)
    assert fate_of(held_back.web3, sent) is Fate.WAITING
    ask(held_back, "evm_mine")
    assert fate_of(held_back.web3, sent) is Fate.MINED


def test_a_transaction_that_nobody_has_can_be_mined_until_its_nonce_is_used(
    devnet: Market,
) -> None:
    ours = bo(devnet)
    nonce = devnet.web3.eth.get_transaction_count(ours.address)  # type: ignore[arg-type] # web3 has a kind of its own
    unsent = Sent(b"\x07" * 32, ours.address, nonce, Wei(1))
    assert fate_of(devnet.web3, unsent) is Fate.UNKNOWN
    ours.send(PAYMENT)
    assert fate_of(devnet.web3, unsent) is Fate.IMPOSSIBLE
