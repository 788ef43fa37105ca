"""Holding answers of the gate against the truth of the very block that each names.

Owns what counts as a wrong answer, as a late one, as a refusal and as an error, and the counts.
Refuses to ask anybody: answers and blocks are handed in.

    wrong    yes or no is not the truth at the block that the answer names; that was never a block
             of the chain, has another number, or is older than the one that the asker knew of; the
             seat that let somebody in is not theirs; answers to one batch name several blocks
    late     true of its block, but that had not been the head for longer than the answer admits,
             or than is allowed
    refused  503 `mirror_behind`: the gate says that it does not know, which is no answer
    errors   whatever else is no decision: other statuses, connections that fail, answers that are
             none
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from marketplace.domain.ids import SeatId

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.ids import DropId
    from tests.benchmarks.truths import Block

Verdict: TypeAlias = Literal["right", "wrong", "late", "refused", "errors"]

_ROUNDED_S: Final = 1.0
"""By how much an answer's lag may be too small: both its ends are whole seconds."""

_OK: Final = 200
_UNAVAILABLE: Final = 503
_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class Question:
    """What may be asked, and the drops whose seats open it."""

    action: str
    drop: DropId
    session: int | None
    opened_by: frozenset[DropId]

    @property
    def members(self) -> dict[str, object]:
        """As the API names them."""
        members: dict[str, object] = {"action": self.action, "drop": int(self.drop)}
        return members if self.session is None else {**members, "session": self.session}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back for one request.

    Attributes:
        asker: Number of the client.
        asked: Numbers of the questions; several: a batch.
        least: The `min_block` that was sent; 0: none.
        sent_at: Unix second at which it was sent.
        took_ms: From when it was due until its answer was there.
        status: Of HTTP; 0: there was no answer, and `body` says why.
        body: As it came.
    """

    asker: int
    asked: Sequence[int]
    least: int
    sent_at: float
    took_ms: float
    status: int
    body: str

    @property
    def came_at(self) -> float:
        """The Unix second at which it was there, or a little later."""
        return self.sent_at + self.took_ms / 1_000


@dataclass(frozen=True, slots=True)
class Judgment:
    """What one answer is.

    Attributes:
        verdict: Of the whole.
        why: In words, where it is not right.
        decisions: How many there were in it.
        allowed: How many of those were a yes.
        block_hash: Of the block that it rests on, where that could be judged.
    """

    verdict: Verdict
    why: str
    decisions: int = 0
    allowed: int = 0
    block_hash: str | None = None


@dataclass(frozen=True, slots=True)
class Court:
    """What answers are held against.

    Attributes:
        blocks: All that there ever were, by hash.
        questions: By number.
        people: Who each client is; None: not signed in.
        allowed_lag_s: The API's setting.
    """

    blocks: Mapping[str, Block]
    questions: Sequence[Question]
    people: Sequence[ChecksumAddress | None]
    allowed_lag_s: int

    def judge(self, answer: Answer) -> Judgment:
        """Judge one answer; a batch is as good as the worst of its answers."""
        try:
            return self._judged(answer)
        except (KeyError, TypeError, ValueError) as error:
            return Judgment("errors", f"no answer of the gate: {type(error).__name__}: {error}")

    def _judged(self, answer: Answer) -> Judgment:
        if answer.status == _UNAVAILABLE and json.loads(answer.body)["code"] == "mirror_behind":
            return Judgment("refused", "mirror_behind")
        if answer.status != _OK:
            return Judgment("errors", f"status {answer.status}")
        told = json.loads(answer.body)
        decisions = (
            [told]
            if len(answer.asked) == 1
            else [one["decision"] for one in told["answers"] if one["problem"] is None]
        )
        if len(decisions) != len(answer.asked):
            return Judgment("errors", "a question without a decision")
        allowed = sum(one["allow"] is True for one in decisions)
        if len({one["block_hash"] for one in decisions}) > 1:
            return Judgment("wrong", "one batch, several blocks", decisions=len(decisions))
        for number, decision in zip(answer.asked, decisions, strict=True):
            fault = self._fault(answer, self.questions[number], decision)
            if fault is not None:
                return Judgment("wrong", fault, decisions=len(decisions), allowed=allowed)
        age = self._age(answer, decisions[0])
        return Judgment(
            "right" if age is None else "late",
            age or "",
            decisions=len(decisions),
            allowed=allowed,
            block_hash=decisions[0]["block_hash"],
        )

    def _fault(self, answer: Answer, question: Question, told: Mapping[str, Any]) -> str | None:
        block = self.blocks.get(told["block_hash"])
        if block is None:
            return "no block of the chain"
        if told["as_of_block"] != block.number:
            return f"the block's number is {block.number}"
        if block.number < answer.least:
            return "an older block than the asker knew of"
        person = self.people[answer.asker]
        theirs = {
            seat
            for seat, owner in block.owners.items()
            if owner == person and seat.drop in question.opened_by
        }
        if told["allow"] is not bool(theirs):
            return f"the truth is {'yes' if theirs else 'no'}"
        if theirs and SeatId(int(told["seat"])) not in theirs:
            return "let in by a seat that is not theirs"
        return None

    def _age(self, answer: Answer, told: Mapping[str, Any]) -> str | None:
        lag_s, until = told["lag_s"], self.blocks[told["block_hash"]].until
        if lag_s > self.allowed_lag_s:
            return "a lag that is not allowed"
        if until is not None and until < answer.sent_at - lag_s - _ROUNDED_S:
            return f"replaced {answer.sent_at - until:.1f} s before, and admits {lag_s}"
        return None


@dataclass(slots=True)
class Counts:
    """What many answers came to.

    Attributes:
        verdicts: How many there were of each.
        first_at: The Unix second of the first answer that was right of each block, by hash.
        decided_ms: How long each took that brought decisions.
        decisions: How many there were in those.
        allowed: How many of those were a yes.
        shown: The first of each kind that is not right, for people.
    """

    verdicts: Counter[Verdict] = field(default_factory=Counter)
    decided_ms: list[float] = field(default_factory=list)
    decisions: int = 0
    allowed: int = 0
    first_at: dict[str, float] = field(default_factory=dict)
    shown: dict[Verdict, list[str]] = field(default_factory=dict)

    @property
    def requests(self) -> int:
        """All that were sent."""
        return self.verdicts.total()


def counted(court: Court, answers: Iterable[Answer]) -> Counts:
    """Judge answers, and count."""
    counts = Counts()
    for answer in answers:
        found = court.judge(answer)
        counts.verdicts[found.verdict] += 1
        counts.allowed += found.allowed
        if found.decisions:
            counts.decided_ms.append(answer.took_ms)
            counts.decisions += found.decisions
        if found.verdict == "right" and found.block_hash is not None:
            first = counts.first_at.get(found.block_hash, answer.came_at)
            counts.first_at[found.block_hash] = min(first, answer.came_at)
        if found.verdict != "right":
            shown = counts.shown.setdefault(found.verdict, [])
            if len(shown) < _SHOWN:
                asker, asked = answer.asker, answer.asked
                shown.append(f"{found.why}: client {asker} asked {asked}: {answer.body}")
    return counts
