"""What somebody might do next in the drops: create, mint, steer.

Owns guesses of which about half are refused. Refuses to know which: the model says it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypeAlias

from marketplace.domain.addresses import ETH, ZERO_ADDRESS
from marketplace.domain.admission import Pass
from marketplace.domain.drop import DropState, Gate, MintRequest, NewDrop, TransferPolicy
from marketplace.domain.escrow import DAY_SECONDS
from marketplace.domain.ids import DropId, PhaseIndex, SeatId, TierIndex
from marketplace.domain.model.admission import NOTHING, Junk, Key, Proof, SignedPass
from marketplace.domain.money import Bps, Wei
from marketplace.domain.phases import is_open
from marketplace.domain.schedule import MAX_PAUSE_SECONDS, MIN_NOTICE_SECONDS, Times
from tests.integration.model.choosing import chance, mostly
from tests.integration.model.evm import named
from tests.integration.model.play import ACCOUNTS, BUYERS, EVE
from tests.integration.model.scenes import LIST, MENTOR, PASS_SIGNER, offer, opening_scenes

if TYPE_CHECKING:
    from collections.abc import Callable

    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.model.admission import Authorisation
    from marketplace.domain.model.state import Drop
    from tests.integration.model.calls import Action, Authorised
    from tests.integration.model.choosing import Chooser
    from tests.integration.model.play import Play

NO_DROP: Final = DropId(77)


def some_drop(play: Play, choose: Chooser) -> DropId:
    return mostly(choose, choose.pick(sorted(play.market.drops)), [NO_DROP], percent=3)


def live_drop(play: Play, choose: Chooser) -> DropId:
    """Mostly one that is LIVE."""
    live = [i for i, one in sorted(play.market.drops.items()) if one.state is DropState.LIVE]
    usual = choose.pick(live) if live else some_drop(play, choose)
    return mostly(choose, usual, [some_drop(play, choose)], percent=12)


def known_drop(play: Play, choose: Chooser) -> DropId:
    return choose.pick(sorted(play.market.drops))


def some_seat(play: Play, choose: Chooser) -> SeatId:
    """Mostly one that was minted once."""
    seats = sorted(play.market.seats)
    if not seats or chance(choose, 3):
        return choose.pick([SeatId(1_000_001), SeatId(9), SeatId(77_000_001), SeatId(2_099_999)])
    return choose.pick(seats)


def owner_of(play: Play, seat: SeatId) -> ChecksumAddress:
    """Who owns a seat; somebody, where nobody does."""
    kept = play.market.living(seat)
    return EVE if kept is None else kept.owner


# Creating.


def create(play: Play, choose: Chooser) -> Action:
    scene = choose.pick(opening_scenes(play.places.coin))
    made = offer(scene, play)
    if chance(choose, 75):
        spoil = choose.pick(_SPOILING)
        made = spoil(made, play, choose)
    return play.caller(MENTOR).create_drop(made)


def _with_terms(**changes: object) -> Callable[[NewDrop, Play, Chooser], NewDrop]:
    def spoil(made: NewDrop, play: Play, choose: Chooser) -> NewDrop:
        del play, choose
        return replace(made, terms=replace(made.terms, **changes))  # type: ignore[arg-type] # names

    return spoil


def _shifted(name: str) -> Callable[[NewDrop, Play, Chooser], NewDrop]:
    def spoil(made: NewDrop, play: Play, choose: Chooser) -> NewDrop:
        spots = (play.now - 1, made.terms.ends_at, made.terms.ends_at + 1, made.terms.deliver_by, 0)
        latest = play.now + 730 * DAY_SECONDS
        value = choose.pick((*spots, latest, latest + 1))
        return _with_terms(**{name: value})(made, play, choose)

    return spoil


def _with_phase(**changes: object) -> Callable[[NewDrop, Play, Chooser], NewDrop]:
    def spoil(made: NewDrop, play: Play, choose: Chooser) -> NewDrop:
        del play
        place = choose.pick(range(len(made.phases)))
        phase = replace(made.phases[place], **changes)  # type: ignore[arg-type] # names
        return replace(made, phases=(*made.phases[:place], phase, *made.phases[place + 1 :]))

    return spoil


def _with_tier(**changes: object) -> Callable[[NewDrop, Play, Chooser], NewDrop]:
    def spoil(made: NewDrop, play: Play, choose: Chooser) -> NewDrop:
        del play, choose
        tier = replace(made.tiers[0], **changes)  # type: ignore[arg-type] # names
        return replace(made, tiers=(tier, *made.tiers[1:]))

    return spoil


def _repeated(tiers: int, phases: int) -> Callable[[NewDrop, Play, Chooser], NewDrop]:
    def spoil(made: NewDrop, play: Play, choose: Chooser) -> NewDrop:
        del play, choose
        return replace(made, tiers=made.tiers * tiers, phases=made.phases * phases)

    return spoil


_Spoil: TypeAlias = "Callable[[NewDrop, Play, Chooser], NewDrop]"

_SPOILING: Final[tuple[_Spoil, ...]] = (
    _with_terms(resolver=MENTOR),
    _with_terms(resolver=ZERO_ADDRESS),
    _with_terms(resolver=EVE, payout=EVE),
    _with_terms(verifier=MENTOR),
    _with_terms(royalty=Bps(2_001)),
    _with_terms(toll=Bps(2_001)),
    _with_terms(resale_cap=Bps(50_001)),
    _with_terms(penalty=Bps(10_001)),
    _with_terms(default_split=Bps(10_001)),
    _with_terms(gift_cooldown=730 * DAY_SECONDS + 1),
    _with_terms(gift_cooldown=1, policy=TransferPolicy.OPEN, toll=Bps(0)),
    _with_terms(gift_cooldown=0, policy=TransferPolicy.OPEN, toll=Bps(1)),
    _with_terms(challenge_days=2),
    _with_terms(challenge_days=31),
    _with_terms(max_fee=Bps(249)),
    _with_terms(currency=EVE),
    _shifted("starts_at"),
    _shifted("ends_at"),
    _shifted("deliver_by"),
    _shifted("refund_until"),
    _with_tier(cap=0),
    _with_tier(cap=100_000),
    _with_tier(list_price=Wei(2**80)),
    _with_tier(cap=1),
    _with_phase(tier=TierIndex(2)),
    _with_phase(price=Wei(2**79)),
    _with_phase(closes=1),
    _with_phase(closes=2**40 - 1),
    _with_phase(opens=2**40 - 1),
    _with_phase(supply=8),
    _with_phase(supply=0, reserved=True),
    _with_phase(supply=4, reserved=True),
    _with_phase(wallet_limit=2**16),
    _with_phase(gate=Gate.ALLOWLIST, gate_data=bytes(32)),
    _with_phase(gate=Gate.PASS, gate_data=b"\1" * 32),
    _with_phase(gate=Gate.SEAT, gate_data=(99).to_bytes(32, "big")),
    _repeated(0, 1),
    _repeated(1, 0),
    _repeated(6, 1),
    _repeated(1, 5),
)


# Minting.


def mint(play: Play, choose: Chooser) -> Action:
    sender = choose.pick(BUYERS)
    wanted, due = _wanted(play, choose, sender)
    value = mostly(choose, due, [due + 1, max(due - 1, 0), 0], percent=6)
    return play.caller(sender, value).mint(wanted)


def mint_many(play: Play, choose: Chooser) -> Action:
    sender = choose.pick(BUYERS)
    baskets = [_wanted(play, choose, sender) for _ in range(choose.pick((2, 1, 3)))]
    due = sum(price for _, price in baskets)
    value = mostly(choose, due, [due + 1], percent=6)
    surplus = mostly(choose, 0, [1], percent=6)
    return play.caller(sender, value).mint_many([one for one, _ in baskets], surplus)


def _wanted(play: Play, choose: Chooser, sender: ChecksumAddress) -> tuple[Authorised, int]:
    """A mint, and the ether that it costs."""
    id_ = live_drop(play, choose)
    drop = play.market.drops.get(id_)
    phase = _some_phase(play, choose, drop)
    known = drop is not None and phase < len(drop.phases)
    price = drop.phases[phase].terms.price if drop and known else 0
    quantity = mostly(choose, choose.pick((1, 1, 1, 2)), (0, 3, 8), percent=8)
    total = price * quantity
    request = MintRequest(
        drop=id_,
        phase=phase,
        recipient=mostly(choose, sender, [*BUYERS, ZERO_ADDRESS, play.places.seats], percent=12),
        quantity=quantity,
        max_total=Wei(mostly(choose, total, [total + 5, max(total - 1, 0)], percent=8)),
        referrer=choose.pick((ZERO_ADDRESS, EVE)),
    )
    shown = _shown(play, choose, request, sender)
    in_ether = drop is None or drop.terms.currency == ETH
    return (request, shown, LIST), total if in_ether else 0


def _some_phase(play: Play, choose: Chooser, drop: Drop | None) -> PhaseIndex:
    """Mostly one that is open."""
    if drop is None:
        return PhaseIndex(0)
    everyone = range(len(drop.phases))
    selling = [
        index
        for index, one in enumerate(drop.phases)
        if is_open(one.terms.opens, one.terms.closes, play.now)
    ]
    return PhaseIndex(mostly(choose, choose.pick(selling or everyone), [*everyone, 16], percent=10))


def _shown(
    play: Play, choose: Chooser, request: MintRequest, sender: ChecksumAddress
) -> Authorisation:
    drop = play.market.drops.get(request.drop)
    if drop is None or request.phase >= len(drop.phases):
        return NOTHING
    gate = drop.phases[request.phase].terms.gate
    if chance(choose, 6):
        return choose.pick((NOTHING, Junk(31), Junk(97) if gate is not Gate.PASS else Junk(95)))
    if gate is Gate.ALLOWLIST:
        leaf = mostly(choose, (PhaseIndex(1), sender), LIST.listed)
        return _proof(*leaf)
    if gate is Gate.PASS:
        return _pass(play, choose, request, sender)
    if gate is Gate.SEAT:
        return _key(play, choose, drop, request, sender)
    return NOTHING


def _proof(phase: PhaseIndex, account: ChecksumAddress) -> Authorisation:
    """What is sent for a leaf that is not in the tree shows nothing."""
    root = LIST.root if (phase, account) in LIST.listed else bytes(32)
    return Proof(root, phase, account, hashes=2)


def _pass(play: Play, choose: Chooser, request: MintRequest, sender: ChecksumAddress) -> SignedPass:
    leave = Pass(
        drop=mostly(choose, request.drop, [DropId(1), DropId(2)], percent=5),
        phase=request.phase,
        account=mostly(choose, sender, BUYERS, percent=5),
        quantity=mostly(choose, request.quantity, [0, 1, 9], percent=8),
        nonce=choose.pick(range(6)),
        expiry=mostly(choose, play.now + DAY_SECONDS, [play.now, play.now - 1]),
    )
    return SignedPass(leave, mostly(choose, PASS_SIGNER, [MENTOR], percent=5))


def _key(
    play: Play, choose: Chooser, drop: Drop, request: MintRequest, sender: ChecksumAddress
) -> Key:
    wanted = int.from_bytes(drop.phases[request.phase].terms.gate_data, "big")
    mine = [
        seat
        for seat, kept in sorted(play.market.seats.items())
        if kept.owner == sender and seat.drop == wanted
    ]
    usual = choose.pick(mine) if mine else some_seat(play, choose)
    return Key(mostly(choose, usual, [some_seat(play, choose)]))


# Steering.


def _mentor(choose: Chooser) -> ChecksumAddress:
    return mostly(choose, MENTOR, [EVE, named("deployer"), BUYERS[0]], percent=8)


def grant(play: Play, choose: Chooser) -> Action:
    tier = mostly(choose, choose.pick((0, 1)), [2], percent=5)
    recipient = mostly(choose, choose.pick(BUYERS), [ZERO_ADDRESS, play.places.seats], percent=5)
    caller = play.caller(_mentor(choose))
    return caller.grant(
        live_drop(play, choose), TierIndex(tier), recipient, choose.pick((1, 1, 2, 4, 0, 99))
    )


def lower_cap(play: Play, choose: Chooser) -> Action:
    id_ = live_drop(play, choose)
    tier = TierIndex(mostly(choose, choose.pick((0, 1)), [2], percent=5))
    drop = play.market.drops.get(id_)
    cap = drop.tiers[tier].cap if drop and tier < len(drop.tiers) else 5
    return play.caller(_mentor(choose)).lower_cap(
        id_, tier, choose.pick([max(cap - step, 0) for step in (1, 0, 2, 3, 7)])
    )


def set_verifier(play: Play, choose: Chooser) -> Action:
    verifier = choose.pick((named("verifier"), ZERO_ADDRESS, MENTOR, named("verifier")))
    return play.caller(_mentor(choose)).set_verifier(live_drop(play, choose), verifier)


def pause(play: Play, choose: Chooser) -> Action:
    sender = mostly(choose, play.market.guardian, [EVE, MENTOR])
    lengths = (3_600, 0, MAX_PAUSE_SECONDS, MAX_PAUSE_SECONDS + 1, -1)
    return play.caller(sender).pause(live_drop(play, choose), play.now + choose.pick(lengths))


def unpause(play: Play, choose: Chooser) -> Action:
    sender = mostly(choose, play.market.guardian, [EVE, MENTOR])
    paused = [i for i, one in sorted(play.market.drops.items()) if one.paused_until >= play.now]
    usual = choose.pick(paused) if paused else live_drop(play, choose)
    return play.caller(sender).unpause(mostly(choose, usual, [some_drop(play, choose)]))


def postpone(play: Play, choose: Chooser) -> Action:
    id_ = live_drop(play, choose)
    drop = play.market.drops.get(id_, play.market.drops[DropId(1)])
    old, latest = drop.terms, drop.first_deliver_by + 180 * DAY_SECONDS
    starts = max(old.starts_at, play.now + MIN_NOTICE_SECONDS) + choose.pick((0, DAY_SECONDS, -1))
    ends = max(old.ends_at, starts) + choose.pick((0, DAY_SECONDS, -1))
    ends = mostly(choose, ends, [old.ends_at, latest - 1, latest])
    deliver_by = max(old.deliver_by, ends + 1) + choose.pick((0, DAY_SECONDS, -1))
    deliver_by = mostly(choose, deliver_by, [latest, latest + 1, 2**256 - 1])
    times = Times(starts_at=starts, ends_at=ends, deliver_by=deliver_by)
    return play.caller(_mentor(choose)).postpone(id_, times)


def cancel_drop(play: Play, choose: Chooser) -> Action:
    return play.caller(_mentor(choose)).cancel_drop(live_drop(play, choose))


def fail_drop(play: Play, choose: Chooser) -> Action:
    overdue = [
        id_
        for id_, one in sorted(play.market.drops.items())
        if one.state is DropState.LIVE and play.now > one.terms.deliver_by
    ]
    drop = choose.pick(overdue) if overdue else some_drop(play, choose)
    return play.caller(choose.pick(ACCOUNTS)).fail_drop(drop)
