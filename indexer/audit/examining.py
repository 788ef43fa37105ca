"""Holding one stretch of final blocks against the chain: events, blocks, owners and money.

Owns what an examination is made of and its order. Refuses to write anything: whoever asked for it
decides what a difference means. The events of contracts that were added are looked at once these
have joined; what is folded of them is not, and the digest stands for the first contract alone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from indexer.audit.asking import ask
from indexer.audit.claims import (
    claims_about,
    holdings,
    owed_after,
    things_about,
    things_named,
)
from indexer.audit.comparing import Difference, Held, HeldBlock, first_difference, misread
from indexer.audit.digests import extended
from indexer.decoding import decode
from indexer.identity import Kind
from indexer.store import contracts as contract_rows
from indexer.store import ledger
from indexer.store.tables import blocks as block_rows
from indexer.store.tables import events
from marketplace.bindings.values import ValueUnexpected
from marketplace.domain.addresses import ETH
from marketplace.domain.errors import ChainUnavailable, typed_error
from marketplace.storage.transactions import reading

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy import Connection, Engine

    from indexer.audit.claims import Claim
    from indexer.audit.comparing import Told
    from indexer.decoding import Entry
    from indexer.identity import Contracts, MirrorId
    from indexer.rpc.values import Mark, RawLog, StateAnswers, StateNode
    from indexer.store.audits import Audited


PROBED: Final = 100
"""Blocks of a stretch of history that are held against their bloom, in one request more."""


@typed_error
class StateGone(ChainUnavailable):
    """The node has forgotten the state by which a disagreement is to be looked at again."""

    code = "state_gone"

    block_number: int

    def _sentence(self) -> str:
        return (
            f"The node no longer has the contract's state at block {self.block_number} or since, "
            "and mirror and chain disagreed about it. While that closes doors the mirror stands "
            "still, so that waiting does not help: name an archive node, or mirror into a new "
            "database. Asking again."
        )


@dataclass(frozen=True, slots=True)
class Care:
    """How closely to look.

    Attributes:
        every_header: Whether every block is held against its bloom. If not, those are that came
            after the mirror was live, and of history `PROBED` of each stretch.
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

    def examine(
        self, blocks: range, before: Audited, contracts: Contracts, *, owed_known: bool = True
    ) -> Examined:
        """Compare everything of some final blocks.

        Args:
            blocks: Which, at least one; all of them final in the mirror.
            before: Where the audit stands before them.
            contracts: Whose logs: the first one's, and those that have joined, as `following`.
            owed_known: Whether `before` knows what the contract owed then. If not, its balances are
                not held against it.

        Raises:
            ChainUnavailable: no answer, or answers that do not fit together.
            MirrorInconsistent: the node contradicts itself, or told an event of another version.
            StorageError: the database is locked or unreachable.
        """
        with reading(self._engine) as connection:
            held = _held(connection, self._mirror, blocks, contracts)
            origin = ledger.outbox_origin(connection, self._mirror)
        told = ask(
            self._node,
            blocks,
            contracts,
            {log.block_number for log in held.logs},
            proven=self._proven(blocks, origin, before.digest),
        )
        seats_logs = [log for log in held.logs if log.address == self._seats]
        after = replace(
            before,
            last=told.last.mark,
            events=before.events + len(seats_logs),
            digest=extended(before.digest, seats_logs),
        )
        difference = first_difference(held, told)
        entries: tuple[Entry, ...] = ()
        if difference is None:
            kinds = contracts.kinds
            entries = tuple(decode(log, 0, kinds.get(log.address, Kind.SEATS)) for log in held.logs)
            difference = misread(held, entries)
            entries = tuple(one for one in entries if one.log.address == self._seats)
        if difference is not None:
            return Examined(after, difference, len(held.logs), None)
        # Only now are the logs believed, and what is folded of them looked at; what is final does
        # not change between two transactions.
        with reading(self._engine) as connection:
            if owed_known:
                touched = things_named(entries, self._seats)
                owed = owed_after(connection, self._mirror, before.owed, touched, blocks)
                if isinstance(owed, Difference):
                    return Examined(after, owed, len(held.logs), None)
                after = replace(after, owed=owed)
            claims = self._claims(connection, entries, blocks, before.digest)
        claims += holdings(after.owed, self._seats)
        return self._asked(after, told, claims, len(held.logs))

    def ask_about(self, about: Mapping[str, str], numbers: Sequence[int]) -> Difference | None:
        """Compare one thing after the first of some final blocks whose state the node still has.

        Args:
            about: As a claim has it, but of what the contract has altogether.
            numbers: Blocks, in the order in which they are tried.

        Raises:
            StateGone: the node has the state of none of them.
            ChainUnavailable: no answer.
            StorageError: the database is locked or unreachable.
        """
        things = things_about(about)
        for number in numbers:
            with reading(self._engine) as connection:
                claims = claims_about(connection, self._mirror, things, self._seats, number)
            answers = self._node.state(number, self._seats, [claim.call for claim in claims])
            if answers is not None and b"" not in answers.results:
                return _of_claims(number, claims, answers)
        raise StateGone(min(numbers))

    def _proven(self, blocks: range, origin: Mark | None, digest: str) -> Collection[int]:
        """The blocks that are held against their bloom.

        Of what came after the mirror was live, all: there a header for each block is little, and
        what a node left out of a range, while the mirror caught up, would never be seen again. Of
        history some, and nobody knows before which.
        """
        is_live = origin is not None and blocks[-1] > origin.number
        if self._care.every_header or is_live or len(blocks) <= PROBED:
            return blocks
        dice = Random(f"{digest} {blocks[-1]}")  # noqa: S311 - repeatable, and nothing is secret
        return frozenset(dice.sample(blocks, PROBED))

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
        # Nothing at all is no contract's answer: a node says it that has no code there, because it
        # has the state of that block no longer.
        if answers is None or b"" in answers.results:
            return Examined(after, None, events, None)
        difference = _of_claims(number, claims, answers)
        owed = after.owed.get(ETH, 0)
        if difference is None and answers.balance < owed:
            what, least = "what the contract has of ETH", f"at least {owed}"
            about = {"currency": str(ETH)}
            difference = Difference(number, what, least, str(answers.balance), about)
        return Examined(after, difference, events, len(claims) + 1)


def following(connection: Connection, mirror: MirrorId, contracts: Contracts) -> Contracts:
    """The contract that a mirror was begun with, and those that have joined it since."""
    found = contract_rows.load(connection, mirror)
    return contracts.following({kind for kind, one in found.items() if one.joined})


def _of_claims(number: int, claims: list[Claim], answers: StateAnswers) -> Difference | None:
    for claim, result in zip(claims, answers.results, strict=True):
        told = None if result is None else _decoded(claim, result)
        if not claim.fits(told):
            least = "at least " if claim.at_least else ""
            mirrored = claim.refused if claim.mirrored is None else f"{least}{claim.mirrored}"
            on_chain = claim.refused if told is None else str(told)
            return Difference(number, claim.what, mirrored, on_chain, claim.about)
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
            # One that is being filled in is looked at when it has joined.
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
