from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.unit.marketplace.devnet.driving import emit, emitter_on
from tests.unit.marketplace.devnet.programs import word

if TYPE_CHECKING:
    from tests.unit.marketplace.devnet.driving import Client

STRANGER = "0x" + "77" * 20


def topic(number: int) -> str:
    return "0x" + word(number).hex()


@pytest.fixture
def emitter(client: Client) -> str:
    """A contract in block 1 with events (1,0), (2,1), (3,0) in the blocks 2, 3 and 4."""
    address = emitter_on(client.node.chain)
    for first, second in ((1, 0), (2, 1), (3, 0)):
        emit(client.node.chain, address, first, second)
    return "0x" + address.hex()


def found(client: Client, **query: object) -> list[int]:
    logs = client.ask("eth_getLogs", {"fromBlock": "0x0"} | query)
    return [int(log["topics"][0], 16) for log in logs]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, [1, 2, 3]),
        ({"fromBlock": "0x3"}, [2, 3]),
        ({"toBlock": "0x3"}, [1, 2]),
        ({"fromBlock": "0x3", "toBlock": "0x3"}, [2]),
        ({"fromBlock": "earliest", "toBlock": "safe"}, [1]),
        ({"topics": []}, [1, 2, 3]),
        ({"topics": [topic(2)]}, [2]),
        ({"topics": [[topic(1), topic(3)]]}, [1, 3]),
        ({"topics": [None, topic(0)]}, [1, 3]),
        ({"topics": [[topic(2), topic(3)], [topic(0)]]}, [3]),
        ({"topics": [[None, topic(2)]]}, [1, 2, 3]),
        ({"topics": [topic(9)]}, []),
        ({"topics": [None, None, None]}, []),
        ({"address": STRANGER}, []),
        ({"address": []}, [1, 2, 3]),
    ],
)
def test_queries_find_what_they_describe(
    client: Client, emitter: str, query: dict[str, object], expected: list[int]
) -> None:
    assert emitter
    assert found(client, **query) == expected


def test_several_addresses_may_be_asked_for(client: Client, emitter: str) -> None:
    assert found(client, address=emitter) == [1, 2, 3]
    assert found(client, address=[STRANGER, emitter, emitter]) == [1, 2, 3]


def test_a_block_hash_gives_the_events_of_that_block(client: Client, emitter: str) -> None:
    assert emitter
    block = client.node.chain.canon.at(3)
    assert block is not None
    logs = client.ask("eth_getLogs", {"blockHash": "0x" + block.hash.hex()})
    assert [log["topics"][0] for log in logs] == [topic(2)]


def test_the_hash_of_a_block_that_left_the_chain_is_an_error(client: Client, emitter: str) -> None:
    assert emitter
    orphan = client.node.chain.head.hash
    client.ask("anvil_reorg", 1)
    code, message = client.refusal("eth_getLogs", {"blockHash": "0x" + orphan.hex()})
    assert (code, message.startswith("unknown block")) == (-32000, True)
    assert found(client) == [1, 2]


@pytest.mark.parametrize(
    ("query", "beginning"),
    [
        ({"fromBlock": "0x3", "toBlock": "0x2"}, "invalid block range"),
        ({"fromBlock": "latest", "toBlock": "0x1"}, "invalid block range"),
        ({"fromBlock": "latest", "toBlock": "safe"}, "invalid block range"),
        ({"fromBlock": "0x0", "toBlock": "0x5"}, "block range extends beyond"),
        ({"fromBlock": "pending"}, "pending logs are not supported"),
        ({"blockHash": topic(1), "fromBlock": "0x0"}, "cannot specify both"),
        ({"topics": [topic(1)] * 5}, "exceed max topics"),
        ({"topics": ["0x01"]}, "topic must be 32 bytes"),
        ({"topics": "0x01"}, "topics must be an array"),
        ({"address": "0x01"}, "address must be"),
    ],
)
def test_a_query_that_makes_no_sense_is_refused(
    client: Client, emitter: str, query: dict[str, object], beginning: str
) -> None:
    assert emitter
    code, message = client.refusal("eth_getLogs", query)
    assert (code, message[: len(beginning)]) == (-32602, beginning)


def test_nothing_after_the_head_is_an_empty_list(client: Client, emitter: str) -> None:
    assert emitter
    assert found(client, fromBlock="0x5") == []


def test_a_log_filter_reports_new_events_once(client: Client, emitter: str) -> None:
    installed = client.ask("eth_newFilter", {"address": emitter, "topics": [topic(5)]})
    for number in (5, 6):
        emit(
            client.node.chain,
            type(client.node.chain.head.header.coinbase)(bytes.fromhex(emitter[2:])),
            number,
        )
    changes = client.ask("eth_getFilterChanges", installed)
    assert [log["topics"][0] for log in changes] == [topic(5)]
    assert client.ask("eth_getFilterChanges", installed) == []


def test_a_log_filter_reports_removed_events_before_new_ones(client: Client, emitter: str) -> None:
    installed = client.ask("eth_newFilter", {"address": emitter})
    chain = client.node.chain
    address = chain.head.logs[0].address
    emit(chain, address, 5)
    client.ask("eth_getFilterChanges", installed)
    client.ask("anvil_reorg", 1)
    emit(chain, address, 6)
    changes = client.ask("eth_getFilterChanges", installed)
    assert [(log["removed"], log["topics"][0]) for log in changes] == [
        (True, topic(5)),
        (False, topic(6)),
    ]


def test_a_log_filter_keeps_to_its_range(client: Client, emitter: str) -> None:
    installed = client.ask("eth_newFilter", {"fromBlock": "0x3", "toBlock": "0x5"})
    address = client.node.chain.head.logs[0].address
    assert "0x" + address.hex() == emitter
    for number in (5, 6):
        emit(client.node.chain, address, number)
    changed = client.ask("eth_getFilterChanges", installed)
    every = client.ask("eth_getFilterLogs", installed)
    assert [log["topics"][0] for log in changed] == [topic(5)]
    assert [log["topics"][0] for log in every] == [topic(2), topic(3), topic(5)]


def test_block_and_transaction_filters_report_hashes(client: Client, emitter: str) -> None:
    blocks = client.ask("eth_newBlockFilter")
    transactions = client.ask("eth_newPendingTransactionFilter")
    chain = client.node.chain
    emit(chain, chain.head.logs[0].address, 5)
    head = chain.head
    assert client.ask("eth_getFilterChanges", blocks) == ["0x" + head.hash.hex()]
    sent = head.transactions[0].transaction.hash
    assert client.ask("eth_getFilterChanges", transactions) == ["0x" + sent.hex()]
    assert client.refusal("eth_getFilterLogs", blocks)[1].startswith("filter not found")
    assert emitter


def test_an_unknown_filter_is_an_error(client: Client) -> None:
    assert client.refusal("eth_getFilterChanges", "0x99") == (-32000, "filter not found")
    assert client.ask("eth_uninstallFilter", "0x99") is False
