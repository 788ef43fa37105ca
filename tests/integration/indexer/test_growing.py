"""A mirror that grows as people let it grow: a registry named later, a fold that has changed."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update

from indexer.identity import MirrorId
from indexer.queries import delegations_of
from indexer.store.fold_tables import counter_states
from indexer.store.tables import fold_versions
from marketplace.bindings.delegations import Delegations
from marketplace.bindings.development import deploy_delegations
from marketplace.chain.connection import open_node
from marketplace.storage.engines import open_engine
from marketplace.storage.transactions import reading, writing
from tests.conformance.chains import CHAIN_ID
from tests.integration.indexer import processes
from tests.integration.indexer.processes import finished, running, served_market
from tests.integration.marketplace.world import address_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.integration.marketplace.world import Market

MIRROR = MirrorId(CHAIN_ID)


@pytest.fixture(scope="module")
def registered() -> Iterator[tuple[str, Market, Delegations]]:
    """A market and a registry with a delegation, on a development chain that is served."""
    with served_market() as (url, market):
        registry = Delegations(
            open_node(url, CHAIN_ID), deploy_delegations(market.sender("mentor"))
        )
        market.send("ada", registry.delegate_all(address_of("bo")))
        market.send("ada", market.contract.bump_counter())
        yield url, market, registry


def environment(folder: Path, url: str, contract: str) -> dict[str, str]:
    return processes.environment(f"sqlite:///{folder / 'mirror.sqlite'}", url, contract)


def delegates(database: str) -> set[str]:
    """To whom ada has delegated."""
    engine = open_engine(database)
    with reading(engine) as connection:
        found = delegations_of(connection, MIRROR, address_of("ada"))
    engine.dispose()
    return {one.delegate for one in found}


def test_a_registry_that_is_named_later_is_filled_in_and_followed(
    registered: tuple[str, Market, Delegations], tmp_path: Path
) -> None:
    url, market, registry = registered
    bare = environment(tmp_path, url, market.contract.address)
    with running(bare) as indexer:
        indexer.line("caught_up")
        assert indexer.end(signal.SIGTERM) == 0
    named = bare | {"SEATS_INDEXER_DELEGATIONS": registry.address.lower()}
    with running(named) as indexer:
        joined = indexer.line("joined")
        assert joined["kind"] == "delegations"
        indexer.line("caught_up")
        assert delegates(bare["SEATS_INDEXER_DATABASE"]) == {address_of("bo")}
        market.send("ada", registry.delegate_all(address_of("cleo")))
        indexer.line("added")
        indexer.line("caught_up")
        assert indexer.end(signal.SIGTERM) == 0
    assert delegates(bare["SEATS_INDEXER_DATABASE"]) == {address_of("bo"), address_of("cleo")}

    left_out = finished(bare, "run")
    assert (left_out.returncode, registry.address in left_out.stderr) == (6, True)
    elsewhere = finished(named | {"SEATS_INDEXER_DELEGATIONS_START_BLOCK": "2"}, "run")
    assert elsewhere.returncode == 6
    assert "may be added to a mirror, but not be changed" in elsewhere.stderr


def test_an_address_without_code_is_no_registry(
    registered: tuple[str, Market, Delegations], tmp_path: Path
) -> None:
    url, market, _ = registered
    given = environment(tmp_path, url, market.contract.address)
    nothing = finished(given | {"SEATS_INDEXER_DELEGATIONS": address_of("dan")}, "run")
    assert nothing.returncode == 6
    assert address_of("dan") in nothing.stderr


def test_a_table_of_an_older_fold_is_built_again_before_the_chain_is_followed(
    registered: tuple[str, Market, Delegations], tmp_path: Path
) -> None:
    url, market, _ = registered
    given = environment(tmp_path, url, market.contract.address)
    with running(given) as indexer:
        indexer.line("caught_up")
        assert indexer.end(signal.SIGTERM) == 0
    engine = open_engine(given["SEATS_INDEXER_DATABASE"])
    with writing(engine) as connection:
        right = connection.execute(counter_states.select()).all()
        # As a fold that did not know better would have left it, and the building broken off.
        connection.execute(update(counter_states).values(counter=99))
        mine = update(fold_versions).where(fold_versions.c.fold == "counter_states")
        connection.execute(mine.values(complete=0, next_block=0))
        connection.execute(counter_states.delete())
    assert right
    with running(given) as indexer:
        told = indexer.line("rebuilt")
        assert (told["folds"], told["complete"]) == ("counter_states", True)
        indexer.line("caught_up")
        assert indexer.end(signal.SIGTERM) == 0
    with reading(engine) as connection:
        assert connection.execute(counter_states.select()).all() == right
    engine.dispose()
