"""Owns making the contract's terms from a draft, and saying in the file's words what breaks them.

The bounds themselves are `marketplace.domain.bounds`; here each broken term finds its field. A
section that could not be read is stood in for by values that break nothing, so that the rest is
judged all the same.

Refuses to judge times while a session is missing: they would all be wrong for one reason.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from marketplace.domain.addresses import ETH, ZERO_ADDRESS, ChecksumAddress
from marketplace.domain.bounds import MAX_PRICE, TermOutOfBounds, broken_terms
from marketplace.domain.denomination import ETHER
from marketplace.domain.drop import (
    HIGHEST_FEE,
    DropTerms,
    NewDrop,
    PhaseTerms,
    TierTerms,
    TransferPolicy,
)
from marketplace.domain.ids import MAX_NUMBER, TierIndex
from marketplace.domain.money import Bps, Wei, percent_text
from marketplace.launch.forms import POLICIES
from marketplace.launch.units import duration, instant

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from marketplace.domain.bounds import BrokenTerm
    from marketplace.domain.denomination import Denomination
    from marketplace.launch.calendar import Calendar
    from marketplace.launch.faults import Place
    from marketplace.launch.forms import GateTerm
    from marketplace.launch.schema import Phase
    from marketplace.launch.sections import Draft, Faults

NOBODY_YET: Final = ChecksumAddress("0x0000000000000000000000000000000000000001")
"""Stands for a mentor who is not known; no key opens it."""

_ANY_RESOLVER: Final = ChecksumAddress("0x0000000000000000000000000000000000000002")

_ANY_TIER: Final = TierTerms(list_price=Wei(MAX_PRICE), cap=MAX_NUMBER)
_PATH: Final = re.compile(r"(terms|tiers|phases)(?:\[(\d+)\])?(?:\.(\w+))?")
_FIELDS: Final[Mapping[str, Place]] = {
    "terms.resolver": ("dispute", "resolver"),
    "terms.verifier": ("terms", "verifier"),
    "terms.royalty": ("resale", "royalty"),
    "terms.toll": ("resale", "toll"),
    "terms.resale_cap": ("resale", "highest_price"),
    "terms.gift_cooldown": ("resale", "gift_cooldown"),
    "terms.starts_at": ("sessions",),
    "terms.ends_at": ("terms", "deliver_by"),
    "terms.deliver_by": ("terms", "deliver_by"),
    "terms.refund_until": ("refund", "until"),
    "terms.penalty": ("refund", "penalty"),
    "terms.challenge_days": ("dispute", "objection_days"),
    "terms.default_split": ("dispute", "default_split"),
}
_TIMES: Final = frozenset({"starts_at", "ends_at", "deliver_by", "refund_until", "opens", "closes"})
_SHARES: Final = frozenset({"royalty", "toll", "resale_cap", "penalty", "default_split"})
_HELD_BACK: Final = frozenset({"terms.toll", "terms.gift_cooldown"})
_PRICES: Final = frozenset({"price", "list_price"})
_WHY: Final = {
    "terms.starts_at": "the first session starts before the launch or after the last one ends",
    "terms.ends_at": "delivery is due before the last session has ended",
    "terms.deliver_by": "delivery is due more than 730 days after the launch",
    "terms.refund_until": "the refund window ends after the last session",
    "closes": "the phase closes in the past or after the last session",
    "opens": "the phase opens after it closes",
    "price": "the phase charges more than the tier's list price",
    "supply": "the phase sells more seats than the tier has, or reserves none",
    "reserved": "phases reserve more seats of this tier than it has",
}


@dataclass(frozen=True, slots=True)
class Offer:
    """The contract's terms, which of the file's phases are its own, and what prices are in."""

    drop: NewDrop
    phase_places: tuple[int, ...]
    paid_in: Denomination


def offer_of(
    draft: Draft,
    calendar: Calendar,
    tier_indexes: Mapping[str, int],
    gates: Sequence[GateTerm],
    terms_hash: bytes,
) -> Offer:
    """Make the contract's terms; phases of an unknown tier sell one that allows everything.

    Args:
        draft: What could be read.
        calendar: When everything is.
        tier_indexes: The contract's numbers of tiers, by name.
        gates: What the contract keeps of each phase's, in the order of the file.
        terms_hash: 32 bytes.
    """
    tiers = [
        _ANY_TIER if tier is None else TierTerms(list_price=tier.price, cap=tier.seats)
        for tier in draft.tiers
    ]
    unknown = len(tiers)
    phases: list[PhaseTerms] = []
    places: list[int] = []
    for place, phase in enumerate(draft.phases):
        if phase is not None:
            tier = tier_indexes.get(phase.tier, unknown)
            phases.append(_phase_terms(phase, tier, gates[place], calendar))
            places.append(place)
    if any(phase.tier == unknown for phase in phases):
        tiers.append(_ANY_TIER)
    terms = _drop_terms(draft, calendar, terms_hash)
    made = NewDrop(terms=terms, tiers=tuple(tiers), phases=tuple(phases))
    return Offer(made, tuple(places), draft.terms.currency if draft.terms else ETHER)


def judge(
    offer: Offer, mentor: ChecksumAddress, now: datetime, faults: Faults, *, times: bool
) -> None:
    """Note everything that the contract would refuse.

    Args:
        offer: The contract's terms and their places in the file.
        mentor: Who will launch.
        now: The moment of launch.
        faults: Where to note them.
        times: Whether the times are known; if not, nothing is said about them.
    """
    # Whether new drops may use a currency is the contract's to say: `premises` asks it.
    currencies = {offer.drop.terms.currency}
    for broken in broken_terms(offer.drop, mentor, _seconds(now), currencies):
        found = _PATH.fullmatch(broken.path)
        name = found[3] if found is not None and found[3] else broken.path
        if (not times and name in _TIMES) or (name in {"phases", "tiers"}):
            # How many there are is said where they are read.
            continue
        place = _place(broken.path, offer)
        if isinstance(broken, TermOutOfBounds):
            faults.add(
                place, _why(broken, name, offer.paid_in), _remedy(broken, name, offer.paid_in)
            )
        else:
            faults.add(place, *_party(broken))


def _seconds(time: datetime) -> int:
    return int(time.timestamp())


def _phase_terms(phase: Phase, tier: int, gate: GateTerm, calendar: Calendar) -> PhaseTerms:
    return PhaseTerms(
        tier=TierIndex(tier),
        price=phase.price,
        opens=_seconds(calendar.at(phase.opens)),
        closes=_seconds(calendar.at(phase.closes)),
        reserved=phase.reserved,
        supply=phase.seats or 0,
        wallet_limit=phase.per_wallet or 0,
        gate=gate.gate,
        gate_data=gate.data,
    )


def _drop_terms(draft: Draft, calendar: Calendar, terms_hash: bytes) -> DropTerms:
    terms, refund, resale, dispute = draft.terms, draft.refund, draft.resale, draft.dispute
    end = _seconds(calendar.end)
    return DropTerms(
        resolver=dispute.resolver if dispute else _ANY_RESOLVER,
        royalty=resale.royalty if resale else Bps(0),
        toll=resale.toll if resale else Bps(0),
        resale_cap=resale.highest_price if resale else Bps(0),
        gift_cooldown=int(resale.gift_cooldown.total_seconds()) if resale else 0,
        starts_at=_seconds(calendar.start),
        ends_at=end,
        deliver_by=_seconds(calendar.at(terms.deliver_by)) if terms else end + 1,
        refund_until=_seconds(calendar.at(refund.until)) if refund else 0,
        penalty=refund.penalty if refund else Bps(0),
        challenge_days=dispute.objection_days if dispute else 3,
        default_split=dispute.default_split if dispute else Bps(0),
        terms_hash=terms_hash,
        payout=(terms.payout if terms else None) or ZERO_ADDRESS,
        verifier=(terms.verifier if terms else None) or ZERO_ADDRESS,
        max_fee=terms.highest_fee if terms else HIGHEST_FEE,
        policy=POLICIES[terms.seats_move] if terms else TransferPolicy.MARKET_ONLY,
        currency=terms.currency.address if terms else ETH,
    )


def _place(path: str, offer: Offer) -> Place:
    if path in _FIELDS:
        return _FIELDS[path]
    found = _PATH.fullmatch(path)
    if found is None or not found[2]:
        return (path,)
    names = {"list_price": "price", "cap": "seats", "supply": "seats", "reserved": "seats"}
    index = int(found[2])
    if found[1] == "phases":
        index = offer.phase_places[index]
    names |= {"wallet_limit": "per_wallet", "gate_data": "gate"}
    return (found[1], index, names.get(found[3], found[3]))


def _why(broken: TermOutOfBounds, name: str, paid_in: Denomination) -> str:
    why = _WHY.get(broken.path) or _WHY.get(name)
    if broken.path in _HELD_BACK and broken.most == 0:
        why = "seats that move as any token pay no toll and never cool down"
    value = _shown(broken.value, name, paid_in)
    return f"{why} ({value})" if why else f"{value} is out of bounds"


def _remedy(broken: TermOutOfBounds, name: str, paid_in: Denomination) -> str:
    if broken.path == "terms.ends_at":
        return f"make it later than {_shown(broken.value, name, paid_in)}"
    if broken.most < broken.least:
        return "no value fits the terms around it, so change those first"
    most = _shown(broken.most, name, paid_in)
    if broken.least == 0:
        return f"write at most {most}" if name not in _TIMES else f"make it {most} or earlier"
    least = _shown(broken.least, name, paid_in)
    return f"choose between {least} and {most}"


def _shown(value: int, name: str, paid_in: Denomination) -> str:
    if name == "gift_cooldown":
        return duration(timedelta(seconds=value))
    if name in _TIMES:
        return instant(datetime.fromtimestamp(value, UTC))
    if name in _SHARES:
        return percent_text(Bps(value))
    if name in _PRICES:
        return paid_in.text(Wei(value))
    return f"{value:,}"


def _party(broken: BrokenTerm) -> tuple[str, str]:
    if broken.path == "terms.resolver":
        return (
            "the resolver decides between you and your buyers",
            "name somebody who is neither you nor your payout",
        )
    if broken.path == "terms.verifier":
        return (
            "the key that checks people in is your own",
            "make another key for it, or leave verifier out",
        )
    return broken.sentence.rstrip("."), "see docs/launch-file.md"
