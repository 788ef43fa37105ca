"""What happens to accounts and to the platform: counters, credits, treasury, roles, currencies.

Owns the steps of `CounterBumped`, `Credited`, `Withdrawn`, `PlatformSet`, `GuardianSet`,
`CurrencySet`, `OwnershipTransferStarted` and `OwnershipTransferred`. Refuses seats and drops.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from indexer.folds.states import CounterState, CreditState, CurrencyState, PlatformState, State
from marketplace.domain.addresses import ZERO_ADDRESS
from marketplace.domain.money import NO_MONEY, Bps, Wei

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from indexer.folds.folding import Key, Known, Occurrence
    from marketplace.bindings import events
    from marketplace.domain.addresses import ChecksumAddress

_NO_PLATFORM = PlatformState(
    treasury=ZERO_ADDRESS,
    fee_bps=Bps(0),
    owner=ZERO_ADDRESS,
    pending_owner=ZERO_ADDRESS,
    guardian=ZERO_ADDRESS,
)


def counter_bumped(event: events.CounterBumped, _at: Occurrence, _known: Known) -> Iterator[State]:
    """Kill all earlier listings and offers of the account."""
    yield CounterState(account=event.account, counter=event.counter)


def credit_needs(event: events.Credited | events.Withdrawn) -> Iterable[Key]:
    """What the account could withdraw before."""
    return ((CreditState, (event.account, event.currency)),)


def credited(event: events.Credited, _at: Occurrence, known: Known) -> Iterator[State]:
    """Let the account withdraw more."""
    yield _credit(event.account, event.currency, _before(event, known) + event.amount)


def withdrawn(event: events.Withdrawn, at: Occurrence, known: Known) -> Iterator[State]:
    """Let the account withdraw less."""
    left = _before(event, known) - event.amount
    if left < 0:
        raise at.contradicted(f"{event.account} withdraws {-left} more than it was credited")
    yield _credit(event.account, event.currency, left)


def platform_needs(_event: object) -> Iterable[Key]:
    """The platform, of which there is one."""
    return ((PlatformState, ()),)


def platform_set(event: events.PlatformSet, at: Occurrence, known: Known) -> Iterator[State]:
    """Set treasury and fee of new drops."""
    yield replace(platform(at, known), treasury=event.treasury, fee_bps=event.fee)


def guardian_set(event: events.GuardianSet, at: Occurrence, known: Known) -> Iterator[State]:
    """Name who may pause drops."""
    yield replace(platform(at, known), guardian=event.guardian)


def currency_needs(event: events.CurrencySet) -> Iterable[Key]:
    """What the index names."""
    return ((CurrencyState, (event.index,)),)


def currency_set(event: events.CurrencySet, at: Occurrence, known: Known) -> Iterator[State]:
    """Let new drops be paid in it, or no longer; drops that exist keep it."""
    before = known.find(CurrencyState, event.index)
    if before is not None and before.currency != event.currency:
        raise at.contradicted(f"index {event.index} names {before.currency} for ever")
    yield CurrencyState(
        currency_index=event.index, currency=event.currency, allowed=int(event.allowed)
    )


def ownership_offered(
    event: events.OwnershipTransferStarted, at: Occurrence, known: Known
) -> Iterator[State]:
    """Note who was offered the platform."""
    yield replace(platform(at, known), pending_owner=event.new_owner)


def ownership_transferred(
    event: events.OwnershipTransferred, at: Occurrence, known: Known
) -> Iterator[State]:
    """Give the platform its new owner."""
    # The contract's first event of all: its creator gives it to its owner.
    is_first = event.previous_owner == ZERO_ADDRESS and known.find(PlatformState) is None
    before = _NO_PLATFORM if is_first else platform(at, known)
    if before.owner != event.previous_owner:
        raise at.contradicted(f"{before.owner} owns the platform, not {event.previous_owner}")
    yield replace(before, owner=event.new_owner, pending_owner=ZERO_ADDRESS)


def platform(at: Occurrence, known: Known) -> PlatformState:
    """The platform; of a contract whose first events are missing there is none."""
    found = known.find(PlatformState)
    if found is None:
        raise at.contradicted(
            "nothing is known of the platform, so that start_block is later than the block that "
            "the contract was created in: mirror from that block on, into a new database"
        )
    return found


def _before(event: events.Credited | events.Withdrawn, known: Known) -> int:
    credit = known.find(CreditState, event.account, event.currency)
    return NO_MONEY if credit is None else credit.amount


def _credit(account: ChecksumAddress, currency: ChecksumAddress, amount: int) -> CreditState:
    return CreditState(account=account, currency=currency, amount=Wei(amount))
