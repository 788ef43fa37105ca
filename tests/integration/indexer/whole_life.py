"""One long life of a market on a chain, in which every event of the contract occurs.

Owns the script: eight drops in two currencies, every end that a drop can have, and all that
happens to seats on the way. Refuses to look at any mirror. Each act is a transaction in a block of
its own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from eth_abi.abi import encode
from eth_utils.crypto import keccak

from marketplace.bindings.currency import Currency
from marketplace.bindings.development import deploy_coin
from marketplace.bindings.events import SeatsGranted, SeatsMinted
from marketplace.domain.addresses import ETH, ChecksumAddress
from marketplace.domain.admission import CheckIn, Pass
from marketplace.domain.drop import (
    Gate,
    Minting,
    MintRequest,
    PhaseTerms,
    TierTerms,
    TransferPolicy,
)
from marketplace.domain.ids import DropId, PhaseIndex, SeatId, TierIndex
from marketplace.domain.listing import Purchase
from marketplace.domain.money import Bps, Wei
from marketplace.domain.offer import SeatOffer, TierOffer
from marketplace.orders.check_ins import sign_check_in
from marketplace.orders.offers import sign_offer
from marketplace.orders.passes import (
    gate_data_of_drop,
    gate_data_of_signer,
    pass_authorisation,
    seat_authorisation,
    sign_pass,
)
from tests.integration.marketplace.world import DAY, PRICE, address_of, one, signer, with_phase

if TYPE_CHECKING:
    from marketplace.bindings.transactions import Mined, PreparedTransaction
    from marketplace.domain.drop import NewDrop
    from tests.integration.marketplace.world import Market

ADA, BO, CLEO = "ada", "bo", "cleo"
PEOPLE: Final = (ADA, BO, CLEO, "dan", "mentor", "treasury", "payout", "deployer")
PURSE: Final = Wei(10**19)
TIER: Final = TierIndex(0)


@dataclass
class Life:
    """The market, its coin, and the second from which every schedule counts."""

    market: Market
    coin: Currency
    begun: int

    @property
    def place(self) -> tuple[int, ChecksumAddress]:
        """Chain and contract, which every signature names."""
        return self.market.chain_id, self.market.contract.address

    def do(self, name: str, act: PreparedTransaction) -> Mined:
        return self.market.send(name, act)

    def wait(self, days: float) -> None:
        """Let it be so many days after the beginning."""
        self.market.steering.travel(self.begun + int(days * DAY))

    def create(self, currency: ChecksumAddress = ETH, **terms: object) -> DropId:
        """A drop of two tiers; seats may be given away at once, for a toll."""
        offer = self.market.offer()
        return self.market.create(
            replace(
                offer,
                terms=replace(offer.terms, **self.schedule(), currency=currency, **terms),  # type: ignore[arg-type] # named
                tiers=(TierTerms(list_price=PRICE, cap=40), TierTerms(list_price=PRICE, cap=3)),
                phases=(
                    self.phase(supply=30),
                    self.phase(tier=TierIndex(1)),
                ),
            )
        )

    def schedule(self) -> dict[str, int]:
        return {
            "starts_at": self.begun + 10 * DAY,
            "ends_at": self.begun + 11 * DAY,
            "deliver_by": self.begun + 20 * DAY,
            "refund_until": self.begun + 10 * DAY,
            "gift_cooldown": 0,
        }

    def phase(self, **changes: object) -> PhaseTerms:
        public = PhaseTerms(
            tier=TIER, price=PRICE, opens=self.begun, closes=self.begun + 11 * DAY, supply=0
        )
        return replace(public, **changes)  # type: ignore[arg-type] # names fields

    def request(self, drop: DropId, name: str, quantity: int, phase: int) -> MintRequest:
        return MintRequest(
            drop=drop,
            phase=PhaseIndex(phase),
            recipient=address_of(name),
            quantity=quantity,
            max_total=Wei(PRICE * quantity),
        )

    def mint(
        self,
        drop: DropId,
        name: str,
        quantity: int = 1,
        *,
        phase: int = 0,
        authorisation: bytes = b"",
        currency: ChecksumAddress = ETH,
    ) -> SeatId:
        request = self.request(drop, name, quantity, phase)
        act = self.market.contract.mint(request, request.max_total, authorisation, currency)
        return one(self.market.contract.events_of(self.do(name, act)), SeatsMinted).first

    def grant(self, drop: DropId, name: str, quantity: int) -> SeatId:
        act = self.market.contract.grant(drop, TIER, address_of(name), quantity)
        return one(self.market.contract.events_of(self.do("mentor", act)), SeatsGranted).first

    def sell(self, seat: SeatId, seller: str, buyer: str, currency: ChecksumAddress = ETH) -> None:
        listing = replace(self.market.listing(seat, seller), expiry=self.market.now + DAY)
        signature = self.market.sign(listing, seller)
        self.do(buyer, self.market.contract.buy(listing, signature, currency))

    def give(self, seat: SeatId, giver: str, to: str, currency: ChecksumAddress = ETH) -> None:
        toll = self.market.contract.seat_of(seat).toll
        self.do(
            giver,
            self.market.contract.transfer(seat, address_of(giver), address_of(to), toll, currency),
        )

    def offer_for(self, seat: SeatId, buyer: str, nonce: int) -> SeatOffer:
        return SeatOffer(
            seat=seat,
            price=PRICE,
            epoch=self.market.contract.seat_of(seat).epoch,
            buyer=address_of(buyer),
            counter=self.market.contract.counter_of(address_of(buyer)),
            terms_version=0,
            nonce=nonce,
            expiry=self.market.now + DAY,
        )


def live(market: Market) -> Life:
    """Play the whole life; gives what to look at afterwards."""
    coin = Currency(market.web3, deploy_coin(market.sender("eve")))
    life = Life(market, coin, market.now + 100)
    _prepare(life)
    cancelled, failed, settled = life.create(), life.create(coin.address), life.create()
    narrow, wide = life.create(coin.address), life.create()
    bound = life.create(policy=TransferPolicy.BOUND)
    opened = life.create(policy=TransferPolicy.OPEN, toll=Bps(0))
    gated = market.create(_gated(life, settled))
    life.wait(0.1)
    _trade(life, settled)
    _offers(life, settled, failed)
    _steer_and_cancel(life, cancelled)
    _move_freely(life, opened)
    _stay(life, bound)
    for drop, currency in ((narrow, coin.address), (wide, ETH)):
        life.mint(drop, ADA, 12, currency=currency)
        life.sell(SeatId.of(drop, TIER, 1), ADA, BO, currency)
        life.sell(SeatId.of(drop, TIER, 2), ADA, CLEO, currency)
        life.mint(drop, BO, phase=1, currency=currency)
    _refund(life, narrow)
    _admit(life, gated, settled)
    _deliver(life, settled, (narrow, wide))
    _fail(life, failed)
    _decide(life, narrow, wide)
    _leave(life)
    return life


def _prepare(life: Life) -> None:
    contract = life.market.contract
    spender = contract.address
    wrapped = Currency(life.market.web3, contract.wrapped_ether())
    life.do("deployer", contract.set_guardian(address_of("guardian")))
    life.do("deployer", contract.set_currency(life.coin.address, allowed=True))
    life.do("deployer", contract.set_currency(wrapped.address, allowed=True))
    life.do("deployer", contract.set_currency(wrapped.address, allowed=False))
    life.do("deployer", contract.set_platform(address_of("treasury"), Bps(300)))
    for name in (ADA, BO, CLEO):
        life.do(name, life.coin.make(address_of(name), PURSE))
        life.do(name, life.coin.approve(spender, PURSE))
        life.do(name, wrapped.wrap(Wei(PURSE // 10)))
        life.do(name, wrapped.approve(spender, PURSE))


def _gated(life: Life, other: DropId) -> NewDrop:
    """A drop behind an allowlist of Ada alone, passes of the mentor, and seats of another drop."""
    offer = with_phase(life.market.offer(), supply=5, reserved=True)
    leaf = keccak(keccak(encode(["uint256", "address"], [1, address_of(ADA)])))
    gates = (
        (Gate.ALLOWLIST, leaf),
        (Gate.PASS, gate_data_of_signer(address_of("mentor"))),
        (Gate.SEAT, gate_data_of_drop(other)),
    )
    phases = tuple(life.phase(gate=gate, gate_data=data) for gate, data in gates)
    return replace(
        offer,
        terms=replace(offer.terms, **life.schedule(), payout=address_of("payout")),  # type: ignore[arg-type] # named
        phases=(*offer.phases, *phases),
    )


def _trade(life: Life, drop: DropId) -> None:
    market, contract = life.market, life.market.contract
    first = life.mint(drop, ADA, 5)
    seats = [SeatId(first + number) for number in range(5)]
    life.sell(seats[0], ADA, BO)
    life.give(seats[1], ADA, CLEO)
    stored = market.listing(seats[2], ADA)
    life.do(ADA, contract.list_seat(stored))
    life.do(BO, contract.buy(stored))
    dead, alive = market.listing(seats[3], ADA), market.listing(seats[4], ADA)
    life.do(ADA, contract.cancel_listings(seats[3]))
    # Anybody asks for any number, and is told that it was skipped.
    made_up = replace(alive, seat=SeatId(2**200), price=Wei(0))
    purchases = [
        Purchase(listing=listing, signature=market.sign(listing, ADA))
        for listing in (dead, made_up, alive)
    ]
    life.do(CLEO, contract.buy_many(purchases))
    life.do(ADA, contract.bump_counter())
    life.grant(drop, "dan", 2)


def _offers(life: Life, ether: DropId, coins: DropId) -> None:
    contract, coin = life.market.contract, life.coin.address
    first = life.mint(coins, ADA, 3, currency=coin)
    life.mint(coins, BO, phase=1, currency=coin)
    life.sell(first, ADA, BO, coin)
    life.give(SeatId(first + 1), ADA, CLEO, coin)
    for seat, seller, nonce in (
        (SeatId.of(ether, TIER, 1), BO, 2**256 - 1),
        (SeatId(first + 2), ADA, 7),
    ):
        offer = life.offer_for(seat, CLEO, nonce)
        signature = sign_offer(signer(CLEO), offer, *life.place)
        life.do(seller, contract.accept_seat_offer(offer, signature, coin))
    wanted = TierOffer(
        drop=coins,
        tier=TIER,
        least_face=PRICE,
        price=PRICE,
        buyer=address_of(ADA),
        counter=contract.counter_of(address_of(ADA)),
        terms_version=0,
        nonce=1,
        expiry=life.market.now + DAY,
    )
    taken = contract.accept_tier_offer(
        wanted, first, sign_offer(signer(ADA), wanted, *life.place), coin
    )
    life.do(BO, taken)
    life.do(ADA, contract.cancel_offer(2))
    life.do(ADA, contract.cancel_offer(1))


def _steer_and_cancel(life: Life, drop: DropId) -> None:
    contract = life.market.contract
    requests = [
        life.request(drop, name, count, phase) for name, count, phase in ((ADA, 4, 0), (BO, 2, 1))
    ]
    life.do(
        ADA, contract.mint_many([Minting(request=one, payment=one.max_total) for one in requests])
    )
    first = SeatId.of(drop, TIER, 1)
    life.sell(first, ADA, CLEO)
    life.do("mentor", contract.lower_cap(drop, TIER, 33))
    life.do("mentor", contract.set_verifier(drop, address_of("guardian")))
    life.do("guardian", contract.pause(drop, life.market.now + 1_000))
    life.do(ADA, contract.refund(SeatId(first + 1)))
    life.do("guardian", contract.unpause(drop))
    start = life.begun + 15 * DAY
    life.do("mentor", contract.postpone(drop, start, start + DAY, start + 10 * DAY))
    life.do(CLEO, contract.refund(first))
    life.do("mentor", contract.cancel_drop(drop))
    for seat, name in ((first, "dan"), (first + 1, ADA), (first + 2, ADA), (first + 3, BO)):
        life.do(name, contract.claim(SeatId(seat)))


def _move_freely(life: Life, drop: DropId) -> None:
    contract = life.market.contract
    first = life.mint(drop, ADA, 2)
    life.do(ADA, contract.approve(address_of(BO), first))
    life.do(BO, contract.transfer_from(first, address_of(ADA), address_of(CLEO)))
    life.do(ADA, contract.set_approval_for_all(address_of(BO), approved=True))
    life.do(BO, contract.transfer_from(SeatId(first + 1), address_of(ADA), address_of(BO)))


def _stay(life: Life, drop: DropId) -> None:
    life.mint(drop, ADA, 2)
    life.grant(drop, BO, 1)


def _refund(life: Life, drop: DropId) -> None:
    """A seat that carried a royalty is burned; its number is not given out again."""
    life.do(CLEO, life.market.contract.refund(SeatId.of(drop, TIER, 2)))
    life.mint(drop, ADA, currency=life.coin.address)


def _admit(life: Life, drop: DropId, other: DropId) -> None:
    contract = life.market.contract
    life.mint(drop, ADA, phase=1)
    leave = Pass(
        drop=drop,
        phase=PhaseIndex(2),
        account=address_of(BO),
        quantity=3,
        nonce=2**255,
        expiry=life.market.now + DAY,
    )
    signature = sign_pass(signer("mentor"), leave, *life.place)
    life.mint(drop, BO, 2, phase=2, authorisation=pass_authorisation(leave, signature))
    life.wait(10.1)
    seat = SeatId.of(other, TIER, 1)
    life.mint(drop, CLEO, phase=3, authorisation=seat_authorisation(seat))
    expiry = life.market.now + DAY
    for number, holder in ((1, CLEO), (2, CLEO)):
        seat = SeatId.of(other, TIER, number)
        here = CheckIn(seat=seat, epoch=contract.seat_of(seat).epoch, expiry=expiry)
        act = contract.check_in(seat, expiry, sign_check_in(signer(holder), here, *life.place), b"")
        life.do("verifier", act)


def _deliver(life: Life, settled: DropId, disputed: tuple[DropId, DropId]) -> None:
    contract = life.market.contract
    narrow, wide = disputed
    life.wait(11.1)
    for drop in (settled, narrow, wide):
        life.do("mentor", contract.assert_delivery(drop, keccak(text=str(drop))))
    life.do(BO, contract.object_to(SeatId.of(narrow, TIER, 1)))
    for number, name in ((1, BO), (2, CLEO), (3, ADA)):
        life.do(name, contract.object_to(SeatId.of(wide, TIER, number)))
    life.give(SeatId.of(settled, TIER, 4), ADA, BO)
    life.wait(19)
    for drop in (settled, narrow, wide):
        life.do("dan", contract.settle(drop))
    for number in (1, 2, 3, 4, 5):
        life.do("dan", contract.collect(SeatId.of(settled, TIER, number)))


def _fail(life: Life, drop: DropId) -> None:
    contract = life.market.contract
    life.wait(20.1)
    life.do("dan", contract.fail_drop(drop))
    for number, name in ((1, ADA), (2, "dan"), (3, CLEO)):
        life.do(name, contract.claim(SeatId.of(drop, TIER, number)))


def _decide(life: Life, narrow: DropId, wide: DropId) -> None:
    contract = life.market.contract
    life.do("resolver", contract.resolve(narrow, Bps(3_333)))
    life.do("dan", contract.claim(SeatId.of(narrow, TIER, 1)))
    life.do("dan", contract.collect(SeatId.of(narrow, TIER, 2)))
    life.sell(SeatId.of(narrow, TIER, 4), ADA, BO, life.coin.address)
    life.do("dan", contract.collect(SeatId.of(narrow, TIER, 4)))
    life.wait(34)
    life.do("dan", contract.resolve_by_default(wide))
    for number, name in ((1, BO), (2, "dan"), (5, ADA)):
        life.do(name, contract.claim(SeatId.of(wide, TIER, number)))


def _leave(life: Life) -> None:
    contract = life.market.contract
    for currency in (ETH, life.coin.address):
        credit = contract.credit_of(address_of("mentor"), currency)
        act = contract.withdraw(address_of("mentor"), Wei(credit - 1), currency)
        life.do("mentor", act)
    life.do("deployer", contract.transfer_ownership(address_of("dan")))
    life.do("dan", contract.accept_ownership())
