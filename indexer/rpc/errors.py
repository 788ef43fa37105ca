"""What can go wrong with a node, sorted by what to do.

    ChainUnavailable (marketplace.domain.errors; a retry helps, however long it takes)
    ├── NodeSilent            no connection, no answer in time, a cut answer
    ├── NodeOverloaded        HTTP 429 or 5xx: ask less often
    ├── NodeRefused           an error of the node's own to one question
    ├── AnswerMalformed       JSON that does not say what was asked
    ├── ViewChanged           the answers are not of one branch: ask again
    └── HeadsUnheard          the socket that tells of new heads does not: open another
    MirrorInconsistent (stop)
    └── LogsContradict        two different logs for one place of one block
    RuleViolated (stop: another setting is needed)
    ├── ChainDiffers          another chain id, or another genesis of the same id
    ├── NodeUnfit             a question is not honoured that following needs
    ├── ClockWrong            the head is in the future of this machine's clock
    ├── ClockAhead            the node's own clock is in the past of this machine's
    └── ContractMissing       there is no code at the contract's address

Refuses to name the node's address in a sentence: it often holds a key.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketplace.domain.errors import (
    ChainUnavailable,
    MirrorInconsistent,
    RuleViolated,
    typed_error,
)

if TYPE_CHECKING:
    from marketplace.domain.addresses import ChecksumAddress


@typed_error
class NodeSilent(ChainUnavailable):
    """The connection failed or the answer did not come."""

    code = "node_silent"

    said: str

    def _sentence(self) -> str:
        return f"The node does not answer ({self.said}): check that it runs; this program retries."


@typed_error
class NodeOverloaded(ChainUnavailable):
    """The node, or what stands before it, turns requests away."""

    code = "node_overloaded"

    status: int

    def _sentence(self) -> str:
        return f"The node turns requests away (HTTP status {self.status}): asking again, later."


@typed_error
class NodeRefused(ChainUnavailable):
    """The node answers a question with an error of its own."""

    code = "node_refused_question"

    method: str
    rpc_code: int
    said: str

    def _sentence(self) -> str:
        return f"The node refused {self.method} with error {self.rpc_code}: {self.said}."


@typed_error
class AnswerMalformed(ChainUnavailable):
    """The answer is not what the question's standard says."""

    code = "answer_malformed"

    question: str
    why: str

    def _sentence(self) -> str:
        return f"The node's answer to {self.question} cannot be read: {self.why}. Asking again."


@typed_error
class ViewChanged(ChainUnavailable):
    """Answers belong to different branches or to a node that is behind."""

    code = "view_changed"

    why: str

    def _sentence(self) -> str:
        return f"The node's answers do not fit together: {self.why}. Asking again."


@typed_error
class HeadsUnheard(ChainUnavailable):
    """The node's socket does not tell of new heads; they are found by asking meanwhile."""

    code = "heads_unheard"

    why: str

    def _sentence(self) -> str:
        return (
            f"The node's socket tells of no new heads ({self.why}): asking for them, and opening "
            "another."
        )


@typed_error
class LogsContradict(MirrorInconsistent):
    """One place of one block holds two different logs."""

    code = "logs_contradict"

    block_number: int
    block_hash: str
    log_index: int

    def _sentence(self) -> str:
        return (
            f"The node gave two different logs {self.log_index} of block {self.block_number} "
            f"({self.block_hash}): one of them is false. Use another node."
        )


@typed_error
class ChainDiffers(RuleViolated):
    """The node serves another chain than the mirror follows."""

    code = "chain_differs"

    what: str
    expected: str
    found: str

    def _sentence(self) -> str:
        return (
            f"The node's {self.what} is {self.found}, and the mirror follows {self.expected}: "
            "name the node of that chain, or another database for this one."
        )


@typed_error
class NodeUnfit(RuleViolated):
    """The node cannot be followed safely."""

    code = "node_unfit"

    lacks: str

    def _sentence(self) -> str:
        return f"The node cannot be followed: {self.lacks}. Use another node."


@typed_error
class ClockWrong(RuleViolated):
    """The chain is ahead of this machine's clock, by which the mirror would be dated."""

    code = "clock_wrong"

    ahead_s: int
    most_s: int

    def _sentence(self) -> str:
        return (
            f"The node's head is {self.ahead_s} seconds in the future of this machine's clock, "
            f"more than {self.most_s}: set the clock right (NTP does), or, if the chain's time was "
            "moved by hand, raise max_clock_error_s."
        )


@typed_error
class ClockAhead(RuleViolated):
    """This machine's clock is ahead of the node's, and nothing that the chain says speaks for it.

    What is dated by it would be of the future to whoever reads it, and its doors would be closed.
    """

    code = "clock_ahead"

    ahead_s: int
    most_s: int

    def _sentence(self) -> str:
        return (
            f"This machine's clock is {self.ahead_s} seconds ahead of the node's, more than "
            f"{self.most_s}, and the node's newest block is no younger: set the clock right (NTP "
            "does), or the node's if that is the one that is wrong, or raise max_clock_error_s."
        )


@typed_error
class ContractMissing(RuleViolated):
    """Nothing is deployed at the contract's address."""

    code = "contract_missing"

    address: ChecksumAddress
    chain_id: int

    def _sentence(self) -> str:
        return (
            f"There is no contract at {self.address} on chain {self.chain_id}: check the address "
            "and the chain, or deploy first."
        )


@typed_error
class StartTooLate(RuleViolated):
    """The contract is older than the block that its mirror was to begin with."""

    code = "start_too_late"

    address: ChecksumAddress
    start_block: int

    def _sentence(self) -> str:
        return (
            f"The contract at {self.address} was there before start_block {self.start_block}, and "
            "what it told before that would be missing. Let start_block be the block that it was "
            "created in, or 0."
        )
