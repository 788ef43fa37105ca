"""Holding a range of mirrored blocks against the chain, because somebody asks for it.

Owns which blocks may be asked for, and going through them. Refuses to write: it may run beside an
indexer, and by another node than the indexer's.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from indexer.audit.auditor import FIRST_BLOCKS, beginning, disagreement
from indexer.audit.comparing import Difference
from indexer.audit.examining import Examiner, following
from indexer.reads.levels import MirrorMissing
from indexer.store import audits, checkpoints
from indexer.sync.ranges import RangeSize
from marketplace.domain.errors import ChainUnavailable, RuleViolated, typed_error
from marketplace.storage.transactions import reading

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine

    from indexer.audit.examining import Care, Examined
    from indexer.identity import Contracts, MirrorId
    from indexer.rpc.values import Mark, StateNode
    from indexer.store.audits import Audited
    from indexer.store.checkpoints import Checkpoint


@typed_error
class RangeUnfit(RuleViolated):
    """The blocks that were named cannot be verified."""

    code = "range_unfit"

    first: int
    last: int
    why: str

    def _sentence(self) -> str:
        return f"Blocks {self.first} to {self.last} cannot be verified: {self.why}."


class Patience(Protocol):
    """Waits after a failure; raises it when there were too many."""

    def __call__(self, error: ChainUnavailable, failures: int) -> None:
        """Wait, or raise the error; so many failures in a row, 1 or more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """Mirror and chain agree about some blocks.

    Attributes:
        digest: Stands for the events of these blocks; from the contract's first block on it is the
            digest that the auditor writes down.
        claims: How many answers of the contract were compared.
        unasked: Stretches whose state the node no longer has.
    """

    first: int
    last: Mark
    events: int
    digest: str
    claims: int
    unasked: int


class Verifier:
    """Verifies ranges of one mirror by one node; raises MirrorMissing when there is none."""

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
        self._examiner = Examiner(engine, mirror, node, contracts, care)
        with reading(engine) as connection:
            found = checkpoints.load(connection, mirror)
            self._followed = following(connection, mirror, contracts)
        self._start = max(self._followed.first_block, 1)
        if found is None:
            raise MirrorMissing(mirror.chain_id, mirror.contract_set)
        self._checkpoint: Checkpoint = found

    @property
    def genesis_hash(self) -> str:
        """Of the chain that is mirrored."""
        return self._checkpoint.genesis_hash

    def blocks(self, first: int | None, last: int | None) -> range:
        """The blocks that are meant; from the contract's first one and to the finalized one.

        Raises RangeUnfit.
        """
        final = self._checkpoint.finalized.number
        begin = self._start if first is None else first
        end = final if last is None else last
        if begin > end:
            raise RangeUnfit(begin, end, "the first comes after the last")
        if begin < self._start:
            why = f"nothing is mirrored before block {self._start}; begin there"
            raise RangeUnfit(begin, end, why)
        if end > final:
            raise RangeUnfit(begin, end, f"block {final} is the last that is final here; end there")
        return range(begin, end + 1)

    def verify(
        self,
        blocks: range,
        told: Callable[[int], object],
        patience: Patience,
        most_blocks: int = 2_000,
    ) -> Verified:
        """Compare everything of some blocks.

        Args:
            blocks: Which, as `blocks` gave them.
            told: Is told how many more blocks agree, now and then.
            patience: What happens when the node does not answer.
            most_blocks: Most blocks of one question.

        Raises:
            AuditDisagreed: mirror and chain disagree.
            MirrorInconsistent: the node contradicts itself.
            ChainUnavailable: the node does not answer, and patience has ended.
            StorageError: the database is locked or unreachable.
        """
        whole = blocks[0] == self._start
        before = beginning(self._mirror, self._checkpoint, blocks[0])
        size = RangeSize(most_blocks, min(FIRST_BLOCKS, most_blocks))
        claims = unasked = failures = 0
        while before.last.number < blocks[-1]:
            first = before.last.number + 1
            stretch = range(first, min(blocks[-1], first + size.blocks - 1) + 1)
            try:
                examined = self._agreed(stretch, before, whole=whole)
            except ChainUnavailable as error:
                failures += 1
                size = size.shrunk()
                patience(error, failures)
                continue
            failures = 0
            before = examined.after
            claims += examined.claims or 0
            unasked += examined.claims is None
            size = size.grown(examined.events * 10)
            told(len(stretch))
        if whole:
            self._require_as_written_down(before)
        return Verified(
            first=blocks[0],
            last=before.last,
            events=before.events,
            digest=before.digest,
            claims=claims,
            unasked=unasked,
        )

    def _agreed(self, stretch: range, before: Audited, *, whole: bool) -> Examined:
        examined = self._examiner.examine(stretch, before, self._followed, owed_known=whole)
        if examined.difference is not None:
            raise disagreement(examined.difference)
        return examined if whole else replace(examined, after=replace(examined.after, owed={}))

    def _require_as_written_down(self, after: Audited) -> None:
        """The auditor's digest at this block, where there is one, is this one."""
        with reading(self._engine) as connection:
            written = audits.digest_at(
                connection, self._mirror, after.last.number, after.config_hash
            )
        if written is not None and written != after.digest:
            what = "the digest that the auditor wrote down"
            raise disagreement(Difference(after.last.number, what, written, after.digest))
