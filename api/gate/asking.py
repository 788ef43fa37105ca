"""How a route asks the gate.

Owns gathering the facts for one decision, and the errors that a route answers with when it must
not go on. Refuses rules: `api.gate.decide` has them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from api.errors import ApiError
from api.gate.answers import DecisionAnswer
from api.gate.decide import OPEN_TO_DELEGATES, block_of, co_host_could_change, decide
from api.gate.decision import UNKNOWING, Decision, Denied, Granted
from api.gate.ports import Question
from api.gate.values import Facts, Holder, Mentor
from api.hosting.facts import StoredCoHosts
from marketplace.domain.errors import typed_error

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from api.errors import Extension
    from api.figures import Figures
    from api.gate.ports import CoHostSource, FactSource
    from api.gate.values import Action, BlockFacts, CoHostFacts, Principal, Resource
    from api.parts import Parts
    from marketplace.domain.addresses import ChecksumAddress


@typed_error
class AccessDenied(ApiError):
    """The gate stays closed, and says why."""

    code = "access_denied"

    denial: Denied

    def _sentence(self) -> str:
        return f"Denied ({self.denial.reason}). {self.denial.remedy.sentence}"

    @property
    def extensions(self) -> Mapping[str, Extension]:
        """The decision, as the access check would show it."""
        return {"decision": DecisionAnswer.of(self.denial).model_dump(mode="json")}


class MirrorBehind(AccessDenied):
    """Nothing is known well enough to decide; this is no denial (a retry helps)."""

    code = "mirror_behind"
    retry_helps = True

    def _sentence(self) -> str:
        return f"Not known yet ({self.denial.reason}). {self.denial.remedy.sentence}"


@dataclass(frozen=True, slots=True)
class Gate:
    """The gate of one API: its facts, the lag that it bears, and who counts its decisions.

    Without `co_hosts` nobody is one.
    """

    source: FactSource
    allowed_lag_s: int
    figures: Figures | None = None
    co_hosts: CoHostSource | None = None

    def ask(
        self,
        principal: Principal,
        action: Action,
        resource: Resource,
        *,
        now: int,
        least_block: int = 0,
    ) -> Decision:
        """Decide on the facts of this moment.

        Args:
            principal: Who asks.
            action: What for.
            resource: Which thing.
            now: Unix second.
            least_block: The newest block that the caller knows of.

        Raises:
            StorageError: a database does not answer.
        """
        (decision,) = self.ask_all(
            principal, [(action, resource)], now=now, least_block=least_block
        )
        return decision

    def ask_all(
        self,
        principal: Principal,
        wanted: Sequence[tuple[Action, Resource]],
        *,
        now: int,
        least_block: int = 0,
    ) -> tuple[Decision, ...]:
        """Decide on several things, all on the facts of one moment.

        Args:
            principal: Who asks.
            wanted: What for, and which thing.
            now: Unix second.
            least_block: The newest block that the caller knows of.

        Raises:
            StorageError: a database does not answer.
        """
        if not wanted:
            return ()
        account = principal.account if isinstance(principal, Holder | Mentor) else None
        drops = frozenset(
            drop
            for _, resource in wanted
            for drop in (resource.drop, *(one.drop for one in resource.opened_by))
        )
        delegates = any(action in OPEN_TO_DELEGATES for action, _ in wanted)
        question = Question(account, drops, now, self.allowed_lag_s, least_block, delegates)
        facts = self.source.facts(question)
        found = _decided(principal, wanted, facts, now)
        named = self._co_hosting(principal, wanted, found)
        if named:
            found = _decided(principal, wanted, replace(facts, co_hosts=named), now)
        if self.figures is not None:
            for (action, _), decision in zip(wanted, found, strict=True):
                self.figures.decided(action, decision)
        return found

    def ask_of_each(
        self,
        accounts: Mapping[ChecksumAddress, int],
        action: Action,
        resource: Resource,
        *,
        now: int,
    ) -> tuple[BlockFacts | Denied, Mapping[ChecksumAddress, Decision]]:
        """Decide on one thing for each of many accounts, all on the facts of one moment.

        Args:
            accounts: Who ask, and the newest block on which each was told yes, or that the asker
                knows of: a no of an older one is no answer. The caller bounds them.
            action: What for.
            resource: Which thing.
            now: Unix second.

        Returns:
            The block that anything was decided on, or why nothing could be; and the decisions.

        Raises:
            StorageError: a database does not answer.
        """
        drops = frozenset((resource.drop, *(one.drop for one in resource.opened_by)))
        delegates = action in OPEN_TO_DELEGATES
        question = Question(None, drops, now, self.allowed_lag_s, delegates=delegates)
        facts = dict(self.source.facts_of_each(question, accounts.keys()))
        found = {one: decide(Holder(one), action, resource, facts[one], now) for one in accounts}
        asked = [one for one in found if co_host_could_change(Holder(one), action, found[one])]
        if asked and self.co_hosts is not None:
            named = self.co_hosts.of_drop(resource.drop)
            for one in asked:
                own = tuple(fact for fact in named if fact.account == one)
                facts[one] = replace(facts[one], co_hosts=own)
                found[one] = decide(Holder(one), action, resource, facts[one], now)
        for one, least in accounts.items():
            if isinstance(found[one], Denied):
                known_of = replace(facts[one], least_block=least)
                found[one] = decide(Holder(one), action, resource, known_of, now)
        if self.figures is not None:
            for decision in found.values():
                self.figures.decided(action, decision)
        return block_of(facts[None], now, resource.level), found

    def _co_hosting(
        self,
        principal: Principal,
        wanted: Sequence[tuple[Action, Resource]],
        found: Sequence[Decision],
    ) -> tuple[CoHostFacts, ...]:
        drops = {
            resource.drop
            for (action, resource), decision in zip(wanted, found, strict=True)
            if co_host_could_change(principal, action, decision)
        }
        if self.co_hosts is None or not drops or not isinstance(principal, Holder):
            return ()
        # Asked each time and never kept: another process may have taken it back a moment ago.
        return self.co_hosts.named(principal.account, drops)

    def require_level(self, *, now: int, least_block: int = 0) -> BlockFacts:
        """The block that anything may be decided on; for what is judged by other rules.

        Raises:
            MirrorBehind: the mirror is not level with the chain, or lacks that block.
            StorageError: the mirror's database does not answer.
        """
        facts = Facts(self.source.block(now), (), (), self.allowed_lag_s, least_block)
        block = block_of(facts, now)
        if isinstance(block, Denied):
            raise MirrorBehind(block)
        return block


def gate_of(parts: Parts) -> Gate:
    """The gate of an application."""
    co_hosts = StoredCoHosts(parts.store, parts.mirror_id)
    return Gate(parts.mirror, parts.settings.allowed_lag_s, parts.figures, co_hosts)


def _decided(
    principal: Principal,
    wanted: Sequence[tuple[Action, Resource]],
    facts: Facts,
    now: int,
) -> tuple[Decision, ...]:
    return tuple(decide(principal, action, resource, facts, now) for action, resource in wanted)


def required(decision: Decision) -> Granted:
    """Give the permission, for a route that goes on only with one.

    Raises:
        MirrorBehind: nothing is known well enough: ask again.
        AccessDenied: the gate stays closed.
    """
    answered = known(decision)
    if isinstance(answered, Granted):
        return answered
    raise AccessDenied(answered)


def known(decision: Decision) -> Decision:
    """Give a decision that can be believed, whether yes or no.

    Raises MirrorBehind when it cannot: ask again.
    """
    if isinstance(decision, Denied) and decision.reason in UNKNOWING:
        raise MirrorBehind(decision)
    return decision
