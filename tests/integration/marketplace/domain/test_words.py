from __future__ import annotations

from dataclasses import astuple, replace

from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.bindings.addresses import checksum_address
from marketplace.bindings.events import DropCreated
from marketplace.domain.addresses import ZERO_ADDRESS
from marketplace.domain.drop import (
    DropState,
    DropTerms,
    Gate,
    NewDrop,
    PhaseTerms,
    TierTerms,
    TransferPolicy,
)
from marketplace.domain.ids import PhaseIndex, TierIndex
from marketplace.domain.money import NO_MONEY, Bps, Wei
from marketplace.domain.words import (
    ClosingWord,
    DropWords,
    HeldWord,
    PlatformWord,
    SeatFlag,
    SeatWord,
    TierWord,
)
from tests.integration.marketplace.storage import (
    DROPS,
    HELD,
    SEATS_SLOT,
    in_mapping,
    read,
    seat_slot,
)
from tests.integration.marketplace.world import DAY, PRICE, Market, address_of

# A drop on a chain costs a hundred times what a pure example does.
EXAMPLES = settings().max_examples // 4


@st.composite
def tier_terms(draw: st.DrawFn) -> TierTerms:
    return TierTerms(
        list_price=Wei(draw(st.integers(0, 2**80 - 1))), cap=draw(st.integers(1, 99_999))
    )


def shares(most: int) -> st.SearchStrategy[Bps]:
    return st.integers(0, most).map(Bps)


@st.composite
def offers(draw: st.DrawFn, now: int) -> NewDrop:
    """Terms that the contract takes at `now`, from one end of each bound to the other."""
    deliver_by = draw(st.integers(now + 2 * DAY, now + 730 * DAY))
    ends_at = draw(st.integers(now + DAY, deliver_by - 1))
    terms = DropTerms(
        resolver=address_of("resolver"),
        payout=draw(st.sampled_from([address_of("payout"), ZERO_ADDRESS])),
        royalty=draw(shares(2_000)),
        toll=draw(shares(2_000)),
        resale_cap=draw(shares(50_000)),
        gift_cooldown=draw(st.integers(0, 730 * DAY)),
        starts_at=draw(st.integers(now + DAY, ends_at)),
        ends_at=ends_at,
        deliver_by=deliver_by,
        refund_until=draw(st.integers(0, ends_at)),
        penalty=draw(shares(10_000)),
        challenge_days=draw(st.integers(3, 30)),
        default_split=draw(shares(10_000)),
        terms_hash=draw(st.binary(min_size=32, max_size=32)),
        policy=draw(st.sampled_from(TransferPolicy)),
    )
    if terms.policy is TransferPolicy.OPEN:
        terms = replace(terms, toll=Bps(0), gift_cooldown=0)
    tiers = tuple(draw(st.lists(tier_terms(), min_size=1, max_size=10)))
    count = draw(st.integers(1, 16))
    return NewDrop(
        terms=terms,
        tiers=tiers,
        phases=tuple(draw(phase_terms(tiers, now, ends_at)) for _ in range(count)),
    )


@st.composite
def phase_terms(
    draw: st.DrawFn, tiers: tuple[TierTerms, ...], now: int, ends_at: int
) -> PhaseTerms:
    tier = draw(st.integers(0, len(tiers) - 1))
    closes = draw(st.integers(now + DAY, ends_at))
    # Sixteen phases that hold back a sixteenth each fit every cap.
    reserved = draw(st.booleans()) and tiers[tier].cap >= 16
    most = tiers[tier].cap // 16 if reserved else tiers[tier].cap
    gate = draw(st.sampled_from(Gate))
    return PhaseTerms(
        tier=TierIndex(tier),
        price=Wei(draw(st.integers(0, tiers[tier].list_price))),
        opens=draw(st.integers(0, closes)),
        closes=closes,
        reserved=reserved,
        supply=draw(st.integers(1 if reserved else 0, most)),
        wallet_limit=draw(st.integers(0, 65_535)),
        gate=gate,
        gate_data=draw(gate_data(gate)).to_bytes(32, "big"),
    )


def gate_data(gate: Gate) -> st.SearchStrategy[int]:
    """What the gate takes; nothing is kept for a public one, and drop 1 is the only one."""
    most = {Gate.PUBLIC: 0, Gate.ALLOWLIST: 2**256 - 1, Gate.PASS: 2**160 - 1, Gate.SEAT: 1}
    return st.integers(min(1, most[gate]), most[gate])


@settings(max_examples=EXAMPLES)
@given(data=st.data())
def test_published_words_say_what_the_contract_answers(
    devnet_deployed: Market, data: st.DataObject
) -> None:
    market = devnet_deployed
    snapshot = market.steering.snapshot()
    offer = data.draw(offers(market.now))
    created = market.send("mentor", market.contract.create_drop(offer))
    event = next(
        log.event
        for log in market.contract.events_of(created)
        if isinstance(log.event, DropCreated)
    )
    words = DropWords.decode(event.words, checksum_address)
    overview = market.contract.terms_of(event.drop)
    market.steering.restore(snapshot)

    assert words.encode() == event.words
    assert event.terms_hash == offer.terms.terms_hash
    terms, rules = overview.terms, words.rules
    for name in ("royalty", "toll", "resale_cap", "gift_cooldown", "ends_at", "deliver_by"):
        assert getattr(rules, name) == getattr(terms, name) == getattr(offer.terms, name)
    assert (rules.state, rules.policy) == (terms.state, terms.policy)
    assert (rules.terms_version, rules.paused_until) == (terms.terms_version, terms.paused_until)
    assert astuple(words.schedule) == (
        terms.mentor,
        terms.starts_at,
        terms.refund_until,
        terms.fee,
    )
    assert astuple(words.arbitration) == (
        terms.resolver,
        terms.first_deliver_by,
        terms.challenge_days,
        terms.postponements,
        terms.penalty,
        terms.default_split,
    )
    assert [astuple(tier) for tier in words.tiers] == [
        (tier.list_price, tier.escrowed, tier.cap, tier.issued, tier.live)
        for tier in overview.tiers
    ]
    assert [
        (
            phase.tier,
            phase.gate,
            phase.price,
            phase.opens,
            phase.closes,
            phase.supply,
            phase.sold,
            phase.wallet_limit,
            phase.reserves,
            gate_data,
        )
        for phase, gate_data in zip(words.phases, words.gate_data, strict=True)
    ] == [astuple(phase) for phase in overview.phases]


def test_stored_words_say_what_the_contract_answers(devnet: Market) -> None:
    listing = devnet.listing(devnet.seat, "ada")
    devnet.send("bo", devnet.contract.buy(listing, devnet.sign(listing, "ada")))
    view = devnet.contract.seat_of(devnet.seat)
    drop_slot = in_mapping(devnet.drop, DROPS)

    tier = TierWord.decode(read(devnet, drop_slot + 6))
    assert (tier.escrowed, tier.issued, tier.live) == (PRICE, 1, 1)
    assert tier.list_price == devnet.contract.terms_of(devnet.drop).tiers[0].list_price

    seat = SeatWord.decode(read(devnet, seat_slot(devnet.seat)) >> 160)
    assert seat == SeatWord(moved_at=view.moved_at, epoch=1, phase=PhaseIndex(0), flags=SeatFlag(0))
    held = HeldWord.decode(read(devnet, in_mapping(devnet.seat, HELD)), checksum_address)
    assert held.amount == view.held > NO_MONEY

    platform = PlatformWord.decode(read(devnet, SEATS_SLOT), checksum_address)
    assert (platform.treasury, platform.fee) == astuple(devnet.contract.platform())
    assert platform.drop_count == devnet.contract.drop_count()


def test_the_closing_word_says_how_a_drop_ends(devnet: Market) -> None:
    closing_slot = in_mapping(devnet.drop, DROPS) + 5
    contract, drop = devnet.contract, devnet.drop
    terms = contract.terms_of(drop).terms
    others = devnet.mint(drop, "cleo", 5)
    assert read(devnet, closing_slot) == 0

    devnet.steering.travel(terms.ends_at)
    devnet.send("mentor", contract.assert_delivery(drop, bytes(32)))
    devnet.send("ada", contract.object_to(devnet.seat))
    view = contract.terms_of(drop).terms
    asserted = ClosingWord.decode(read(devnet, closing_slot))
    assert asserted == ClosingWord(
        asserted_at=view.asserted_at, disputed_at=0, open_face=view.objected, split=Bps(0)
    )
    assert (view.objected, view.owed) == (PRICE, 6 * PRICE)
    assert contract.seat_of(devnet.seat).objected

    devnet.steering.travel(view.asserted_at + terms.challenge_days * DAY + 1)
    devnet.send("bo", contract.settle(drop))
    devnet.send("resolver", contract.resolve(drop, Bps(2_500)))
    view = contract.terms_of(drop).terms
    decided = ClosingWord.decode(read(devnet, closing_slot))
    assert decided == ClosingWord(
        asserted_at=view.asserted_at,
        disputed_at=view.disputed_at,
        open_face=view.owed,
        split=view.split,
    )
    assert (view.state, view.split) == (DropState.SPLIT_WIDE, 2_500)
    assert view.owed == 6 * PRICE // 4 == contract.escrow_of(drop)

    devnet.send("cleo", contract.claim(others))
    assert contract.terms_of(drop).terms.owed == 5 * PRICE // 4
    assert contract.seat_of(others).claimed
