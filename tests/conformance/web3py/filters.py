"""Filters that the node keeps between two polls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest
from web3.exceptions import Web3RPCError

from tests.conformance.web3py.registry import implements

if TYPE_CHECKING:
    from tests.conformance.web3py.world import Web3World


@implements
def block_filter_reports_new_blocks(world: Web3World) -> None:
    blocks = world.w3.eth.filter("latest")
    world.mine(2)
    head = world.w3.eth.get_block("latest")
    # web3 types every entry as a log; a block filter gives hashes.
    hashes = cast("list[Any]", blocks.get_new_entries())
    assert hashes == [head["parentHash"], head["hash"]]
    assert blocks.get_new_entries() == []


@implements
def log_filter_reports_new_logs(world: Web3World) -> None:
    world.mine()
    functions = world.probe.functions
    logs = world.probe.events.Stored().create_filter(from_block=world.w3.eth.block_number)
    world.write(functions.store(1, 10))
    world.write(functions.emitEcho(1, 1))
    world.write(functions.store(2, 20))
    assert [each["args"]["key"] for each in logs.get_new_entries()] == [1, 2]
    assert logs.get_new_entries() == []
    world.write(functions.store(3, 30))
    assert [each["args"]["key"] for each in logs.get_new_entries()] == [3]
    assert [each["args"]["key"] for each in logs.get_all_entries()] == [1, 2, 3]


@implements
def uninstalled_filter_is_unknown(world: Web3World) -> None:
    blocks = world.w3.eth.filter("latest")
    filter_id = blocks.filter_id
    assert filter_id is not None
    assert world.w3.eth.uninstall_filter(filter_id)
    assert not world.w3.eth.uninstall_filter(filter_id)
    with pytest.raises(Web3RPCError):
        blocks.get_new_entries()
