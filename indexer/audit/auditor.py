"""The auditor: after what is final is mirrored, it is asked for again, stretch by stretch.

Owns how far was audited, what follows, and what a disagreement does: it is written down, the mirror
is no longer level, and the fence is raised, so that no commit follows it. Refuses clocks of its own
and waiting.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from indexer.audit.claims import about_everything
from indexer.audit.comparing import Difference, shown
from indexer.audit.digests import seed
from indexer.audit.examining import Care, Examiner, StateGone, following
from indexer.rpc.values import Mark
from indexer.store import audits, checkpoints, heartbeats
from indexer.store.audits import Audited, Finding
from indexer.store.checkpoints import CheckpointMoved, FenceLost
from indexer.sync.ranges import RangeSize
from marketplace.domain.errors import ChainUnavailable, MirrorInconsistent, typed_error
from marketplace.storage.transactions import reading, writing

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    from indexer.audit.examining import Examined
    from indexer.identity import Contracts, MirrorId
    from indexer.rpc.values import StateNode
    from indexer.store.checkpoints import Checkpoint
    from indexer.sync.hold import Hold

FIRST_BLOCKS: Final = 100
"""Blocks of the first stretch; later ones follow how many events there are."""

MOST_BLOCKS: Final = 2_000
"""Blocks of the longest stretch."""

_WEIGHT: Final = 10
"""An audited event costs about as much as ten that are gathered; stretches are sized by it."""

_BEATS: Final = 5
"""Heartbeats that may be missing before a mirror is taken for one that is not level."""


@typed_error
class AuditDisagreed(MirrorInconsistent):
    """What is mirrored is not what the chain says, asked again."""

    code = "audit_disagreed"

    block_number: int
    what: str
    mirrored: str
    on_chain: str

    def _sentence(self) -> str:
        at = self.block_number
        return (
            f"Mirror and chain disagree about {self.what} at block {at}: "
            f"{shown(self.mirrored)} is mirrored, the chain says {shown(self.on_chain)}. Let no "
            "door open on this mirror. Name another node and compare: "
            f"`python -m indexer verify --from {at} --to {at}`. If the mirror is wrong and its "
            "events are right, `python -m indexer rebuild`; otherwise mirror into a new database."
        )


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some blocks that were held against the chain, and agree.

    Attributes:
        claims: How many answers of the contract were compared; None: the node no longer has the
            state of these blocks.
        final: The last block that was final.
    """

    blocks: range
    audited: Audited
    events: int
    claims: int | None
    final: int

    @property
    def is_last(self) -> bool:
        """Whether nothing final was left after it."""
        return self.blocks[-1] == self.final


@dataclass(frozen=True, slots=True)
class _Position:
    """Where the audit stands, whose logs count, and the last final block."""

    before: Audited
    followed: Contracts
    final: int


@dataclass(slots=True)
class Kept:
    """What the auditors of one process leave to each other, from term to term.

    Attributes:
        size: Of the next stretch: what a node cannot answer in time is asked for in smaller ones.
        doubted: What differed when it was first looked at, and was not looked at again.
    """

    size: RangeSize
    doubted: Difference | None = None

    @classmethod
    def beginning(cls, most_blocks: int) -> Kept:
        """Of a process that has not audited yet; `most_blocks`: most blocks of one stretch."""
        return cls(RangeSize(most_blocks, min(FIRST_BLOCKS, most_blocks)))


class Auditor:
    """Audits one mirror, behind its indexer.

    Args:
        hold: The right to write it.
        node: Not the one that the mirror is filled by: both are used at once.
        contracts: What is mirrored.
        clock: Gives Unix seconds.
        care: How closely to look.
        kept: What the auditor of the term before has left.
        heartbeat_s: Seconds after which a mirror that is still level says so again.
    """

    def __init__(
        self,
        hold: Hold,
        node: StateNode,
        contracts: Contracts,
        clock: Callable[[], float],
        *,
        care: Care | None = None,
        kept: Kept | None = None,
        heartbeat_s: int = 2,
    ) -> None:
        self._hold = hold
        self._contracts = contracts
        self._clock = clock
        self._young_s = _BEATS * heartbeat_s
        self._kept = kept or Kept.beginning(MOST_BLOCKS)
        self._examiner = Examiner(hold.engine, hold.mirror, node, contracts, care or Care())

    def is_settled(self) -> bool:
        """Whether no disagreement of before waits to be looked at again."""
        with reading(self._hold.engine) as connection:
            return audits.finding(connection, self._hold.mirror) is None

    def is_free(self) -> bool:
        """Whether the mirror was level lately, and so its indexer has nothing to catch up with.

        When it last was stays in the tables while what came meanwhile is read.
        """
        with reading(self._hold.engine) as connection:
            noted = heartbeats.last(connection, self._hold.mirror)
        return noted is not None and 0 <= int(self._clock()) - noted <= self._young_s

    def step(self) -> Stretch | None:
        """Audit the next stretch; None when everything final is audited.

        Raises:
            AuditDisagreed: mirror and chain disagree; that is written down.
            ChainUnavailable: ask again; nothing was changed.
            FenceLost: another indexer has taken over.
            MirrorInconsistent: the node contradicts itself.
            StorageError: the database is locked or unreachable.
        """
        at = self._position()
        first = at.before.last.number + 1
        last = min(at.final, first + self._kept.size.blocks - 1, audits.window_of(first)[-1])
        if last < first:
            return None
        return self._audited(range(first, last + 1), at.before, at.followed, at.final)

    def look_again(self) -> Stretch | None:
        """Look at the disagreement of before where it was found, and forget it when there is none.

        The block is held against the chain anew, and what the contract was asked for is asked for
        again: at that block, or, where the node has forgotten its state, at the newest final one.
        What the contract has altogether is seen once everything before the block is counted, at the
        first block from there on whose state the node has.

        Returns:
            What was audited on the way; None: nothing but that.

        Raises as `step`; StateGone when the node has the state of no such block.
        """
        at, found = self._position(), self._finding()
        if found is None:
            return None
        if found.about is None or about_everything(found.about):
            stretch = self.step()
            if stretch is None:
                self._look_at_the_end(at)
            return stretch
        self._settle(self._difference(found, at), at)
        return None

    def _look_at_the_end(self, at: _Position) -> None:
        """Ask at the last block, by which everything is counted, for the state that was missing."""
        last = at.before.last.number
        # What is owed there is known, and is not counted again.
        blocks = range(last, last + 1)
        examined = self._examined(blocks, at.before, at.followed, at.final, owed_known=False)
        if examined.difference is None and examined.claims is None:
            raise StateGone(last)
        self._settle(examined.difference, at)

    def _settle(self, difference: Difference | None, at: _Position) -> None:
        if difference is not None:
            self._disagree(difference, at.before.config_hash)
        with writing(self._hold.engine) as connection:
            self._require_as_read(connection, at.before.config_hash, at.followed, at.final)
            audits.settle(connection, self._hold.mirror)

    def _difference(self, found: Finding, at: _Position) -> Difference | None:
        number = found.block_number
        before = replace(at.before, owed={})
        blocks = range(number, number + 1)
        examined = self._examined(blocks, before, at.followed, at.final, owed_known=False)
        if examined.difference is not None or not found.about:
            return examined.difference
        numbers = sorted({number, at.final})
        once = self._examiner.ask_about(found.about, numbers)
        return once and self._examiner.ask_about(found.about, numbers)

    def _finding(self) -> Finding | None:
        with reading(self._hold.engine) as connection:
            return audits.finding(connection, self._hold.mirror)

    def _position(self) -> _Position:
        with reading(self._hold.engine) as connection:
            checkpoint = checkpoints.load(connection, self._hold.mirror)
            if checkpoint is None or checkpoint.fence != self._hold.fence:
                raise FenceLost(self._hold.fence, 0 if checkpoint is None else checkpoint.fence)
            before = audits.last(connection, self._hold.mirror)
            followed = following(connection, self._hold.mirror, self._contracts)
        if before is None or before.config_hash != checkpoint.config_hash:
            before = beginning(self._hold.mirror, checkpoint, followed.first_block)
        return _Position(before, followed, checkpoint.finalized.number)

    def _audited(self, blocks: range, before: Audited, followed: Contracts, final: int) -> Stretch:
        try:
            examined = self._examined(blocks, before, followed, final)
        except StateGone:
            # Not for being asked for too much.
            raise
        except ChainUnavailable:
            self._kept.size = self._kept.size.shrunk()
            raise
        if examined.difference is not None:
            self._disagree(examined.difference, before.config_hash)
        self._note(examined, before.config_hash, followed)
        self._kept.size = self._kept.size.grown(examined.events * _WEIGHT)
        return Stretch(blocks, examined.after, examined.events, examined.claims, final)

    def _examined(
        self,
        blocks: range,
        before: Audited,
        followed: Contracts,
        final: int,
        *,
        owed_known: bool = True,
    ) -> Examined:
        # Before anything else is looked at, so that there is never more than one.
        self._dispel(before.config_hash, final)
        examined = self._examiner.examine(blocks, before, followed, owed_known=owed_known)
        first = examined.difference
        if first is None:
            return examined
        if first.about and not about_everything(first.about):
            # Before the second look, which may fail; the next one may find no state.
            self._kept.doubted = first
        # Once more: a stop that one bad answer can cause would be everybody's lever.
        examined = self._examiner.examine(blocks, before, followed, owed_known=owed_known)
        if examined.difference is not None:
            # Kept until it is written down: by then the state may be gone.
            return examined
        if examined.claims is not None:
            self._kept.doubted = None
        elif about_everything(first.about):
            # Not remembered: what follows is held against the same sum, carried on.
            raise StateGone(first.block_number)
        self._dispel(before.config_hash, final)
        return examined

    def _dispel(self, config_hash: str, final: int) -> None:
        """Look once more at what was seen once; raises StateGone, and AuditDisagreed."""
        doubted = self._kept.doubted
        if doubted is None:
            return
        if doubted.block_number > final:
            # What is final stays so: an older copy of the tables was put back since.
            self._kept.doubted = None
            return
        numbers = sorted({doubted.block_number, final})
        difference = self._examiner.ask_about(doubted.about, numbers)
        if difference is not None:
            self._disagree(difference, config_hash)
        self._kept.doubted = None

    def _note(self, examined: Examined, config_hash: str, followed: Contracts) -> None:
        hold, after = self._hold, examined.after
        with writing(hold.engine) as connection:
            self._require_as_read(connection, config_hash, followed, after.last.number)
            known = audits.last(connection, hold.mirror)
            if known is not None and known.config_hash != config_hash:
                audits.forget(connection, hold.mirror)
            audits.advance(connection, hold.mirror, after)
            finding = audits.finding(connection, hold.mirror)
            # Without the state nothing was asked that such a finding could be about.
            if (
                finding is not None
                and finding.block_number <= after.last.number
                and (finding.about == {} or examined.claims is not None)
            ):
                audits.settle(connection, hold.mirror)

    def _require_as_read(
        self, connection: Connection, config_hash: str, followed: Contracts, number: int
    ) -> None:
        hold = self._hold
        audits.require_held(connection, hold.mirror, hold.fence, config_hash)
        if following(connection, hold.mirror, self._contracts) != followed:
            # One has joined meanwhile, and what was looked at lacks it.
            raise CheckpointMoved(number)

    def _disagree(self, difference: Difference, config_hash: str) -> None:
        hold = self._hold
        with writing(hold.engine) as connection:
            audits.require_held(connection, hold.mirror, hold.fence, config_hash)
            self._stop(connection, difference)
        # What was written down is looked at again before anything else.
        self._kept.doubted = None
        raise disagreement(difference)

    def _stop(self, connection: Connection, difference: Difference) -> None:
        mirror = self._hold.mirror
        open_one = audits.finding(connection, mirror)
        # There is place for one. What the contract was asked for would be forgotten once the new
        # one is settled; the new one is looked for again with the open one.
        if open_one is None or not open_one.about or open_one.about == difference.about:
            found = Finding(
                block_number=difference.block_number,
                what=difference.what,
                mirrored=difference.mirrored,
                on_chain=difference.on_chain,
                about=difference.about,
                found_at=int(self._clock()),
            )
            audits.note(connection, mirror, found)
        # A pass that is under way must not say once more that the mirror is level.
        heartbeats.stop(connection, mirror)
        checkpoints.take_over(connection, mirror)


def beginning(mirror: MirrorId, checkpoint: Checkpoint, start_block: int) -> Audited:
    """Where an audit stands before anything was audited: before the contract was there."""
    return Audited(
        # Genesis is where every mirror begins; it holds no logs.
        last=Mark(max(start_block - 1, 0), checkpoint.genesis_hash),
        config_hash=checkpoint.config_hash,
        events=0,
        digest=seed(mirror, checkpoint.genesis_hash, checkpoint.config_hash),
        owed={},
    )


def disagreement(difference: Difference) -> AuditDisagreed:
    """The error that ends whoever found a difference."""
    return AuditDisagreed(
        difference.block_number, difference.what, difference.mirrored, difference.on_chain
    )
