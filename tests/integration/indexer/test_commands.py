"""`seats index …` over a mirror of the contract, on both databases."""

from __future__ import annotations

import csv
import json
import re
import sys
from contextlib import closing
from typing import TYPE_CHECKING, Any, Final

import pytest
from pyarrow import parquet
from sqlalchemy import delete, insert, select, update

from indexer.identity import Contract, Contracts, Kind
from indexer.leading import claim_of
from indexer.queries import mirror_status, seats_of_drop
from indexer.reads.snapshots import NAMES, count_of, rows_of
from indexer.rpc.node import RpcNode
from indexer.store import fold_tables
from indexer.store.audit_tables import audit_findings, audits
from indexer.store.contracts import register
from indexer.store.locks import LABEL, name_of
from indexer.store.tables import events
from marketplace.storage.engines import open_engine
from marketplace.storage.transactions import reading, writing
from tests.conformance.chains import CHAIN_ID
from tests.integration.indexer.auditing import audit_all
from tests.integration.indexer.oracle import dump
from tests.integration.indexer.processes import running, served_market
from tests.integration.indexer.simulating import caught_up
from tests.integration.indexer.test_chains import MIRROR, auditor_of, follower
from tests.integration.indexer.test_process import environment
from tests.integration.indexer.test_process_audit import finalize
from tests.integration.marketplace.world import PRICE, address_of
from tests.seats_command import seats
from tests.unit.indexer.commands.test_progress import Terminal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine

    from tests.integration.marketplace.world import Market
    from tests.seats_command import SeatsCommand

__all__ = ["seats"]

OURS: Final = tuple(name for name in NAMES if name != "delegations")
"""The tables of a mirror that follows no registry."""


@pytest.fixture(scope="module")
def market() -> Iterator[tuple[str, Market]]:
    """A market on which some seats were minted, sold and given back, all of it final."""
    with served_market() as (url, deployed):
        for name in ("ada", "bo"):
            deployed.mint(deployed.drop, name, 2)
        listing = deployed.listing(deployed.seat, "ada", PRICE)
        deployed.send("cleo", deployed.contract.buy(listing, deployed.sign(listing, "ada")))
        deployed.send("bo", deployed.contract.bump_counter())
        finalize(deployed)
        yield url, deployed


@pytest.fixture
def mirrored(
    database: Engine,
    market: tuple[str, Market],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Engine:
    """Its mirror, which the command finds by the environment."""
    url, deployed = market
    with closing(RpcNode.at(url, timeout_s=10, batch_limit=20)) as node:
        caught_up(follower(database, deployed, node))
    for name, value in given(database, market, tmp_path).items():
        monkeypatch.setenv(name, value)
    return database


def given(database: Engine, market: tuple[str, Market], folder: Path) -> dict[str, str]:
    url, deployed = market
    told = environment(
        folder,
        url,
        deployed.contract.address,
        START_BLOCK=str(deployed.deployment.block),
        DATABASE=database.url.render_as_string(hide_password=False),
    )
    return {name: value for name, value in told.items() if name.startswith("SEATS_")}


def answered(seats: SeatsCommand, *arguments: str) -> dict[str, Any]:
    """What a command says in JSON; it says nothing else, since nobody sits at a terminal."""
    said = seats("index", *arguments, "--json")
    assert (said.exit, said.err) == (0, "")
    told: dict[str, Any] = json.loads(said.out)
    return told


def tables(engine: Engine) -> dict[str, list[dict[str, object]]]:
    with reading(engine) as connection:
        return dump(connection)


def steal_a_seat(engine: Engine) -> None:
    states = fold_tables.seat_states
    with writing(engine) as connection:
        connection.execute(update(states).values(owner=address_of("eve")))


def test_a_mirror_that_agrees_is_told_with_the_auditors_digest(
    seats: SeatsCommand, mirrored: Engine, market: tuple[str, Market]
) -> None:
    first = answered(seats, "verify", "--headers")
    with closing(RpcNode.at(market[0], timeout_s=10, batch_limit=20)) as node:
        audit_all(auditor_of(mirrored, market[1], node))

    with reading(mirrored) as connection:
        final = mirror_status(connection, MIRROR).finalized
        written = connection.execute(select(audits)).mappings().one()
    assert (first["from"], first["to"]) == (market[1].deployment.block, final.number)
    assert (first["digest"], first["events"]) == (written["digest"], written["events"])
    assert first["answers"] > 3
    assert first["stretches_without_state"] == 0
    again = answered(seats, "verify")
    assert again["digest"] == first["digest"]
    said = seats("index", "verify").out
    assert "agrees" in said
    assert first["digest"] in said


def test_a_part_may_be_verified_by_itself(
    seats: SeatsCommand, mirrored: Engine, market: tuple[str, Market]
) -> None:
    first = market[1].deployment.block + 1
    whole = answered(seats, "verify", "--from", str(first))
    part = answered(seats, "verify", "--from", str(first), "--to", str(first))

    assert (part["from"], part["to"]) == (first, first)
    assert 0 < part["events"] < whole["events"]
    assert part["digest"] != whole["digest"]
    with reading(mirrored) as connection:
        assert dump(connection, audits)["audits"] == []


def test_a_mirror_that_differs_is_told_and_left_as_it_is(
    seats: SeatsCommand, mirrored: Engine
) -> None:
    with writing(mirrored) as connection:
        row = connection.execute(select(events).filter_by(event="SeatSold")).mappings().one()
        at = {name: row[name] for name in ("block_number", "log_index")}
        connection.execute(update(events).filter_by(**at).values(tx_index=7))

    said = seats("index", "verify")

    assert said.exit == 6
    assert f"about the events at block {at['block_number']}: log" in said.err
    with reading(mirrored) as connection:
        assert dump(connection, audits, audit_findings) == {"audits": [], "audit_findings": []}
        assert mirror_status(connection, MIRROR).level_at is not None


def test_what_the_auditor_wrote_down_is_held_against_what_is_there_now(
    seats: SeatsCommand, mirrored: Engine, market: tuple[str, Market]
) -> None:
    with closing(RpcNode.at(market[0], timeout_s=10, batch_limit=20)) as node:
        audit_all(auditor_of(mirrored, market[1], node))
    with writing(mirrored) as connection:
        connection.execute(update(audits).values(digest=f"0x{7:064x}"))

    said = seats("index", "verify")

    assert said.exit == 6
    assert "the digest that the auditor wrote down" in said.err


@pytest.mark.usefixtures("mirrored")
@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--from", "5", "--to", "4"), "the first comes after the last"),
        (("--from", "0"), "nothing is mirrored before block"),
        (("--to", "999999"), "is the last that is final here; end there"),
    ],
)
def test_blocks_that_cannot_be_verified_are_refused(
    seats: SeatsCommand, arguments: tuple[str, ...], sentence: str
) -> None:
    said = seats("index", "verify", *arguments)

    assert said.exit == 2
    assert sentence in said.err


@pytest.mark.usefixtures("mirrored")
@pytest.mark.parametrize(("name", "value"), [("CONTRACT", address_of("eve")), ("START_BLOCK", "1")])
def test_a_mirror_of_other_contracts_than_those_of_the_settings_is_not_verified(
    seats: SeatsCommand, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"SEATS_INDEXER_{name}", value)

    said = seats("index", "verify")

    assert said.exit == 6
    assert "was begun with another contract, another start block" in said.err


def test_a_mirror_is_not_verified_without_a_contract_that_was_added_to_it(
    seats: SeatsCommand, mirrored: Engine
) -> None:
    added = (Contract(Kind.DELEGATIONS, address_of("eve"), 2),)
    with writing(mirrored) as connection:
        register(connection, MIRROR, Contracts((address_of("bo"),), 1, added), begun=True)

    said = seats("index", "verify")

    assert said.exit == 6
    assert "(delegations) from block 2 on" in said.err


def test_what_is_folded_wrongly_is_found_and_rebuilt(seats: SeatsCommand, mirrored: Engine) -> None:
    before = tables(mirrored)
    steal_a_seat(mirrored)
    assert seats("index", "verify", "--samples", "50").exit == 6

    told = answered(seats, "rebuild")

    assert told == {"rebuilt": True, "events": len(before["events"])}
    assert tables(mirrored) == before
    assert seats("index", "verify", "--samples", "50").exit == 0


def test_a_ledger_that_cannot_be_folded_from_its_first_step_on_leaves_everything_as_it_was(
    seats: SeatsCommand, mirrored: Engine
) -> None:
    with writing(mirrored) as connection:
        connection.execute(delete(events).filter_by(event="SeatsMinted"))
        connection.execute(delete(events).filter_by(event="Transfer"))
    before = tables(mirrored)

    said = seats("index", "rebuild")

    assert said.exit == 6
    assert "cannot be folded" in said.err
    assert tables(mirrored) == before


def test_an_indexer_may_run_while_its_mirror_is_verified_rebuilt_and_exported(
    seats: SeatsCommand, mirrored: Engine, market: tuple[str, Market], tmp_path: Path
) -> None:
    deployed = market[1]
    with running(environment(tmp_path, "", "") | given(mirrored, market, tmp_path)) as indexer:
        # Its auditor is at work too, so nothing may be wrong for a moment.
        indexer.line("caught_up")
        refused = seats("index", "rebuild")
        assert (refused.exit, "Stop it first" in refused.err) == (4, True)
        assert answered(seats, "rebuild", "--beside-running")["rebuilt"] is True
        # The same process leads again.
        indexer.line("fenced")
        indexer.line("started")
        indexer.line("caught_up")
        assert answered(seats, "verify")["agrees"] is True
        answered(seats, "export", "--to", str(tmp_path / "out"))
        deployed.send("bo", deployed.contract.bump_counter())
        assert indexer.line("added")["events"] == 1


def test_every_table_is_exported_as_it_was_at_a_block(
    seats: SeatsCommand, mirrored: Engine, market: tuple[str, Market], tmp_path: Path
) -> None:
    deployed = market[1]
    with reading(mirrored) as connection:
        head = mirror_status(connection, MIRROR).head.number
        sold = connection.execute(select(events).filter_by(event="SeatSold")).mappings().one()
        then = sold["block_number"] - 1
    now, before = tmp_path / "now", tmp_path / "before"

    told = answered(seats, "export", "--to", str(now))
    earlier = answered(seats, "export", "--to", str(before), "--at", str(then))

    assert (told["block"], earlier["block"]) == (head, then)
    assert json.loads((now / "snapshot.json").read_text(encoding="utf-8")) == told
    assert {path.stem for path in now.glob("*.csv")} == set(OURS)
    for folder, block, of in ((now, head, told), (before, then, earlier)):
        with reading(mirrored) as connection:
            held = seats_of_drop(connection, MIRROR, deployed.drop, block, limit=1_000)
        with (folder / "seats.csv").open(encoding="utf-8", newline="") as opened:
            rows = list(csv.DictReader(opened))
        assert [(int(row["seat"]), row["owner"], int(row["held"])) for row in rows] == [
            (one.id, one.owner, one.held) for one in held
        ]
        assert of["rows"]["seats"] == len(rows)
    assert (told["rows"]["sales"], earlier["rows"]["sales"]) == (1, 0)
    assert told["rows"]["events"] > earlier["rows"]["events"]
    assert told["rows"]["platform"] == earlier["rows"]["platform"] == 1


@pytest.mark.usefixtures("mirrored")
def test_parquet_holds_what_csv_holds(seats: SeatsCommand, tmp_path: Path) -> None:
    for form in ("csv", "parquet"):
        answered(seats, "export", "--to", str(tmp_path), "--format", form, "--at", "finalized")

    for name in OURS:
        with (tmp_path / f"{name}.csv").open(encoding="utf-8", newline="") as opened:
            wanted = list(csv.DictReader(opened))
        table = parquet.read_table(tmp_path / f"{name}.parquet")
        found = [{one: str(value) for one, value in row.items()} for row in table.to_pylist()]
        assert found == wanted, name
    kinds = parquet.read_schema(tmp_path / "sales.parquet")
    assert (str(kinds.field("seat").type), str(kinds.field("price").type)) == ("int64", "string")


@pytest.mark.usefixtures("mirrored")
def test_an_export_says_on_a_terminal_that_it_counts_and_then_that_it_writes(
    seats: SeatsCommand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = Terminal(looked_at=True)
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "120")

    assert seats("index", "export", "--to", str(tmp_path / "out")).exit == 0

    said = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", terminal.getvalue())
    # All but delegations: this mirror follows no registry.
    tables = len(NAMES) - 1
    counted = rf"tables counted .* {tables}/{tables}"
    assert re.search(rf"(?s){counted}.*rows exported .* 0/[1-9].*rows exported .* 100%", said), said


@pytest.mark.usefixtures("mirrored")
def test_one_table_may_be_one_file(seats: SeatsCommand, tmp_path: Path) -> None:
    file = tmp_path / "sold.parquet"

    told = answered(seats, "export", "--to", str(file), "--table", "sales")

    assert told["rows"] == {"sales": 1}
    assert (
        "\nrows\n  sales  1\n"
        in seats("index", "export", "--to", str(file), "--table", "sales").out
    )
    assert parquet.read_table(file).num_rows == 1
    assert [path.name for path in tmp_path.iterdir() if path.name != "mirror.sqlite"] == [file.name]


@pytest.mark.usefixtures("mirrored")
def test_an_export_that_breaks_off_leaves_no_snapshot_of_another_moment(
    seats: SeatsCommand, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    first = answered(seats, "export", "--to", str(out), "--at", "finalized")
    assert first["format"] == "csv"
    # Nothing takes the place of a folder.
    last = out / f"{OURS[-1]}.csv"
    last.unlink()
    last.mkdir()

    said = seats("index", "export", "--to", str(out))

    assert (said.exit, "name another place" in said.err) == (2, True)
    assert {path.name for path in out.iterdir()} == {f"{name}.csv" for name in OURS}
    last.rmdir()
    told = answered(seats, "export", "--to", str(out))
    assert json.loads((out / "snapshot.json").read_text(encoding="utf-8")) == told


@pytest.mark.usefixtures("mirrored")
@pytest.mark.parametrize(
    ("file", "is_kept"), [("sales.csv", False), ("mine.csv", True), ("sales.parquet", True)]
)
def test_a_table_that_is_replaced_by_itself_ends_what_the_snapshot_says_of_it(
    seats: SeatsCommand, tmp_path: Path, file: str, *, is_kept: bool
) -> None:
    answered(seats, "export", "--to", str(tmp_path / "out"), "--at", "finalized")

    answered(seats, "export", "--to", str(tmp_path / "out" / file), "--table", "sales")

    assert (tmp_path / "out" / "snapshot.json").exists() is is_kept


@pytest.mark.usefixtures("mirrored")
@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--to", "{}/x.csv"), "a file holds one table"),
        (("--to", "{}/x.csv", "--table", "sales", "--format", "parquet"), "does not end with"),
        (("--to", "/proc/nowhere"), "name a folder"),
        (("--to", "/proc/nowhere.csv", "--table", "sales"), "name another place"),
        (("--to", "/proc/version/x.csv", "--table", "sales"), "name another place"),
        (("--to", "{}", "--table", "chairs"), "is no table; there are events"),
        (("--to", "{}", "--at", "soon"), "neither a block's number nor latest"),
        (("--to", "{}", "--at", "99999999"), "is not mirrored"),
        (("--to", "{}", "--format", "xml"), "neither csv nor parquet"),
    ],
)
def test_what_cannot_be_exported_is_refused(
    seats: SeatsCommand, tmp_path: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    said = seats("index", "export", *(one.format(tmp_path / "out") for one in arguments))

    assert said.exit == 2
    assert sentence in " ".join(said.err.split())
    assert "Traceback" not in said.err


@pytest.mark.usefixtures("mirrored")
def test_without_pyarrow_parquet_is_refused_with_what_to_install(
    seats: SeatsCommand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)

    said = seats("index", "export", "--to", str(tmp_path / "out"), "--format", "parquet")

    assert said.exit == 2
    assert "pip install -e '.[parquet]'" in said.err


def test_rows_of_one_export_are_of_one_moment(mirrored: Engine) -> None:
    with reading(mirrored) as connection:
        block = mirror_status(connection, MIRROR).head.number
        before = count_of(connection, MIRROR, "events", block)
        rows = rows_of(connection, MIRROR, "events", block)
        next(rows)
        with writing(mirrored) as other:
            copied = dict(other.execute(select(events).limit(1)).mappings().one())
            other.execute(insert(events).values(**{**copied, "log_index": 1_000}))
        assert 1 + len(list(rows)) == before


def test_the_status_leaves_a_gap_where_the_node_does_not_answer(
    seats: SeatsCommand, mirrored: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert answered(seats, "status")["lag_blocks"] == 0
    assert answered(seats, "status", "--offline")["lag_blocks"] is None
    monkeypatch.setenv("SEATS_INDEXER_NODE", "http://127.0.0.1:1")

    told = answered(seats, "status")

    assert told["lag_blocks"] is None
    with reading(mirrored) as connection:
        assert told["head"] == mirror_status(connection, MIRROR).head.number


def test_the_status_says_who_leads_and_who_stands_by(seats: SeatsCommand, mirrored: Engine) -> None:
    told = answered(seats, "status", "--offline")
    unknown = mirrored.dialect.name == "sqlite"
    assert (told["leader"], told["standing_by"]) == (None, None if unknown else [])
    said = seats("index", "status", "--offline").out
    assert re.search(r"^leader +nobody$", said, re.MULTILINE)
    life = name_of(MIRROR, "here", 7)
    engine = open_engine(mirrored.url, label=f"{LABEL}{life}")
    claim = claim_of(engine, MIRROR, life)
    assert claim.take() is None

    told = answered(seats, "status", "--offline")
    said = seats("index", "status", "--offline").out

    claim.release()
    engine.dispose()
    assert told["leader"]["process"] == "here:7"
    since = told["leader"]["since"]
    assert re.search(rf"^leader +here:7 since {since}$", said, re.MULTILINE)
    waiting = "SQLite does not know" if unknown else "nobody"
    assert re.search(rf"^standing by +{waiting}$", said, re.MULTILINE)


def test_settings_may_stand_in_a_file(
    seats: SeatsCommand, mirrored: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "indexer.toml"
    file.write_text(f"chain_id = {CHAIN_ID}\n", encoding="utf-8")
    monkeypatch.delenv("SEATS_INDEXER_CHAIN_ID")
    assert seats("index", "status").exit == 2

    with reading(mirrored) as connection:
        head = mirror_status(connection, MIRROR).head.number
    assert answered(seats, "status", "--config", str(file))["head"] == head
    monkeypatch.setenv("SEATS_INDEXER_CONFIG", str(file))
    assert answered(seats, "status")["head"] == head
    monkeypatch.setenv("SEATS_INDEXER_CHAIN_ID", "1")
    assert seats("index", "status").exit == 4
