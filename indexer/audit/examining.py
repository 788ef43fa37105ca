"""Holding one stretch of final blocks against the chain: events, blocks, owners and money.

Owns what an examination is made of and its order. Refuses to write anything: whoever asked for it
decides what a difference means. It looks at the contract that the mirror was begun with; contracts
that were added, and what is folded of theirs, it leaves alone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random
from typing import TYPE_CHECKING

from sqlalchemy import select

from indexer.audit.asking import ask
from indexer.audit.claims import claims_about, holdings, owed_after, things_named
from indexer.audit.comparing import Difference, Held, HeldBlock, first_difference, misread
from indexer.audit.digests import extended
from indexer.decoding import decode
from indexer.store import ledger
from indexer.store.tables import blocks as block_rows
from indexer.store.tables import events
from marketplace.bindings.values import ValueUnexpected
from marketplace.domain.addresses import ETH
from marketplace.storage.transactions import reading

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, Engine

    from indexer.audit.claims import Claim
    from indexer.audit.comparing import Told
    from indexer.decoding import Entry
    from indexer.identity import Contracts, MirrorId
    from indexer.rpc.values import RawLog, StateAnswers, StateNode
    from indexer.store.audits import Audited


@dataclass(frozen=True, slots=True)
class Care:
    """How closely to look.

    Attributes:
        every_header: Whether every block is held against its bloom, and not the last one alone.
        samples: About how many events' seats, drops and credits the contract is asked for.
    """

    every_header: bool = False
    samples: int = 8


@dataclass(frozen=True, slots=True)
class Examined:
    """What came out of it.

    Attributes:
        after: Where the audit stands after these blocks, if nothing differs.
        difference: The first thing that differs; None: mirror and chain agree.
        events: How many were compared.
        claims: How many answers of the contract were compared; None: the node no longer has the
            state of these blocks.
    """

    after: Audited
    difference: Difference | None
    events: int
    claims: int | None


class Examiner:
    """Examines stretches of one mirror by one node."""

    def __init__(
        self,
        engine: Engine,
        mirror: MirrorId,
        node: StateNode,
        contracts: Contracts,
        care: Care,
    ) -> None:
        self._engine = engine
        self._mirror = mirror
        self._node = node
        self._contracts = contracts
        self._seats = contracts.addresses[0]
        self._care = care

    def examine(self, blocks: range, before: Audited, *, owed_known: bool = True) -> Examined:
        """Compare everything of some final blocks.

        Args:
            blocks: Which, at least one; all of them final in the mirror.
            before: Where the audit stands before them.
            owed_known: Whether `before` knows what the contract owed then. If not, its balances are
                not held against it.

        Raises:
            ChainUnavailable: no answer, or answers that do not fit together.
            MirrorInconsistent: the node contradicts itself, or told an event of another version.
            StorageError: the database is locked or unreachable.
        """
        with reading(self._engine) as connection:
            held = _held(connection, self._mirror, blocks, self._contracts)
        told = ask(
            self._node,
            blocks,
            self._contracts,
            {log.block_number for log in held.logs},
            every_header=self._care.every_header,
        )
        after = replace(
            before,
            last=told.last.mark,
            events=before.events + len(held.logs),
            digest=extended(before.digest, held.logs),
        )
        difference = first_difference(held, told)
        entries: tuple[Entry, ...] = ()
        if difference is None:
            entries = tuple(decode(log, 0) for log in held.logs)
            difference = misread(held, entries)
        if difference is not None:
            return Examined(after, difference, len(held.logs), None)
        # Only now are the logs believed, and what is folded of them looked at; what is final does
        # not change between two transactions.
        with reading(self._engine) as connection:
            if owed_known:
                touched = things_named(entries, self._seats)
                owed = owed_after(connection, self._mirror, before.owed, touched, blocks)
                after = replace(after, owed=owed)
            claims = self._claims(connection, entries, blocks, before.digest)
        claims += holdings(after.owed, self._seats)
        return self._asked(after, told, claims, len(held.logs))

    def _claims(
        self, connection: Connection, entries: Sequence[Entry], blocks: range, digest: str
    ) -> list[Claim]:
        """Pick some events, half of them of these blocks, and say what they are about."""
        if not self._care.samples:
            return []
        # Known only once everything before is: nobody can prepare for it.
        dice = Random(digest + str(blocks[-1]))  # noqa: S311 - repeatable, and nothing is secret
        here = [dice.choice(entries) for _ in range(self._care.samples // 2 if entries else 0)]
        first = min(self._contracts.start_block, blocks[0])
        places = [dice.randint(first, blocks[-1]) for _ in range(self._care.samples - len(here))]
        found = (self._log_from(connection, range(place, blocks[-1] + 1)) for place in places)
        earlier = [decode(log, 0) for log in found if log is not None]
        things = things_named([*here, *earlier], self._seats)
        return claims_about(connection, self._mirror, things, self._seats, blocks[-1])

    def _log_from(self, connection: Connection, blocks: range) -> RawLog | None:
        """The first log of some blocks; None when there is none."""
        row = (
            connection.execute(
                select(events)
                .filter_by(**self._mirror.columns)
                .where(
                    events.c.block_number >= blocks[0],
                    events.c.block_number <= blocks[-1],
                    events.c.address.in_(self._contracts.addresses),
                )
                .order_by(events.c.block_number, events.c.log_index)
                .limit(1)
            )
            .mappings()
            .one_or_none()
        )
        return None if row is None else ledger.log_of(row)

    def _asked(self, after: Audited, told: Told, claims: list[Claim], events: int) -> Examined:
        number = told.last.number
        answers = self._node.state(number, self._seats, [claim.call for claim in claims])
        if answers is None:
            return Examined(after, None, events, None)
        difference = _of_claims(number, claims, answers)
        owed = after.owed.get(ETH, 0)
        if difference is None and answers.balance < owed:
            what, least = "what the contract has of ETH", f"at least {owed}"
            difference = Difference(number, what, least, str(answers.balance))
        return Examined(after, difference, events, len(claims) + 1)


def _of_claims(number: int, claims: list[Claim], answers: StateAnswers) -> Difference | None:
    for claim, result in zip(claims, answers.results, strict=True):
        told = None if result is None else _decoded(claim, result)
        if not claim.fits(told):
            least = "at least " if claim.at_least else ""
            mirrored = "nobody" if claim.mirrored is None else f"{least}{claim.mirrored}"
            return Difference(number, claim.what, mirrored, "nobody" if told is None else str(told))
    return None


def _decoded(claim: Claim, result: bytes) -> object:
    try:
        (value,) = claim.function.decode_result(result)
    except ValueUnexpected:
        return f"0x{result.hex()}"
    if isinstance(value, str) and isinstance(claim.mirrored, str):
        # ABI decoding gives addresses in lower case.
        return claim.mirrored if value.lower() == claim.mirrored.lower() else value
    return value


def _held(connection: Connection, mirror: MirrorId, blocks: range, contracts: Contracts) -> Held:
    # Not joined: an event whose block is missing must be seen, not left out.
    found = connection.execute(
        select(events)
        .filter_by(**mirror.columns)
        .where(
            events.c.block_number >= blocks[0],
            events.c.block_number <= blocks[-1],
            # A contract that was added fills in behind the audit: those of it are not looked at.
            events.c.address.in_(contracts.addresses),
        )
        .order_by(events.c.block_number, events.c.log_index)
    ).mappings()
    logs: list[RawLog] = []
    readings: list[tuple[str, str]] = []
    for row in found:
        logs.append(ledger.log_of(row))
        readings.append((row["event"], row["arguments"]))
    columns = block_rows.c
    rows = connection.execute(
        select(columns.number, columns.hash, columns.parent_hash, columns.timestamp_s)
        .filter_by(**mirror.columns)
        .where(columns.number >= blocks[0], columns.number <= blocks[-1])
    )
    return Held(
        tuple(logs),
        tuple(readings),
        {row.number: HeldBlock(row.hash, row.parent_hash, row.timestamp_s) for row in rows},
    )
