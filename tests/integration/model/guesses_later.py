"""What somebody might do next with a seat, with money, or with the platform.

Owns guesses of which about half are refused. Refuses to know which: the model says it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketplace.domain.addresses import ETH, ZERO_ADDRESS
from marketplace.domain.drop import DropState, TransferPolicy
from marketplace.domain.escrow import DAY_SECONDS, lets_seats_move, objections_end
from marketplace.domain.ids import TierIndex
from marketplace.domain.listing import MAX_LISTING_SECONDS, Listing
from marketplace.domain.model.moving import toll_of_seat
from marketplace.domain.money import Bps, Wei, price_bounds
from marketplace.domain.offer import SeatOffer, TierOffer
from tests.integration.model.choosing import chance, mostly
from tests.integration.model.evm import WALL, named
from tests.integration.model.guesses import known_drop, owner_of, some_drop, some_seat
from tests.integration.model.play import ACCOUNTS, BUYERS, EVE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.ids import DropId, SeatId
    from tests.integration.model.calls import Action
    from tests.integration.model.choosing import Chooser
    from tests.integration.model.play import Play

KEYS = tuple(one for one in ACCOUNTS if one != WALL)
"""Accounts that can sign."""


def _owner(play: Play, choose: Chooser, seat: SeatId) -> ChecksumAddress:
    """Who owns a seat, and now and then somebody else."""
    return mostly(choose, owner_of(play, seat), BUYERS, percent=8)


def _seat_in(play: Play, choose: Chooser, states: Sequence[DropState]) -> SeatId:
    """Mostly a seat of a drop in one of these states."""
    fitting = [
        seat for seat in sorted(play.market.seats) if play.market.drops[seat.drop].state in states
    ]
    if not fitting or chance(choose, 20):
        return some_seat(play, choose)
    return choose.pick(fitting)


def _drop_in(play: Play, choose: Chooser, states: Sequence[DropState]) -> DropId:
    fitting = [id_ for id_, one in sorted(play.market.drops.items()) if one.state in states]
    if not fitting or chance(choose, 20):
        return some_drop(play, choose)
    return choose.pick(fitting)


# Moving.


def transfer(play: Play, choose: Chooser) -> Action:
    seat = some_seat(play, choose)
    owner = owner_of(play, seat)
    drop = play.market.drops.get(seat.drop)
    toll = 0
    if drop is not None and drop.terms.currency == ETH:
        toll = toll_of_seat(drop, seat)
    kept = play.market.living(seat)
    movers = [owner, *([kept.approved] if kept and kept.approved != ZERO_ADDRESS else [])]
    movers += [one for who, one in sorted(play.market.operators) if who == owner]
    sender = mostly(choose, choose.pick(movers), BUYERS, percent=8)
    caller = play.caller(sender, mostly(choose, toll, [toll + 1, 0], percent=6))
    giver = mostly(choose, owner, [EVE], percent=4)
    heir = mostly(choose, choose.pick(BUYERS), [ZERO_ADDRESS, play.places.seats], percent=4)
    kind = choose.pick(("plain", "safe", "said"))
    if kind == "plain":
        return caller.transfer(giver, heir, seat)
    return caller.safe_transfer(giver, heir, seat, said=kind == "said")


def approve(play: Play, choose: Chooser) -> Action:
    seat = some_seat(play, choose)
    account = choose.pick((*BUYERS, ZERO_ADDRESS))
    return play.caller(_owner(play, choose, seat)).approve(account, seat)


def set_approval_for_all(play: Play, choose: Chooser) -> Action:
    caller = play.caller(choose.pick(BUYERS))
    return caller.set_approval_for_all(choose.pick(BUYERS), approved=choose.pick((True, False)))


def cancel_listings(play: Play, choose: Chooser) -> Action:
    seat = some_seat(play, choose)
    return play.caller(_owner(play, choose, seat)).cancel_listings(seat)


# Trading.


def _price(play: Play, choose: Chooser, seat: SeatId) -> Wei:
    kept, drop = play.market.living(seat), play.market.drops.get(seat.drop)
    if kept is None or drop is None:
        return Wei(5)
    bounds = price_bounds(drop.face(kept), drop.terms.resale_cap, toll_of_seat(drop, seat))
    low, high = bounds.least, bounds.most
    return Wei(
        mostly(choose, choose.pick((high, low, (low + high) // 2)), [max(low - 1, 0), high + 1])
    )


def _expiry(play: Play, choose: Chooser) -> int:
    latest = play.now + MAX_LISTING_SECONDS
    usual = play.now + DAY_SECONDS
    return mostly(choose, usual, [play.now, play.now - 1, latest, latest + 1], percent=12)


def _listing(play: Play, choose: Chooser, seat: SeatId, buyer: ChecksumAddress) -> Listing:
    owner, kept = owner_of(play, seat), play.market.living(seat)
    drop = play.market.drops.get(seat.drop)
    epoch, version = kept.epoch if kept else 0, drop.terms_version if drop else 0
    counter = play.market.counter(owner)
    return Listing(
        seat=seat,
        price=_price(play, choose, seat),
        epoch=mostly(choose, epoch, [epoch + 1, max(epoch - 1, 0)], percent=4),
        seller=mostly(choose, owner, [EVE], percent=3),
        counter=mostly(choose, counter, [counter + 1, 0], percent=4),
        terms_version=mostly(choose, version, [version + 1, 0], percent=4),
        expiry=_expiry(play, choose),
        taker=mostly(choose, choose.pick((ZERO_ADDRESS, buyer)), [named("dan")], percent=6),
    )


def _listed(
    play: Play, choose: Chooser, buyer: ChecksumAddress
) -> tuple[Listing, ChecksumAddress, int]:
    """A listing, who signed it, and the ether that it costs."""
    stored = sorted(play.market.stored_listings, key=repr)
    if stored and chance(choose, 25):
        listing = choose.pick(stored)
        signer = ZERO_ADDRESS
    else:
        tradable = [
            seat
            for seat, kept in sorted(play.market.seats.items())
            if kept.living
            and kept.owner != buyer
            and not kept.locked
            and not kept.granted
            and play.market.drops[seat.drop].terms.policy is not TransferPolicy.BOUND
            and lets_seats_move(play.market.drops[seat.drop].state)
        ]
        usual = choose.pick(tradable) if tradable else some_seat(play, choose)
        listing = _listing(play, choose, mostly(choose, usual, [some_seat(play, choose)]), buyer)
        signer = ZERO_ADDRESS if listing.seller == WALL else listing.seller
    signer = mostly(choose, signer, [EVE, ZERO_ADDRESS], percent=5)
    drop = play.market.drops.get(listing.seat.drop)
    in_ether = drop is None or drop.terms.currency == ETH
    return listing, signer, listing.price if in_ether else 0


def buy(play: Play, choose: Chooser) -> Action:
    buyer = choose.pick(BUYERS)
    listing, signer, due = _listed(play, choose, buyer)
    caller = play.caller(buyer, mostly(choose, due, [due + 1, 0], percent=5))
    return caller.buy(listing, signer)


def buy_for(play: Play, choose: Chooser) -> Action:
    buyer = choose.pick(BUYERS)
    listing, signer, due = _listed(play, choose, buyer)
    return play.caller(buyer, due).buy_for(listing, signer)


def buy_many(play: Play, choose: Chooser) -> Action:
    buyer = choose.pick(BUYERS)
    listed = [_listed(play, choose, buyer) for _ in range(choose.pick((2, 1, 3, 0)))]
    due = sum(price for _, _, price in listed)
    signers = [signer for _, signer, _ in listed]
    signers += [EVE] * mostly(choose, 0, [1], percent=5)
    caller = play.caller(buyer, mostly(choose, due, [due + 1], percent=5))
    return caller.buy_many([listing for listing, _, _ in listed], signers)


def list_seat(play: Play, choose: Chooser) -> Action:
    listing = _listing(play, choose, some_seat(play, choose), EVE)
    return play.caller(mostly(choose, listing.seller, BUYERS, percent=8)).list_seat(listing)


def bump_counter(play: Play, choose: Chooser) -> Action:
    return play.caller(choose.pick(BUYERS)).bump_counter()


def accept_offer(play: Play, choose: Chooser) -> Action:
    seat = _seat_in(play, choose, (DropState.LIVE,))
    kept, drop = play.market.living(seat), play.market.drops.get(seat.drop)
    owner = owner_of(play, seat)
    buyer = choose.pick(
        [one for one in BUYERS[:3] if one != owner or chance(choose, 20)] or [owner]
    )
    counter, version = play.market.counter(buyer), drop.terms_version if drop else 0
    face = drop.face(kept) if drop and kept else 0
    epoch = kept.epoch if kept else 0
    price, expiry = _price(play, choose, seat), _expiry(play, choose)
    signer = mostly(choose, buyer, [EVE, ZERO_ADDRESS], percent=5)
    caller = play.caller(_owner(play, choose, seat))
    counter = mostly(choose, counter, [counter + 1, 0], percent=4)
    version = mostly(choose, version, [version + 1, 0], percent=4)
    nonce = choose.pick(range(12))
    if choose.pick((True, False)):
        made = SeatOffer(
            seat=seat,
            price=price,
            epoch=mostly(choose, epoch, [epoch + 1, 0], percent=6),
            buyer=buyer,
            counter=counter,
            terms_version=version,
            nonce=nonce,
            expiry=expiry,
        )
        return caller.accept_seat_offer(made, signer)
    wide = TierOffer(
        drop=mostly(choose, seat.drop, [known_drop(play, choose)], percent=6),
        tier=mostly(choose, seat.tier, [TierIndex(0), TierIndex(1)], percent=6),
        least_face=Wei(mostly(choose, face, [0, face + 1], percent=10)),
        price=price,
        buyer=buyer,
        counter=counter,
        terms_version=version,
        nonce=nonce,
        expiry=expiry,
    )
    return caller.accept_tier_offer(wide, seat, signer)


def cancel_offer(play: Play, choose: Chooser) -> Action:
    return play.caller(choose.pick(BUYERS)).cancel_offer(choose.pick(range(12)))


# Delivery.


def check_in(play: Play, choose: Chooser) -> Action:
    seat = _seat_in(play, choose, (DropState.LIVE,))
    kept, drop = play.market.living(seat), play.market.drops.get(seat.drop)
    owner, epoch = owner_of(play, seat), kept.epoch if kept else 0
    verifier = drop.terms.verifier if drop else EVE
    sender = choose.pick((verifier if verifier != ZERO_ADDRESS else EVE, owner, EVE))
    expiry = mostly(choose, play.now + 600, [play.now, play.now - 1])
    # Nobody signs for an epoch that has passed but by mistake, which signs nothing.
    signers = tuple(
        mostly(choose, one if one in KEYS else ZERO_ADDRESS, [EVE, ZERO_ADDRESS], percent=8)
        for one in (owner, verifier)
    )
    return play.caller(sender).check_in(seat, epoch, expiry, (signers[0], signers[1]))


def assert_delivery(play: Play, choose: Chooser) -> Action:
    drop = _drop_in(play, choose, (DropState.LIVE,))
    return play.caller(mostly(choose, named("mentor"), [EVE], percent=8)).assert_delivery(drop)


def object_to(play: Play, choose: Chooser) -> Action:
    seat = _seat_in(play, choose, (DropState.ASSERTED,))
    return play.caller(_owner(play, choose, seat)).object_to(seat)


def settle(play: Play, choose: Chooser) -> Action:
    over = [
        id_
        for id_, one in sorted(play.market.drops.items())
        if one.state is DropState.ASSERTED
        and play.now > objections_end(one.asserted_at, one.terms.challenge_days)
    ]
    drop = choose.pick(over) if over else _drop_in(play, choose, (DropState.ASSERTED,))
    return play.caller(choose.pick(ACCOUNTS)).settle(drop)


def resolve(play: Play, choose: Chooser) -> Action:
    drop = _drop_in(play, choose, (DropState.DISPUTED_NARROW, DropState.DISPUTED_WIDE))
    sender = mostly(choose, named("resolver"), [EVE], percent=10)
    return play.caller(sender).resolve(drop, choose.pick((5_000, 0, 10_000, 3_333, 1, 10_001)))


def resolve_by_default(play: Play, choose: Chooser) -> Action:
    drop = _drop_in(play, choose, (DropState.DISPUTED_NARROW, DropState.DISPUTED_WIDE))
    return play.caller(choose.pick(ACCOUNTS)).resolve_by_default(drop)


def refund(play: Play, choose: Chooser) -> Action:
    seat = _seat_in(play, choose, (DropState.LIVE,))
    return play.caller(_owner(play, choose, seat)).refund(seat)


def claim(play: Play, choose: Chooser) -> Action:
    ended = (DropState.CANCELLED, DropState.FAILED, DropState.SPLIT_NARROW, DropState.SPLIT_WIDE)
    seat = _seat_in(play, choose, ended)
    kept = play.market.seats.get(seat)
    payee = EVE if kept is None else kept.owner if kept.living else kept.beneficiary
    return play.caller(choose.pick((payee, EVE))).claim(seat)


def collect(play: Play, choose: Chooser) -> Action:
    ended = (DropState.SETTLED, DropState.SPLIT_NARROW, DropState.SPLIT_WIDE)
    return play.caller(choose.pick(ACCOUNTS)).collect(_seat_in(play, choose, ended))


def withdraw(play: Play, choose: Chooser) -> Action:
    owed = [(key, amount) for key, amount in sorted(play.market.credits.items()) if amount]
    usual = choose.pick(owed) if owed else ((ETH, EVE), Wei(0))
    (currency, account), amount = usual
    recipient = mostly(
        choose, choose.pick((account, EVE)), [ZERO_ADDRESS, play.places.seats, WALL], percent=20
    )
    part = mostly(choose, amount, [Wei(amount + 1), Wei(0), Wei((amount + 1) // 2)], percent=25)
    return play.caller(account).withdraw(currency, recipient, part)


def send_ether(play: Play, choose: Chooser) -> Action:
    return play.caller(choose.pick((*BUYERS, play.places.wrapped_ether)), 0).send_ether()


# The platform.


def rule(play: Play, choose: Chooser) -> Action:
    sender = mostly(choose, play.market.owner, [EVE, named("mentor")], percent=15)
    caller = play.caller(sender)
    coin = play.places.coin
    name = choose.pick(("currency", "platform", "guardian", "heir", "accept", "renounce"))
    if name == "currency":
        currency = choose.pick((coin, play.places.wrapped_ether, EVE, play.places.seats, coin))
        usual = currency not in play.market.allowed
        return caller.set_currency(currency, allowed=mostly(choose, usual, [not usual]))
    if name == "platform":
        treasury = choose.pick((named("treasury"), EVE, ZERO_ADDRESS))
        return caller.set_platform(treasury, Bps(choose.pick((250, 0, 1_000, 1_001))))
    if name == "guardian":
        return caller.set_guardian(choose.pick((named("guardian"), named("guardian"), EVE)))
    if name == "heir":
        return caller.transfer_ownership(choose.pick((named("deployer"), EVE, ZERO_ADDRESS)))
    if name == "accept":
        heir = play.market.pending_owner
        usual_heir = heir if heir != ZERO_ADDRESS else EVE
        return play.caller(mostly(choose, usual_heir, [named("dan")])).accept_ownership()
    return caller.renounce_ownership()


def allow(play: Play, choose: Chooser) -> None:
    """An account lets the contract take other amounts than before."""
    currency = choose.pick((play.places.coin, play.places.wrapped_ether))
    amounts = (Wei(2**256 - 1), Wei(0), Wei(10**18), Wei(10**20))
    play.allow(currency, choose.pick(BUYERS), choose.pick(amounts))


def wait(play: Play, choose: Chooser) -> None:
    """Time passes: to a boundary, to the second before or after it, or a little."""
    if chance(choose, 25):
        play.now += choose.pick((60, 3_600, DAY_SECONDS, 3 * DAY_SECONDS))
        return
    seconds = sorted({second for second in _boundaries(play) if second > play.now})
    # Near ones more often: a history has to pass through all of them.
    near = seconds[:3]
    target = choose.pick(near) + choose.pick((0, 1, -1)) if near else play.now + DAY_SECONDS
    play.now = max(play.now, target)


def _boundaries(play: Play) -> set[int]:
    found: set[int] = set()
    for drop in play.market.drops.values():
        terms = drop.terms
        found |= {terms.starts_at, terms.ends_at, terms.deliver_by, terms.refund_until}
        if drop.paused_until:
            found |= {drop.paused_until, drop.paused_until + 7 * DAY_SECONDS}
        if drop.asserted_at:
            found.add(objections_end(drop.asserted_at, terms.challenge_days))
        if drop.disputed_at:
            found.add(drop.disputed_at + 14 * DAY_SECONDS)
        for phase in drop.phases:
            found |= {phase.terms.opens, phase.terms.closes}
    for seat, kept in play.market.seats.items():
        found.add(kept.moved_at + play.market.drops[seat.drop].terms.gift_cooldown)
    found |= {listing.expiry for listing in play.market.stored_listings}
    return found
