from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.unit.marketplace.devnet.driving import ADA, BO, put_code, signed
from tests.unit.marketplace.devnet.programs import ECHO, LOAD, SURROUNDINGS, word

if TYPE_CHECKING:
    from tests.unit.marketplace.devnet.driving import Client

START = 10_000 * 10**18


def test_state_is_read_at_any_name_of_a_block(client: Client) -> None:
    client.ask("eth_sendRawTransaction", "0x" + signed(value=5).hex())
    block = client.ask("eth_getBlockByNumber", "0x1", False)  # noqa: FBT003 - JSON-RPC's flag
    names = ["latest", "pending", "0x1", block["hash"], {"blockHash": block["hash"]}]
    names.append({"blockNumber": "0x1"})
    after = {client.ask("eth_getBalance", BO.address, name) for name in names}
    before = {client.ask("eth_getBalance", BO.address, name) for name in ("earliest", "finalized")}
    assert (after, before) == ({hex(START + 5)}, {hex(START)})


@pytest.mark.parametrize("block", ["0x9", "0x" + "ab" * 32])
def test_state_of_an_unknown_block_is_an_error(client: Client, block: str) -> None:
    code, message = client.refusal("eth_getBalance", ADA.address, block)
    assert (code, message[:16]) == (-32000, "header not found")


def test_a_call_needs_neither_sender_nor_block(client: Client) -> None:
    echo = "0x" + put_code(client.node.chain, ECHO).hex()
    assert client.ask("eth_call", {"to": echo, "input": "0x1234"}) == "0x1234"


def test_overrides_are_read(client: Client) -> None:
    target = "0x" + "77" * 20
    lent = {"code": "0x" + LOAD.hex(), "stateDiff": {"0x5": "0x" + word(9).hex()}}
    asked = {"to": target, "data": "0x" + word(5).hex()}
    answer = client.ask("eth_call", asked, "latest", {target: lent})
    assert answer == "0x" + word(9).hex()
    surroundings = {"code": "0x" + SURROUNDINGS.hex()}
    answer = client.ask(
        "eth_call", {"to": target}, "latest", {target: surroundings}, {"time": "0x77777777"}
    )
    assert int(answer[2 + 3 * 64 : 2 + 4 * 64], 16) == 0x77777777


@pytest.mark.parametrize(
    "overrides",
    [
        [{"0x" + "77" * 20: {"movePrecompileToAddress": "0x" + "01" * 20}}],
        [{"0x" + "77" * 20: {"state": {}, "stateDiff": {}}}],
        [{"0x77": {}}],
        [{}, {"blobBaseFee": "0x1"}],
    ],
)
def test_an_override_that_cannot_be_honoured_is_refused(
    client: Client, overrides: list[object]
) -> None:
    assert client.refusal("eth_call", {}, "latest", *overrides)[0] == -32602
