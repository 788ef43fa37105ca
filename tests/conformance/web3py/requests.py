"""Many requests at once: in one body, and side by side."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, cast

from tests.conformance.web3py.registry import implements

if TYPE_CHECKING:
    from tests.conformance.web3py.world import Web3World


@implements
def batch_answers_every_request(world: Web3World) -> None:
    eth = world.w3.eth
    with world.w3.batch_requests() as batch:
        batch.add(eth.get_block("latest"))
        batch.add(eth.get_transaction_count(world.accounts["bob"].address))
        batch.add(eth.get_balance(world.alice.address))
        batch.add(eth.get_balance(world.pauper.address))
        # web3 types what a batch gives as envelopes; it gives results.
        head, nonce, alice, pauper = cast("list[Any]", batch.execute())
    assert head["number"] == world.ground.series.last_block
    assert nonce > world.ground.series.last_block - world.ground.series.first_block
    assert alice > 0
    assert pauper == 0


@implements
def fifty_parallel_calls_are_answered(world: Web3World) -> None:
    def echo(number: int) -> object:
        return world.probe.functions.echo(number, -number).call()

    with ThreadPoolExecutor(max_workers=50) as threads:
        answers = list(threads.map(echo, range(50)))
    assert answers == [[number, -number] for number in range(50)]
