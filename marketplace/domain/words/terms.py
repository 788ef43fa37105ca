"""The words of a drop's terms, and all words that its creation publishes.

Owns `contracts/types/DropWords.sol`. Refuses other layouts by `WordError`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self

from marketplace.domain.drop import NO_GATE_DATA, DropState, Gate, TransferPolicy
from marketplace.domain.money import Bps
from marketplace.domain.words.bits import WordError, WordReader, known, number_of, pack
from marketplace.domain.words.sales import PhaseWord, TierWord

if TYPE_CHECKING:
    from collections.abc import Sequence

    from marketplace.domain.addresses import ChecksumAddress, ToAddress

_TERM_WORDS: Final = 3
"""Rules, schedule, arbitration: the words that every drop begins with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesWord:
    """What minting, selling and giving away need to know; `contracts/types/DropWords.sol`."""

    state: DropState
    policy: TransferPolicy
    currency_index: int
    terms_version: int
    royalty: Bps
    toll: Bps
    resale_cap: Bps
    tier_count: int
    phase_count: int
    gift_cooldown: int
    paused_until: int
    ends_at: int
    deliver_by: int

    @classmethod
    def decode(cls, word: int) -> Self:
        """Take the word apart; WordError when it is of another layout."""
        bits = WordReader(word)
        decoded = cls(
            state=DropState(known(bits.take(8), len(DropState))),
            policy=TransferPolicy(known(bits.take(8), len(TransferPolicy))),
            currency_index=bits.take(8),
            terms_version=bits.take(8),
            royalty=Bps(bits.take(16)),
            toll=Bps(bits.take(16)),
            resale_cap=Bps(bits.take(16)),
            tier_count=bits.take(8),
            phase_count=bits.take(8),
            gift_cooldown=bits.take(32),
            paused_until=bits.take(40),
            ends_at=bits.take(40),
            deliver_by=bits.take(40),
        )
        bits.end()
        return decoded

    def encode(self) -> int:
        """Give the word that the contract stores."""
        return pack(
            (self.state, 8),
            (self.policy, 8),
            (self.currency_index, 8),
            (self.terms_version, 8),
            (self.royalty, 16),
            (self.toll, 16),
            (self.resale_cap, 16),
            (self.tier_count, 8),
            (self.phase_count, 8),
            (self.gift_cooldown, 32),
            (self.paused_until, 40),
            (self.ends_at, 40),
            (self.deliver_by, 40),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleWord:
    """Mentor, start, refund window, the fee of the day; `contracts/types/DropWords.sol`."""

    mentor: ChecksumAddress
    starts_at: int
    refund_until: int
    fee: Bps

    @classmethod
    def decode(cls, word: int, checksum: ToAddress) -> Self:
        """Take the word apart; WordError when it is of another layout."""
        bits = WordReader(word)
        return cls(
            mentor=bits.address(checksum),
            starts_at=bits.take(40),
            refund_until=bits.take(40),
            fee=Bps(bits.take(16)),
        )

    def encode(self) -> int:
        """Give the word that the contract stores."""
        return pack(
            (number_of(self.mentor), 160),
            (self.starts_at, 40),
            (self.refund_until, 40),
            (self.fee, 16),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ArbitrationWord:
    """Who decides a dispute and by which defaults; `contracts/types/DropWords.sol`."""

    resolver: ChecksumAddress
    first_deliver_by: int
    challenge_days: int
    postponements: int
    penalty: Bps
    default_split: Bps

    @classmethod
    def decode(cls, word: int, checksum: ToAddress) -> Self:
        """Take the word apart; WordError when it is of another layout."""
        bits = WordReader(word)
        decoded = cls(
            resolver=bits.address(checksum),
            first_deliver_by=bits.take(40),
            challenge_days=bits.take(8),
            postponements=bits.take(8),
            penalty=Bps(bits.take(16)),
            default_split=Bps(bits.take(16)),
        )
        bits.end()
        return decoded

    def encode(self) -> int:
        """Give the word that the contract stores."""
        return pack(
            (number_of(self.resolver), 160),
            (self.first_deliver_by, 40),
            (self.challenge_days, 8),
            (self.postponements, 8),
            (self.penalty, 16),
            (self.default_split, 16),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DropWords:
    """The words that `DropCreated` publishes; `gate_data` has one entry for each phase."""

    rules: RulesWord
    schedule: ScheduleWord
    arbitration: ArbitrationWord
    tiers: tuple[TierWord, ...]
    phases: tuple[PhaseWord, ...]
    gate_data: tuple[bytes, ...]

    @classmethod
    def decode(cls, words: Sequence[bytes], checksum: ToAddress) -> Self:
        """Take the words of the event apart, 32 bytes each; WordError when they do not fit."""
        if len(words) < _TERM_WORDS:
            raise WordError(f"A drop has at least {_TERM_WORDS} words, not {len(words)}.")
        numbers = [int.from_bytes(word, "big") for word in words]
        rules = RulesWord.decode(numbers[0])
        first_phase = _TERM_WORDS + rules.tier_count
        after = first_phase + rules.phase_count
        tiers = tuple(TierWord.decode(number) for number in numbers[_TERM_WORDS:first_phase])
        phases = tuple(PhaseWord.decode(number) for number in numbers[first_phase:after])
        gated = sum(phase.gate is not Gate.PUBLIC for phase in phases)
        if len(words) != after + gated:
            raise WordError(f"The drop's words should be {after + gated}, not {len(words)}.")
        data = iter(words[after:])
        return cls(
            rules=rules,
            schedule=ScheduleWord.decode(numbers[1], checksum),
            arbitration=ArbitrationWord.decode(numbers[2], checksum),
            tiers=tiers,
            phases=phases,
            gate_data=tuple(
                NO_GATE_DATA if phase.gate is Gate.PUBLIC else bytes(next(data)) for phase in phases
            ),
        )

    def encode(self) -> tuple[bytes, ...]:
        """Give the words as the event publishes them."""
        numbers = [self.rules.encode(), self.schedule.encode(), self.arbitration.encode()]
        numbers += [tier.encode() for tier in self.tiers]
        numbers += [phase.encode() for phase in self.phases]
        gated = [
            data
            for phase, data in zip(self.phases, self.gate_data, strict=True)
            if phase.gate is not Gate.PUBLIC
        ]
        return (*(number.to_bytes(32, "big") for number in numbers), *gated)
