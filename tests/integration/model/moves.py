"""What happens next, and histories that lead to late states quickly.

Owns how often each guess is made in which state, and the openings. Refuses to compare: `Play`
does after every call.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from marketplace.domain.addresses import ETH, ZERO_ADDRESS
from marketplace.domain.admission import Pass
from marketplace.domain.drop import DropState, MintRequest
from marketplace.domain.escrow import DAY_SECONDS
from marketplace.domain.ids import DropId, PhaseIndex, SeatId, TierIndex
from marketplace.domain.model.admission import NOTHING, Authorisation, Proof, SignedPass
from marketplace.domain.money import Wei
from tests.integration.model import guesses, guesses_later
from tests.integration.model.evm import WALL, named
from tests.integration.model.play import BUYERS
from tests.integration.model.scenes import LIST, MENTOR, PASS_SIGNER, offer, opening_scenes

if TYPE_CHECKING:
    from collections.abc import Callable

    from marketplace.domain.addresses import ChecksumAddress
    from tests.integration.model.calls import Action
    from tests.integration.model.choosing import Chooser
    from tests.integration.model.play import Play

Guess: TypeAlias = "Callable[[Play, Chooser], Action | None]"

_ALWAYS: Final[dict[Guess, int]] = {
    guesses.create: 1,
    guesses.set_verifier: 1,
    guesses.fail_drop: 1,
    guesses_later.transfer: 3,
    guesses_later.approve: 2,
    guesses_later.set_approval_for_all: 1,
    guesses_later.cancel_listings: 1,
    guesses_later.buy: 5,
    guesses_later.buy_for: 1,
    guesses_later.buy_many: 3,
    guesses_later.list_seat: 3,
    guesses_later.bump_counter: 1,
    guesses_later.accept_offer: 2,
    guesses_later.cancel_offer: 1,
    guesses_later.assert_delivery: 1,
    guesses_later.object_to: 1,
    guesses_later.settle: 1,
    guesses_later.resolve: 1,
    guesses_later.resolve_by_default: 1,
    guesses_later.claim: 1,
    guesses_later.collect: 1,
    guesses_later.withdraw: 2,
    guesses_later.send_ether: 1,
    guesses_later.rule: 2,
    guesses_later.allow: 1,
    guesses_later.wait: 5,
}
_LIVE: Final[dict[Guess, int]] = {
    guesses.mint: 8,
    guesses.mint_many: 3,
    guesses.grant: 2,
    guesses.lower_cap: 1,
    guesses.pause: 1,
    guesses.unpause: 1,
    guesses.postpone: 2,
    guesses.cancel_drop: 1,
    guesses_later.accept_offer: 5,
    guesses_later.check_in: 2,
    guesses_later.refund: 3,
    guesses_later.assert_delivery: 1,
}
_ASSERTED: Final[dict[Guess, int]] = {guesses_later.object_to: 5, guesses_later.settle: 3}
_DISPUTED: Final[dict[Guess, int]] = {
    guesses_later.resolve: 4,
    guesses_later.resolve_by_default: 3,
}
_ENDED: Final[dict[Guess, int]] = {guesses_later.claim: 7, guesses_later.collect: 5}
_OF_STATE: Final = {
    DropState.LIVE: _LIVE,
    DropState.ASSERTED: _ASSERTED,
    DropState.DISPUTED_NARROW: _DISPUTED,
    DropState.DISPUTED_WIDE: _DISPUTED,
}


EVERY: Final = tuple({**_ALWAYS, **_LIVE})

TRADING: Final[tuple[Guess, ...]] = (
    guesses_later.buy,
    guesses_later.accept_offer,
    guesses_later.transfer,
    guesses_later.buy_many,
    guesses_later.list_seat,
)


def step(play: Play, choose: Chooser) -> None:
    """Something happens; what, depends on the states that the drops are in."""
    options = [guess for guess, weight in _ALWAYS.items() for _ in range(weight)]
    present = {drop.state for drop in play.market.drops.values()}
    kinds = {id(kind): kind for kind in (_OF_STATE.get(state, _ENDED) for state in present)}
    for kind in kinds.values():
        options.extend(guess for guess, weight in kind.items() for _ in range(weight))
    act(play, choose, choose.pick(options))


def act(play: Play, choose: Chooser, guess: Guess) -> None:
    """One guess; half of the time one that the model takes, if a few tries find it."""
    play.now += choose.pick((0, 1))
    action = guess(play, choose)
    tries = choose.pick((7, 0))
    while action and tries and not play.would_be_done(action):
        action = guess(play, choose)
        tries -= 1
    if action:
        play.do(action)


def explore(play: Play, choose: Chooser, *, tries: int) -> None:
    """Something that no history did yet, or was not refused for yet, if a few tries find it.

    The model alone is asked: it answers in microseconds.
    """
    play.now += choose.pick((0, 1))
    found: Action | None = None
    for _ in range(tries):
        guess = choose.pick(EVERY)
        action = guess(play, choose) if guess is not guesses_later.wait else None
        if action is None:
            continue
        found = action
        if play.would_be_new(action):
            break
    if found:
        play.do(found)


def create_all(play: Play) -> None:
    """The drops that every history begins with; the last has the newest number."""
    owner = named("deployer")
    must(play, play.caller(owner).set_currency(play.places.coin, allowed=True))
    must(play, play.caller(owner).set_guardian(named("guardian")))
    for scene in opening_scenes(play.places.coin):
        must(play, play.caller(MENTOR).create_drop(offer(scene, play)))


def must(play: Play, action: Action) -> None:
    """A call that cannot be refused here."""
    refusal = play.do(action)
    assert refusal is None, refusal


def sell(play: Play) -> None:
    """Every open gate lets somebody in, in every drop; one seat is granted."""
    ada, bo, cleo, dan, wall = BUYERS
    for drop in sorted(play.market.drops):
        for buyer, phase, quantity in ((ada, 0, 2), (bo, 0, 1), (ada, 1, 1), (wall, 1, 1)):
            if play.market.drops[drop].terms.currency == ETH or buyer != wall:
                buy_seats(play, drop, PhaseIndex(phase), buyer, quantity)
        buy_seats(play, drop, PhaseIndex(3), dan, 1)
        must(play, play.caller(MENTOR).grant(drop, TierIndex(0), cleo, 1))
    play.now += DAY_SECONDS
    for drop in sorted(play.market.drops):
        buy_seats(play, drop, PhaseIndex(2), bo, 1)


def buy_seats(
    play: Play, drop: DropId, phase: PhaseIndex, buyer: ChecksumAddress, quantity: int
) -> None:
    """Mint with whatever the phase asks for."""
    kept = play.market.drops[drop]
    total = kept.phases[phase].terms.price * quantity
    leave = Pass(
        drop=drop, phase=phase, account=buyer, quantity=quantity, nonce=200, expiry=play.now
    )
    shown: dict[int, Authorisation] = {
        1: Proof(LIST.root, phase, buyer, hashes=2),
        2: SignedPass(leave, PASS_SIGNER),
    }
    request = MintRequest(
        drop=drop, phase=phase, recipient=buyer, quantity=quantity, max_total=Wei(total)
    )
    caller = play.caller(buyer, total if kept.terms.currency == ETH else 0)
    must(play, caller.mint((request, shown.get(phase, NOTHING), LIST)))


def contest(play: Play, *, wide: bool) -> None:
    """One cheap seat of each drop is objected with, or every seat of ada's."""
    for seat, kept in sorted(play.market.seats.items()):
        drop = play.market.drops[seat.drop]
        if kept.owner != BUYERS[0] or not drop.face(kept) or drop.state is not DropState.ASSERTED:
            continue
        if wide or kept.phase == 1:
            must(play, play.caller(kept.owner).object_to(seat))


def settle_all(play: Play) -> None:
    """The challenge windows end."""
    play.now += 3 * DAY_SECONDS + 1
    for drop, kept in sorted(play.market.drops.items()):
        if kept.state is DropState.ASSERTED:
            must(play, play.caller(WALL).settle(drop))


def _asserted(play: Play) -> None:
    sell(play)
    drop = play.market.drops[DropId(1)]
    play.now = drop.terms.ends_at
    must(play, play.caller(MENTOR).assert_delivery(DropId(1)))
    play.now = play.market.drops[DropId(2)].terms.ends_at
    for other in (2, 3, 4):
        must(play, play.caller(MENTOR).assert_delivery(DropId(other)))


def _settled(play: Play) -> None:
    _asserted(play)
    settle_all(play)


def _narrow(play: Play) -> None:
    _asserted(play)
    contest_in_time(play, wide=False)


def _wide(play: Play) -> None:
    _asserted(play)
    contest_in_time(play, wide=True)


def contest_in_time(play: Play, *, wide: bool) -> None:
    """The first drop was asserted long before the others: its window is over."""
    first = play.market.drops[DropId(1)]
    must(play, play.caller(WALL).settle(DropId(1)))
    assert first.asserted_at
    contest(play, wide=wide)
    settle_all(play)


def _cancelled(play: Play) -> None:
    sell(play)
    play.now += 60
    must(play, play.caller(BUYERS[0]).refund(SeatId(1_000_001)))
    for drop in (1, 2):
        must(play, play.caller(MENTOR).cancel_drop(DropId(drop)))


def _failed(play: Play) -> None:
    sell(play)
    play.now = play.market.drops[DropId(1)].terms.deliver_by + 1
    must(play, play.caller(WALL).fail_drop(DropId(1)))
    play.now = play.market.drops[DropId(2)].terms.deliver_by + 1
    must(play, play.caller(WALL).fail_drop(DropId(2)))


def _nothing(play: Play) -> None:
    assert play.market.guardian != ZERO_ADDRESS


_Opening: TypeAlias = "Callable[[Play], None]"

OPENINGS: Final[dict[str, _Opening]] = {
    "created": _nothing,
    "sold": sell,
    "asserted": _asserted,
    "settled": _settled,
    "narrow": _narrow,
    "wide": _wide,
    "cancelled": _cancelled,
    "failed": _failed,
}
