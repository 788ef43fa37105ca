"""What an export says of its moment, and that whoever begins with it misses nothing."""

from __future__ import annotations

import csv
import json
from random import Random
from shutil import rmtree
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import pytest

from indexer.commands import export as command
from indexer.exporting import alone_in, write_table
from indexer.queries import mirror_status, outbox_since
from indexer.reads import snapshots
from indexer.reads.messages import first_message, next_seq_after
from indexer.reads.snapshots import columns_of
from indexer.store import fold_tables, ledger, pruning
from indexer.store.fold_tables import FOLDED
from indexer.store.history import MIRROR as HISTORY
from marketplace.storage.transactions import reading, writing
from tests.integration.indexer.commanding import settings_of
from tests.integration.indexer.market import Action
from tests.integration.indexer.oracle import dump
from tests.integration.indexer.simulating import (
    CREATE,
    DEPLOY,
    MIRROR,
    actions,
    caught_up,
    started,
)
from tests.integration.indexer.test_filling import ADDED, NARROW, joined, mixed, mixed_tree
from tests.integration.indexer.tree import Tree, TreeNode
from tests.seats_command import seats

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sqlalchemy import Connection, Engine

    from tests.seats_command import Said, SeatsCommand

__all__ = ["seats"]

Export: TypeAlias = "Callable[..., dict[str, Any]]"
"""Exports into a folder; gives what was told."""


@pytest.fixture
def export(
    database: Engine, seats: SeatsCommand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Export:
    """The command over the mirror in the database."""
    for name, value in settings_of(database).items():
        monkeypatch.setenv(name, value)

    def run(at: str | int, *arguments: str) -> dict[str, Any]:
        options = ("--to", tmp_path / "out", "--at", str(at), "--json")
        said = seats("index", "export", *options, *arguments)
        assert (said.exit, said.err) == (0, "")
        told: dict[str, Any] = json.loads(said.out)
        assert json.loads((tmp_path / "out" / "snapshot.json").read_text("utf-8")) == told
        return told

    return run


TABLES: Final = {
    "seats": fold_tables.seat_states,
    "drops": fold_tables.drop_states,
    "closings": fold_tables.closing_states,
    "tiers": fold_tables.tier_states,
    "phases": fold_tables.phase_states,
    "counters": fold_tables.counter_states,
    "credits": fold_tables.credit_states,
    "platform": fold_tables.platform_states,
    "currencies": fold_tables.currency_states,
    "delegations": fold_tables.delegation_states,
    "mints": fold_tables.mints,
    "sales": fold_tables.sales,
    "listings": fold_tables.stored_listings,
    "offers": fold_tables.spent_offers,
    "passes": fold_tables.used_passes,
    "spent_seats": fold_tables.used_seats,
}
_PLACE: Final = {"chain_id", "contract_set", "block_number", "log_index"}
FACTS: Final = {"mints", "sales", "listings", "offers", "passes", "spent_seats"}


def last_rows(connection: Connection, name: str, block: int) -> list[dict[str, str]]:
    """What an exported table must hold, picked out of all its rows one by one."""
    table = TABLES[name]
    rows = [
        row for row in dump(connection, table)[table.name] if _int(row["block_number"]) <= block
    ]
    if name not in FACTS:
        key = [one.name for one in table.primary_key if one.name not in _PLACE]
        rows.sort(key=lambda row: (_int(row["block_number"]), _int(row["log_index"])))
        rows = list({tuple(row[one] for one in key): row for row in rows}.values())
    return [
        {one: str(value) for one, value in row.items() if one not in {"chain_id", "contract_set"}}
        for row in rows
    ]


def _int(value: object) -> int:
    assert isinstance(value, int)
    return value


def exported(tmp_path: Path, name: str) -> list[dict[str, str]]:
    with (tmp_path / "out" / f"{name}.csv").open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def test_every_table_of_states_and_facts_is_exported(
    database: Engine, export: Export, tmp_path: Path
) -> None:
    tree = mixed_tree(60)
    caught_up(started(database, TreeNode(tree), added=ADDED))
    assert {table.name for table in TABLES.values()} == {table.name for table in FOLDED}

    for at in ("latest", 20):
        told = export(at)
        assert set(told["rows"]) == {"events", *TABLES}
        assert {path.stem for path in (tmp_path / "out").glob("*.csv")} == {"events", *TABLES}
        with reading(database) as connection:
            for name in TABLES:
                wanted = last_rows(connection, name, told["block"])
                found = exported(tmp_path, name)
                assert sorted(found, key=repr) == sorted(wanted, key=repr), name
                assert told["rows"][name] == len(found)
    assert export("latest")["rows"]["delegations"] > 5


def test_delegations_are_exported_where_their_history_is_filled_in(
    database: Engine, export: Export, tmp_path: Path, seats: SeatsCommand
) -> None:
    tree = mixed_tree(30)
    caught_up(started(database, TreeNode(tree)))
    # Nobody knows of any where no registry is followed, and that is not the same as none.
    assert "delegations" not in export("latest")["rows"]
    out = ("index", "export", "--to", tmp_path / "out")
    refused = seats(*out, "--table", "delegations")
    assert (refused.exit, "follows no registry" in refused.err) == (2, True)
    adding = started(database, TreeNode(tree), limits=NARROW, added=ADDED)
    adding.step()
    assert not joined(database)

    refused = seats(*out)

    assert (refused.exit, "are not known up to block" in refused.err) == (4, True)
    assert "delegations" in export(3)["rows"]
    assert export("latest", "--table", "seats")["rows"]["seats"]
    caught_up(adding)
    assert export("latest")["rows"]["delegations"]


def exported_events(tmp_path: Path) -> list[tuple[str, int]]:
    return [(row["block_hash"], int(row["log_index"])) for row in exported(tmp_path, "events")]


def gone_on(engine: Engine, known: list[tuple[str, int]], next_seq: int) -> list[tuple[str, int]]:
    """What a consumer knows that began with these events and read every message since."""
    with reading(engine) as connection:
        messages = outbox_since(connection, MIRROR, next_seq, limit=1_000_000)
    for message in messages:
        place = (message.block.hash, message.log_index)
        if message.kind == "apply":
            assert place not in known
            known.append(place)
        else:
            known.remove(place)
    return known


def mirrored_events(engine: Engine) -> list[tuple[str, int]]:
    with reading(engine) as connection:
        rows = ledger.events_above(connection, MIRROR, -1)
        return [(row.log.block_hash, row.log.log_index) for row in rows]


def branching_life(engine: Engine, dice: Random, blocks: int = 30) -> Tree:
    """A mirror that has followed a chain with reorganisations."""
    tree = Tree(safe_depth=2, final_depth=6)
    tree.grow([DEPLOY, CREATE])
    for _ in range(12):
        tree.grow(actions(dice, 3))
    following = started(engine, TreeNode(tree))
    caught_up(following)
    for _ in range(blocks):
        back = dice.choice([0, 0, 0, 0, 1, 3])
        path = tree.tip.path()
        tree.grow(actions(dice, 3), path[-1 - back])
        for _ in range(back):
            tree.grow(actions(dice, 3))
        caught_up(following)
    return tree


@pytest.mark.parametrize("seed", [11, 12])
def test_whoever_goes_on_from_a_snapshot_misses_nothing_and_hears_nothing_twice(
    database: Engine, export: Export, tmp_path: Path, seed: int
) -> None:
    branching_life(database, Random(seed))
    wanted = mirrored_events(database)
    with reading(database) as connection:
        status, origin = mirror_status(connection, MIRROR), ledger.outbox_origin(connection, MIRROR)
    assert origin is not None
    assert status.generation
    blocks = range(origin.number, status.head.number + 1)

    for at in ("latest", "safe", "finalized", *blocks):
        told = export(at, "--table", "events")
        assert told["next_seq"] is not None
        assert gone_on(database, exported_events(tmp_path), told["next_seq"]) == wanted
    assert export("latest", "--table", "events")["next_seq"] == status.next_seq
    # What was never told of cannot be gone on from.
    assert export(origin.number - 1, "--table", "events")["next_seq"] is None


def test_before_the_mirror_is_live_there_is_no_message_to_go_on_from(
    database: Engine, export: Export
) -> None:
    dice, tree = Random(3), Tree(final_depth=4)
    tree.grow([DEPLOY, CREATE])
    for _ in range(30):
        tree.grow(actions(dice, 3))
    started(database, TreeNode(tree), limits=NARROW).step()
    with reading(database) as connection:
        assert not mirror_status(connection, MIRROR).live

    assert export("latest", "--table", "events")["next_seq"] is None


def test_where_messages_are_gone_that_would_tell_it_is_not_known(
    database: Engine, export: Export, tmp_path: Path
) -> None:
    tree = branching_life(database, Random(11))
    wanted = mirrored_events(database)
    with writing(database) as connection:
        last = mirror_status(connection, MIRROR).next_seq
        pruning.delete_below(connection, MIRROR, last - 8, 10_000)
        first = first_message(connection, MIRROR)
        oldest = outbox_since(connection, MIRROR, first, limit=1)[0].block.number
    assert first > 1

    assert export(oldest - 1, "--table", "events")["next_seq"] is None
    for at in range(oldest, tree.tip.number + 1):
        told = export(at, "--table", "events")
        assert gone_on(database, exported_events(tmp_path), told["next_seq"]) == wanted


def followed_through_delegations(engine: Engine, dice: Random) -> Tree:
    """A chain that is mirrored without its registry."""
    tree = Tree(safe_depth=2, final_depth=6)
    tree.grow([DEPLOY, CREATE])
    for _ in range(10):
        tree.grow(mixed(dice))
    following = started(engine, TreeNode(tree))
    caught_up(following)
    for number in range(10):
        tree.grow([*mixed(dice), Action("delegate", number), Action("mint", number)])
        caught_up(following)
    return tree


def test_a_registry_that_was_filled_in_late_is_not_told_in_order(
    database: Engine, export: Export, tmp_path: Path
) -> None:
    dice = Random(7)
    tree = followed_through_delegations(database, dice)
    adding = started(database, TreeNode(tree), limits=NARROW, added=ADDED)
    while not joined(database):
        told = export("latest", "--table", "events")
        assert told["next_seq"] is None
        adding.step()
    filled = tree.tip.number
    for _ in range(4):
        tree.grow([*mixed(dice), Action("delegate", 5)])
        caught_up(adding)
    wanted = sorted(mirrored_events(database))

    known = []
    for at in range(1, tree.tip.number + 1):
        told = export(at, "--table", "events")
        if told["next_seq"] is not None:
            known.append(at)
            found = gone_on(database, exported_events(tmp_path), told["next_seq"])
            assert sorted(found) == wanted
    assert set(known) >= set(range(filled, tree.tip.number + 1))
    assert filled - 3 not in known


def with_a_registry_filled_in_late(engine: Engine) -> tuple[Tree, int]:
    """A mirror whose registry's history was told after its own; and the first message of that."""
    tree = followed_through_delegations(engine, Random(7))
    with reading(engine) as connection:
        first = mirror_status(connection, MIRROR).next_seq
    caught_up(started(engine, TreeNode(tree), limits=NARROW, added=ADDED))
    return tree, first


def gone_on_from(engine: Engine, tree: Tree) -> list[int]:
    """The blocks from which a consumer may go on, and learns all that is mirrored."""
    wanted = mirrored_events(engine)
    numbers = {block.header.hash: block.number for block in tree.tip.path()}
    known = []
    with reading(engine) as connection:
        for block in range(1, tree.tip.number + 1):
            next_seq = next_seq_after(connection, MIRROR, block)
            if next_seq is not None:
                rows = [one for one in wanted if numbers[one[0]] <= block]
                assert sorted(gone_on(engine, rows, next_seq)) == sorted(wanted)
                known.append(block)
    return known


def test_where_those_are_gone_that_told_of_later_blocks_before_a_registry_it_is_not_known(
    database: Engine,
) -> None:
    tree, first = with_a_registry_filled_in_late(database)
    with writing(database) as connection:
        pruning.delete_below(connection, MIRROR, first, 10_000)
        assert first_message(connection, MIRROR) == first

    assert gone_on_from(database, tree) == [tree.tip.number]


def test_what_a_registry_told_that_was_left_again_is_not_told_in_order_either(
    empty_database: Engine,
) -> None:
    HISTORY.upgrade(empty_database)
    tree, _ = with_a_registry_filled_in_late(empty_database)
    HISTORY.downgrade(empty_database, "mirror_0007")
    HISTORY.upgrade(empty_database)
    with reading(empty_database) as connection:
        origin = ledger.outbox_origin(connection, MIRROR)
    assert origin is not None

    assert gone_on_from(empty_database, tree) == [origin.number, tree.tip.number]


def test_a_snapshot_never_speaks_for_tables_that_another_export_wrote_meanwhile(
    database: Engine,
    export: Export,
    tmp_path: Path,
    seats: SeatsCommand,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    caught_up(started(database, TreeNode(mixed_tree(40))))
    out = tmp_path / "out"
    others = [("--to", out / "seats.csv", "--table", "seats"), ("--to", out)]
    refused: list[Said] = []

    def meanwhile(*asked: Any) -> Iterator[tuple[int | str, ...]]:  # noqa: ANN401 - as it is asked
        while others:
            refused.append(seats("index", "export", "--at", "5", *others.pop()))
        return snapshots.rows_of(*asked)

    monkeypatch.setattr(command, "rows_of", meanwhile)
    told = export("latest")

    assert [one.exit for one in refused] == [2, 2]
    assert all("another export writes there" in one.err for one in refused)
    assert {name: len(exported(tmp_path, name)) for name in told["rows"]} == told["rows"]
    export("latest")


def test_an_export_whose_folder_is_removed_writes_nothing_into_one_that_is_made_in_its_place(
    database: Engine,
    export: Export,
    tmp_path: Path,
    seats: SeatsCommand,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    caught_up(started(database, TreeNode(mixed_tree(40))))
    out = tmp_path / "out"
    told: list[dict[str, Any]] = []
    asked_before = 0

    def meanwhile(*asked: Any) -> Iterator[tuple[int | str, ...]]:  # noqa: ANN401 - as it is asked
        nonlocal asked_before
        asked_before += 1
        if asked_before == 2:
            rmtree(out)
            told.append(export(5))
        return snapshots.rows_of(*asked)

    monkeypatch.setattr(command, "rows_of", meanwhile)
    refused = seats("index", "export", "--to", out, "--json")

    assert (refused.exit, refused.out) == (2, "")
    assert "No such file or directory" in refused.err
    (other,) = told
    assert json.loads((out / "snapshot.json").read_text("utf-8")) == other
    assert {name: len(exported(tmp_path, name)) for name in other["rows"]} == other["rows"]
    assert len(list(out.iterdir())) == len(other["rows"]) + 1


def test_a_file_is_whole_though_another_process_of_the_same_number_writes_it_too(
    tmp_path: Path,
) -> None:
    """As two containers over one volume have, in each of which the export is the first process."""
    file = tmp_path / "credits.csv"
    columns = len(columns_of("credits"))

    def rows() -> Iterator[tuple[int, ...]]:
        yield from ([(1,) * columns] * 20_000)
        with alone_in(tmp_path, one_file=True) as folder:
            twos = [(2,) * columns] * 30_000
            write_table("credits", twos, folder, file.name, "csv", lambda _: None)
        told = file.read_text("utf-8").splitlines()
        assert told[1:] == [",".join("2" * columns)] * 30_000
        yield (1,) * columns

    with alone_in(tmp_path, one_file=True) as held:
        assert write_table("credits", rows(), held, file.name, "csv", lambda _: None) == 20_001
    assert file.read_text("utf-8").splitlines()[1:] == [",".join("1" * columns)] * 20_001
    assert [one.name for one in tmp_path.iterdir()] == [file.name]
