"""A history by hand, through what random ones meet too seldom.

Owns the refusals that need an exact second, a second try or numbers near their end. Refuses to be
complete: exploring finds the rest.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from marketplace.domain.addresses import ETH, ZERO_ADDRESS
from marketplace.domain.admission import Pass
from marketplace.domain.drop import DropState, MintRequest
from marketplace.domain.escrow import DAY_SECONDS, MAX_HELD
from marketplace.domain.ids import DropId, PhaseIndex, SeatId
from marketplace.domain.listing import Listing
from marketplace.domain.model.admission import NOTHING, Key, Proof, SignedPass
from marketplace.domain.model.moving import MAX_EPOCH, toll_of_seat
from marketplace.domain.model.platform import MAX_CURRENCIES
from marketplace.domain.money import Wei
from marketplace.domain.offer import SeatOffer
from marketplace.domain.schedule import Times
from tests.integration.model.evm import named
from tests.integration.model.moves import buy_seats, must
from tests.integration.model.play import BUYERS
from tests.integration.model.scenes import LIST, MENTOR, PASS_SIGNER, offer, opening_scenes

if TYPE_CHECKING:
    from marketplace.domain.model.admission import Authorisation
    from tests.integration.model.calls import Action
    from tests.integration.model.play import Play

ADA, BO, _, DAN, _ = BUYERS
FIRST, SECOND, THIRD = DropId(1), DropId(2), DropId(3)
ADAS: Final = SeatId(1_000_001)
HERS_TOO: Final = SeatId(1_000_002)
OPEN_SEAT: Final = SeatId(2_000_001)
OTHER_OPEN_SEAT: Final = SeatId(2_000_002)


def refuse(play: Play, action: Action, error: str) -> None:
    """A call that can only be refused here, and so."""
    refusal = play.do(action)
    assert refusal is not None
    assert refusal.error == error


def tour(play: Play) -> None:
    """Begins where every drop has sold; ends with an objection."""
    _passes(play)
    _pauses(play)
    _refunds(play)
    _offers(play)
    _numbers_at_their_end(play)
    _postponing(play)
    _keys(play)
    _check_ins(play)
    _objections(play)
    _a_tenth(play)


def _mint(play: Play, drop: DropId, phase: int, shown: Authorisation, surplus: int = 0) -> Action:
    place = PhaseIndex(phase)
    terms = play.market.drops[drop].phases[place].terms
    in_ether = play.market.drops[drop].terms.currency == ETH
    request = MintRequest(drop=drop, phase=place, recipient=ADA, quantity=1, max_total=terms.price)
    return play.caller(ADA, (terms.price if in_ether else 0) + surplus).mint((request, shown, LIST))


def _passes(play: Play) -> None:
    spent = Pass(
        drop=FIRST, phase=PhaseIndex(2), account=ADA, quantity=1, nonce=200, expiry=play.now
    )
    small = replace(spent, quantity=0)
    refuse(play, _mint(play, FIRST, 2, SignedPass(spent, PASS_SIGNER)), "SeatDrops_PassSpent")
    late = replace(spent, expiry=play.now - 1)
    refuse(play, _mint(play, FIRST, 2, SignedPass(small, PASS_SIGNER)), "SeatDrops_PassTooSmall")
    refuse(play, _mint(play, FIRST, 2, SignedPass(late, PASS_SIGNER)), "SeatDrops_PassExpired")
    bos = Proof(LIST.root, PhaseIndex(1), BO, hashes=2)
    refuse(play, _mint(play, SECOND, 1, bos), "SeatDrops_NotAllowlisted")
    refuse(play, _mint(play, FIRST, 0, NOTHING, surplus=1), "SeatDrops_WrongPayment")


def _pauses(play: Play) -> None:
    listing = Listing(
        seat=ADAS,
        price=Wei(play.market.drops[FIRST].phases[0].terms.price),
        epoch=0,
        seller=ADA,
        counter=0,
        terms_version=0,
        expiry=play.now,
    )
    guardian = play.caller(named("guardian"))
    must(play, guardian.pause(FIRST, play.now))
    refuse(play, play.caller(BO, listing.price).buy(listing, ADA), "SeatMarket_Paused")
    refuse(play, _mint(play, FIRST, 0, NOTHING), "SeatDrops_Paused")
    must(play, guardian.unpause(FIRST))
    must(play, play.caller(BO, listing.price).buy(listing, ADA))
    refuse(play, guardian.pause(FIRST, play.now), "SeatDrops_TooEarly")
    play.now += 7 * DAY_SECONDS
    must(play, guardian.pause(FIRST, play.now))
    play.now += 1


def _refunds(play: Play) -> None:
    buy_seats(play, FIRST, PhaseIndex(0), DAN, 1)
    newest = SeatId(1_000_000 + play.market.drops[FIRST].tiers[0].issued)
    refuse(play, play.caller(DAN).refund(newest), "SeatDelivery_JustMoved")
    toll = toll_of_seat(play.market.drops[FIRST], newest)
    gift = play.caller(DAN, toll).transfer(DAN, BO, newest)
    refuse(play, gift, "SeatToken_CoolingDown")
    play.now += 1
    must(play, play.caller(DAN).refund(newest))
    must(play, play.caller(ADA).refund(OPEN_SEAT))
    refuse(play, play.caller(ADA).approve(BO, OPEN_SEAT), "SeatToken_Unknown")


def _offers(play: Play) -> None:
    must(play, play.caller(BO).cancel_offer(3))
    made = SeatOffer(
        seat=HERS_TOO,
        price=play.market.drops[FIRST].phases[0].terms.price,
        epoch=0,
        buyer=BO,
        counter=0,
        terms_version=0,
        nonce=3,
        expiry=play.now,
    )
    refuse(play, play.caller(ADA).accept_seat_offer(made, BO), "SeatMarket_OfferSpent")


def _numbers_at_their_end(play: Play) -> None:
    market = play.market
    worn = replace(market.seats[HERS_TOO], epoch=MAX_EPOCH)
    heavy = replace(market.seats[ADAS], held=MAX_HELD)
    more = MAX_HELD - market.seats[ADAS].held
    rich = {
        **market.balances,
        (ETH, market.address): Wei(market.balance(ETH, market.address) + more),
    }
    full = replace(
        market.with_seat(HERS_TOO, worn).with_seat(ADAS, heavy),
        currencies=(play.places.coin,) * MAX_CURRENCIES,
        balances=rich,
    )
    play.force(full)
    refuse(play, play.caller(ADA).cancel_listings(HERS_TOO), "SeatToken_EpochExhausted")
    toll = toll_of_seat(market.drops[FIRST], ADAS)
    refuse(play, play.caller(ADA, toll).transfer(ADA, BO, HERS_TOO), "SeatToken_EpochExhausted")
    refuse(play, play.caller(BO, toll).transfer(BO, ADA, ADAS), "SeatEscrow_HeldTooLarge")
    owner = play.caller(named("deployer"))
    wrapped = play.places.wrapped_ether
    refuse(play, owner.set_currency(wrapped, allowed=True), "Seats_CurrenciesExhausted")
    play.force(market)


def _postponing(play: Play) -> None:
    mentor = play.caller(MENTOR)
    must(play, mentor.postpone(THIRD, _a_week_later(play)))
    must(play, mentor.postpone(THIRD, _a_week_later(play)))
    refuse(play, mentor.postpone(THIRD, _a_week_later(play)), "SeatDrops_PostponedTooOften")


def _a_week_later(play: Play) -> Times:
    terms, week = play.market.drops[THIRD].terms, 7 * DAY_SECONDS
    return Times(
        starts_at=terms.starts_at + week,
        ends_at=terms.ends_at + week,
        deliver_by=terms.deliver_by + week,
    )


def _keys(play: Play) -> None:
    """A seat of the first drop opens the second, once, from the end of its refund window on."""
    terms = play.market.drops[FIRST].terms
    key = Key(HERS_TOO)
    play.now = terms.refund_until
    refuse(play, _mint(play, SECOND, 4, key), "SeatDrops_SeatRefundable")
    play.now += 1
    refuse(play, _mint(play, SECOND, 4, Key(ADAS)), "SeatDrops_SeatNotYours")
    must(play, _mint(play, SECOND, 4, key))
    refuse(play, _mint(play, SECOND, 4, key), "SeatDrops_SeatSpent")
    refuse(play, _mint(play, SECOND, 4, NOTHING), "SeatDrops_AuthorisationMalformed")
    must(play, _mint(play, THIRD, 4, Key(OTHER_OPEN_SEAT)))


def _check_ins(play: Play) -> None:
    epoch = play.market.seats[ADAS].epoch
    verifier = play.caller(named("verifier"))
    signers = (BO, ZERO_ADDRESS)
    must(play, verifier.check_in(ADAS, epoch, play.now, signers))
    refuse(play, verifier.check_in(ADAS, epoch, play.now, signers), "SeatDelivery_CheckedIn")
    nobody = verifier.check_in(OTHER_OPEN_SEAT, 0, play.now, signers)
    refuse(play, nobody, "SeatDelivery_VerifierMissing")


def _objections(play: Play) -> None:
    play.now = play.market.drops[FIRST].terms.ends_at
    must(play, play.caller(MENTOR).assert_delivery(FIRST))
    must(play, play.caller(ADA).object_to(HERS_TOO))
    refuse(play, play.caller(ADA).object_to(HERS_TOO), "SeatDelivery_ObjectedAlready")


def _a_tenth(play: Play) -> None:
    """One of ten equal faces under objection is a tenth: the dispute is wide."""
    made = offer(opening_scenes(play.places.coin)[0], play)
    tier = replace(made.tiers[0], cap=10)
    phase = replace(made.phases[0], wallet_limit=0)
    drop = DropId(len(play.market.drops) + 1)
    made = replace(made, tiers=(tier,), phases=(phase,))
    must(play, play.caller(MENTOR).create_drop(made))
    buy_seats(play, drop, PhaseIndex(0), ADA, 9)
    play.now = phase.closes
    buy_seats(play, drop, PhaseIndex(0), ADA, 1)
    play.now += 1
    refuse(play, _mint(play, drop, 0, NOTHING), "SeatDrops_PhaseClosed")
    toll = toll_of_seat(play.market.drops[drop], SeatId(drop * 1_000_000 + 2))
    play.now = made.terms.ends_at
    must(play, play.caller(MENTOR).assert_delivery(drop))
    must(play, play.caller(ADA).object_to(SeatId(drop * 1_000_000 + 1)))
    play.now += 3 * DAY_SECONDS
    refuse(play, play.caller(BO).settle(drop), "SeatDelivery_TooEarly")
    play.now += 1
    must(play, play.caller(BO).settle(drop))
    assert play.market.drops[drop].state is DropState.DISPUTED_WIDE
    gift = play.caller(ADA, toll).transfer(ADA, BO, SeatId(drop * 1_000_000 + 2))
    refuse(play, gift, "SeatToken_DropImmovable")
    play.now += 14 * DAY_SECONDS
    refuse(play, play.caller(BO).resolve_by_default(drop), "SeatDelivery_TooEarly")
    play.now += 1
    refuse(play, play.caller(named("resolver")).resolve(drop, 0), "SeatDelivery_TooLate")
    must(play, play.caller(BO).resolve_by_default(drop))
