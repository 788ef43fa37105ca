"""The bounds of a drop's terms, checked before a contract refuses them.

Owns every constant and comparison of `contracts/libraries/DropCreation.sol`, and gives all broken
terms at once where the contract stops at the first. Refuses to raise: a broken term is a value
that a form or a launch file can show beside its field.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from marketplace.domain.addresses import ETH, ZERO_ADDRESS, ChecksumAddress
from marketplace.domain.drop import Gate, NewDrop, PhaseTerms, TierTerms, TransferPolicy
from marketplace.domain.ids import MAX_DROP, MAX_NUMBER, MAX_UINT256
from marketplace.domain.money import WHOLE_BPS, Bps, percent_text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

MAX_TIERS: Final = 10
MAX_PHASES: Final = 16
MAX_PRICE: Final = 2**80 - 1
MAX_ROYALTY: Final = 2_000
MAX_TOLL: Final = 2_000
MAX_RESALE_CAP: Final = 50_000
MIN_CHALLENGE_DAYS: Final = 3
MAX_CHALLENGE_DAYS: Final = 30
MAX_DELIVERY_SECONDS: Final = 730 * 24 * 60 * 60
MAX_WALLET_LIMIT: Final = 2**16 - 1
NO_FEE: Final = Bps(0)
_GATE_DATA: Final = {
    Gate.ALLOWLIST: "the root of an allowlist",
    Gate.PASS: "the address of whoever signs the passes",
    Gate.SEAT: "the number of an earlier drop",
}
_GATE_DATA_MOST: Final = {
    Gate.ALLOWLIST: MAX_UINT256,
    Gate.PASS: 2**160 - 1,
    Gate.SEAT: MAX_DROP,
}


@dataclass(frozen=True, slots=True)
class TermOutOfBounds:
    """A number is outside its bounds.

    Attributes:
        path: Where it stands in a `NewDrop`, as in `terms.ends_at` or `phases[2].price`.
        least: The smallest value allowed.
        most: The largest value allowed; nothing fits when it is below `least`.
    """

    path: str
    value: int
    least: int
    most: int

    @property
    def sentence(self) -> str:
        """What is wrong and what would be right."""
        if self.most < self.least:
            return f"{self.path} is {self.value}, and no value fits the terms around it."
        return f"{self.path} is {self.value}; it must lie between {self.least} and {self.most}."


@dataclass(frozen=True, slots=True)
class ResolverNotNeutral:
    """The resolver is the mentor, the payout or nobody."""

    resolver: ChecksumAddress
    path: str = "terms.resolver"

    @property
    def sentence(self) -> str:
        """What is wrong and what would be right."""
        return f"{self.path} decides disputes: name neither the mentor, the payout nor nobody."


@dataclass(frozen=True, slots=True)
class VerifierIsMentor:
    """The key that checks people in is the mentor's own."""

    verifier: ChecksumAddress
    path: str = "terms.verifier"

    @property
    def sentence(self) -> str:
        """What is wrong and what would be right."""
        return f"{self.path} is the mentor's own key: make a key for checking in, or name none yet."


@dataclass(frozen=True, slots=True)
class FeeAboveMax:
    """The platform's fee is higher than the mentor accepts."""

    fee: Bps
    max_fee: Bps
    path: str = "terms.max_fee"

    @property
    def sentence(self) -> str:
        """What is wrong and what would be right."""
        return (
            f"{self.path} is {percent_text(self.max_fee)}, and the platform takes "
            f"{percent_text(self.fee)} of released money: accept that, or do not launch here."
        )


@dataclass(frozen=True, slots=True)
class CurrencyNotAllowed:
    """The platform takes no new drops in this currency."""

    currency: ChecksumAddress
    path: str = "terms.currency"

    @property
    def sentence(self) -> str:
        """What is wrong and what would be right."""
        return f"{self.path} is {self.currency}, which new drops may not use: sell for ETH."


@dataclass(frozen=True, slots=True)
class GateDataUnfit:
    """A gate's data is not a root, the address of a signer, or a drop."""

    gate: Gate
    gate_data: bytes
    path: str

    @property
    def sentence(self) -> str:
        """What is wrong and what would be right."""
        return (
            f"{self.path} is 0x{self.gate_data.hex()}: the gate {self.gate.name} needs "
            f"{_GATE_DATA[self.gate]}."
        )


BrokenTerm = (
    TermOutOfBounds
    | ResolverNotNeutral
    | VerifierIsMentor
    | FeeAboveMax
    | CurrencyNotAllowed
    | GateDataUnfit
)


def broken_terms(
    offer: NewDrop,
    mentor: ChecksumAddress,
    now: int,
    currencies: Collection[ChecksumAddress] = (),
    fee: Bps = NO_FEE,
) -> tuple[BrokenTerm, ...]:
    """Find everything in an offer that the contract would refuse; empty when it would take it.

    Args:
        offer: The terms, tiers and phases.
        mentor: Who will send them.
        now: Unix second of the block in which they would be created.
        currencies: The ERC-20s that new drops may use; ETH always may.
        fee: The platform's fee of the day; where it is not known, no fee is too high.
    """
    return (
        *_broken_parties(offer, mentor, currencies),
        *_broken_fee(offer, fee),
        *_broken_shares(offer),
        *_broken_times(offer, now),
        *_broken_tiers(offer.tiers),
        *_broken_phases(offer, now),
    )


def _outside(path: str, value: int, least: int, most: int) -> Iterator[TermOutOfBounds]:
    if not least <= value <= most:
        yield TermOutOfBounds(path, value, least, most)


def _broken_parties(
    offer: NewDrop, mentor: ChecksumAddress, currencies: Collection[ChecksumAddress]
) -> Iterator[BrokenTerm]:
    terms = offer.terms
    if terms.resolver in {ZERO_ADDRESS, mentor, terms.payout}:
        yield ResolverNotNeutral(terms.resolver)
    if terms.verifier == mentor:
        yield VerifierIsMentor(terms.verifier)
    if terms.currency != ETH and terms.currency not in currencies:
        yield CurrencyNotAllowed(terms.currency)


def _broken_fee(offer: NewDrop, fee: Bps) -> Iterator[BrokenTerm]:
    if fee > offer.terms.max_fee:
        yield FeeAboveMax(fee, offer.terms.max_fee)


def _broken_shares(offer: NewDrop) -> Iterator[BrokenTerm]:
    terms = offer.terms
    yield from _outside("terms.royalty", terms.royalty, 0, MAX_ROYALTY)
    most_toll = 0 if terms.policy is TransferPolicy.OPEN else MAX_TOLL
    yield from _outside("terms.toll", terms.toll, 0, most_toll)
    yield from _outside("terms.resale_cap", terms.resale_cap, 0, MAX_RESALE_CAP)
    yield from _outside("terms.penalty", terms.penalty, 0, WHOLE_BPS)
    yield from _outside("terms.default_split", terms.default_split, 0, WHOLE_BPS)


def _broken_times(offer: NewDrop, now: int) -> Iterator[BrokenTerm]:
    terms = offer.terms
    latest = now + MAX_DELIVERY_SECONDS
    yield from _outside("terms.starts_at", terms.starts_at, now, terms.ends_at)
    yield from _outside("terms.deliver_by", terms.deliver_by, 0, latest)
    # The lower bound of `ends_at` is said by `starts_at`: one broken order, one broken term.
    yield from _outside("terms.ends_at", terms.ends_at, 0, terms.deliver_by - 1)
    yield from _outside("terms.refund_until", terms.refund_until, 0, terms.ends_at)
    # An OPEN seat is an ordinary token, which nothing holds back.
    longest = 0 if terms.policy is TransferPolicy.OPEN else MAX_DELIVERY_SECONDS
    yield from _outside("terms.gift_cooldown", terms.gift_cooldown, 0, longest)
    yield from _outside(
        "terms.challenge_days", terms.challenge_days, MIN_CHALLENGE_DAYS, MAX_CHALLENGE_DAYS
    )


def _broken_tiers(tiers: tuple[TierTerms, ...]) -> Iterator[BrokenTerm]:
    yield from _outside("tiers", len(tiers), 1, MAX_TIERS)
    for index, tier in enumerate(tiers):
        yield from _outside(f"tiers[{index}].cap", tier.cap, 1, MAX_NUMBER)
        yield from _outside(f"tiers[{index}].list_price", tier.list_price, 0, MAX_PRICE)


def _broken_phases(offer: NewDrop, now: int) -> Iterator[BrokenTerm]:
    phases, tiers = offer.phases, offer.tiers
    yield from _outside("phases", len(phases), 1, MAX_PHASES)
    for index, phase in enumerate(phases):
        path = f"phases[{index}]"
        if not _fits(phase):
            yield GateDataUnfit(phase.gate, phase.gate_data, f"{path}.gate_data")
        yield from _outside(f"{path}.closes", phase.closes, now, offer.terms.ends_at)
        yield from _outside(f"{path}.opens", phase.opens, 0, phase.closes)
        yield from _outside(f"{path}.wallet_limit", phase.wallet_limit, 0, MAX_WALLET_LIMIT)
        if not 0 <= phase.tier < len(tiers):
            yield TermOutOfBounds(f"{path}.tier", phase.tier, 0, len(tiers) - 1)
            continue
        tier = tiers[phase.tier]
        least = 1 if phase.reserved else 0
        yield from _outside(f"{path}.price", phase.price, 0, tier.list_price)
        yield from _outside(f"{path}.supply", phase.supply, least, tier.cap)
    yield from _broken_promises(phases, tiers)


def _fits(phase: PhaseTerms) -> bool:
    """Whether the gate's data can be what the gate needs; which drops exist is not known here."""
    if phase.gate is Gate.PUBLIC:
        return True
    return 0 < int.from_bytes(phase.gate_data, "big") <= _GATE_DATA_MOST[phase.gate]


def _broken_promises(
    phases: tuple[PhaseTerms, ...], tiers: tuple[TierTerms, ...]
) -> Iterator[BrokenTerm]:
    """What phases of one tier hold back together must fit its cap."""
    for index, tier in enumerate(tiers):
        promised = sum(p.supply for p in phases if p.reserved and p.tier == index)
        if promised > tier.cap:
            yield TermOutOfBounds(f"tiers[{index}].reserved", promised, 0, tier.cap)
