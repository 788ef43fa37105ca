"""Questions over HTTP to a real chain, and what a spoilt wire makes of them (I-12, I-18)."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

from indexer.process import exit_code, prepare
from indexer.rpc.errors import (
    AnswerMalformed,
    ChainDiffers,
    ClockAhead,
    ContractMissing,
    NodeOverloaded,
    NodeRefused,
    NodeSilent,
)
from indexer.rpc.node import RpcNode
from indexer.rpc.probe import (
    NO_SUCH_BLOCK,
    require_abilities,
    require_chain,
    require_contract,
)
from indexer.settings import IndexerSettings
from marketplace.bindings.addresses import parse_address
from marketplace.devnet.server import running_devnet
from tests.conformance.chains import CHAIN_ID, free_port
from tests.integration.indexer.relay import relaying

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from indexer.rpc.values import Node
    from tests.integration.indexer.relay import Mode, Relay

NOBODY_THERE = parse_address("0x000000000000000000000000000000000000dEaD")


@pytest.fixture(scope="module")
def devnet_url() -> Iterator[str]:
    with running_devnet() as devnet:
        yield devnet.url


@pytest.fixture
def relay(devnet_url: str) -> Iterator[Relay]:
    with relaying(devnet_url) as running:
        yield running


@pytest.fixture
def node(relay: Relay) -> Iterator[RpcNode]:
    with closing(RpcNode.at(relay.url, timeout_s=5, batch_limit=2)) as asked:
        yield asked


def test_a_node_tells_where_it_stands(node: Node) -> None:
    view = node.view()

    assert view.head.number >= 0
    assert view.safe is not None
    assert view.finalized is not None


def test_headers_beyond_the_head_are_none(node: Node) -> None:
    genesis, beyond, _ = node.headers([0, 9_999_999, 0])

    assert genesis == node.identity().genesis
    assert beyond is None


def test_a_block_that_nobody_knows_has_no_header_and_no_logs(node: Node) -> None:
    assert node.header(NO_SUCH_BLOCK) is None
    with pytest.raises(NodeRefused):
        node.block_logs([NO_SUCH_BLOCK])


def test_one_connection_serves_many_questions(relay: Relay, node: Node) -> None:
    for _ in range(5):
        node.view()

    assert relay.connections == 1


def test_a_connection_that_was_closed_in_between_is_opened_again(relay: Relay, node: Node) -> None:
    relay.mode = "hang_up"
    first = node.identity()

    assert node.identity() == first
    assert relay.connections >= 2


def test_a_node_that_falls_silent_on_an_open_connection_is_silent(relay: Relay) -> None:
    with closing(RpcNode.at(relay.url, timeout_s=2, batch_limit=1)) as hasty:
        hasty.code(NOBODY_THERE)
        relay.mode = "silent"
        with pytest.raises(NodeSilent):
            hasty.code(NOBODY_THERE)
        relay.mode = "forward"
        hasty.code(NOBODY_THERE)


def test_a_compressed_answer_is_read(relay: Relay, node: Node) -> None:
    plain = node.identity()
    relay.mode = "gzip"

    assert node.identity() == plain
    assert relay.asked[-1]["Accept-Encoding"] == "gzip"


@pytest.mark.parametrize(
    ("mode", "error"),
    [
        ("overloaded", NodeOverloaded),
        ("broken", NodeOverloaded),
        ("forbidden", NodeRefused),
        ("cut", NodeSilent),
        ("truncated", AnswerMalformed),
        ("garbage", AnswerMalformed),
    ],
)
def test_a_spoilt_answer_is_an_error_that_a_retry_helps(
    relay: Relay, node: Node, mode: Mode, error: type[Exception]
) -> None:
    relay.mode = mode

    with pytest.raises(error) as refusal:
        node.view()

    assert getattr(refusal.value, "retry_helps") is True  # noqa: B009 - of several classes
    assert relay.url not in str(refusal.value)
    relay.mode = "forward"
    assert node.view().head.number >= 0


@pytest.mark.parametrize(
    ("dated", "second"),
    [
        ("Wed, 25 Feb 2026 06:13:20 GMT", 1_772_000_000),
        ("Wed, 25 Feb 2026 07:13:20 +0100", 1_772_000_000),
        ("Wed, 25 Feb 2026 06:13:20 -0000", 1_772_000_000),
        ("", None),
        ("yesterday", None),
        ("Wed, 31 Feb 2026 06:13:20 GMT", None),
        ("Wed, 25 Feb 99999999999 06:13:20 GMT", None),
    ],
)
def test_a_node_tells_when_it_answered_or_does_not(
    relay: Relay, node: Node, dated: str, second: int | None
) -> None:
    relay.dated = dated

    assert node.view().answered_at == second


def _settings(database: Engine, relay: Relay) -> IndexerSettings:
    return IndexerSettings(
        database=SecretStr(database.url.render_as_string(hide_password=False)),
        node=SecretStr(relay.url),
        chain_id=CHAIN_ID,
        contract=NOBODY_THERE,
        start_block=1,
        max_clock_error_s=60,
    )


def test_nothing_is_begun_by_a_clock_that_is_ahead_of_the_node(
    relay: Relay, node: Node, database: Engine
) -> None:
    settings = _settings(database, relay)
    head = node.view().head
    relay.dated = format_datetime(datetime.fromtimestamp(head.timestamp_s + 100, UTC))

    with pytest.raises(ClockAhead, match="ahead of the node's") as refusal:
        prepare(database, node, settings, lambda: head.timestamp_s + 161)
    assert exit_code(refusal.value) == 6
    # Of this one it is right.
    with pytest.raises(ContractMissing):
        prepare(database, node, settings, lambda: head.timestamp_s + 160)


def test_a_clock_is_not_ahead_for_answers_that_take_long(
    relay: Relay, node: Node, database: Engine
) -> None:
    settings = _settings(database, relay)
    now = node.view().head.timestamp_s + 1_000

    def slowly(_question: bytes) -> None:
        nonlocal now
        now += 40
        relay.dated = format_datetime(datetime.fromtimestamp(now, UTC))

    relay.instead = slowly
    with pytest.raises(ContractMissing):
        prepare(database, node, settings, lambda: now)


def test_a_port_where_nobody_listens_is_silent() -> None:
    with (
        closing(RpcNode.at(f"http://127.0.0.1:{free_port()}", timeout_s=1, batch_limit=9)) as node,
        pytest.raises(NodeSilent, match="Connection refused"),
    ):
        node.view()


def test_a_password_in_the_address_is_sent_and_never_told(relay: Relay) -> None:
    url = relay.url.replace("http://", "http://ada:se%40cret@")
    with closing(RpcNode.at(url, timeout_s=5, batch_limit=9)) as node:
        node.view()
        relay.mode = "broken"
        with pytest.raises(NodeOverloaded) as refusal:
            node.view()

    assert relay.asked[-1]["Authorization"] == "Basic YWRhOnNlQGNyZXQ="
    assert "cret" not in str(refusal.value)


def test_the_development_chain_can_be_followed(node: Node) -> None:
    require_abilities(node, node.view())
    assert require_chain(node, CHAIN_ID, None).chain_id == CHAIN_ID


def test_another_chain_and_an_address_without_code_are_refused(node: Node) -> None:
    with pytest.raises(ChainDiffers, match="chain id"):
        require_chain(node, 1, None)
    with pytest.raises(ChainDiffers, match="genesis"):
        require_chain(node, CHAIN_ID, NO_SUCH_BLOCK)
    with pytest.raises(ContractMissing, match="deploy first"):
        require_contract(node, NOBODY_THERE, CHAIN_ID)
