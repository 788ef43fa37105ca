from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace as changed

from api.programme.agreement import contradiction
from marketplace.domain.addresses import ETH
from marketplace.domain.drop import NO_GATE_DATA, Gate, TransferPolicy
from marketplace.domain.ids import DropId
from marketplace.launch.file import read_launch_file
from marketplace.launch.published import read_terms
from tests.unit.api.programme.mirrored import MENTOR, mirrored
from tests.unit.marketplace.launch.texts import COIN, LAUNCH, SMALL, WIDE, parse, with_line

if TYPE_CHECKING:
    from indexer.queries import DropTerms
    from marketplace.launch.published import PublishedTerms

EXAMPLES = sorted((Path(__file__).parents[4] / "scripts" / "examples").glob("*.toml"))
TEXT = with_line('closes = "start - 1 day"', 'closes = "start - 1 day"\nseats = 3\nreserved = true')
FILE = parse(TEXT)
TERMS = read_terms(FILE.document)
DROP = mirrored(FILE, DropId(1))

FIRST = DROP.drop
DAY = 24 * 60 * 60

POSTPONED = {
    "terms_version": 1,
    "postponements": 1,
    "starts_at": FIRST.starts_at + DAY,
    "ends_at": FIRST.ends_at + 2 * DAY,
    "deliver_by": FIRST.deliver_by + 20 * DAY,
    "refund_until": FIRST.refund_until + DAY,
    "penalty_bps": 0,
}
"""The refund window of this drop ends with its start."""


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_a_launched_file_agrees_with_its_drop(path: Path) -> None:
    file = read_launch_file(path, LAUNCH)
    assert contradiction(read_terms(file.document), mirrored(file, DropId(1))) is None


def with_drop(**changes: object) -> DropTerms:
    return replace(DROP, drop=changed(DROP.drop, **changes))


def with_session(starts: int, ends: int) -> PublishedTerms:
    """The text with a second session."""
    another = replace(TERMS.sessions[0], starts=starts, ends=ends)
    return replace(TERMS, sessions=(*TERMS.sessions, another))


def with_refund(until: int) -> PublishedTerms:
    return replace(TERMS, refund=replace(TERMS.refund, until=until))


def with_tier(**changes: object) -> DropTerms:
    return replace(DROP, tiers=(changed(DROP.tiers[0], **changes),))


def with_phase(**changes: object) -> DropTerms:
    return replace(DROP, phases=(changed(DROP.phases[0], **changes),))


@pytest.mark.parametrize(
    ("place", "other"),
    [
        ("terms.currency", with_drop(currency_index=1)),
        ("terms.highest_fee", with_drop(fee_bps=501)),
        ("terms.seats_move", with_drop(policy=TransferPolicy.BOUND)),
        ("terms.seats_move", with_drop(policy=TransferPolicy.OPEN)),
        ("resale.royalty", with_drop(royalty_bps=2_000)),
        ("resale.toll", with_drop(toll_bps=201)),
        ("resale.highest_price", with_drop(resale_cap_bps=0)),
        ("resale.gift_cooldown", with_drop(gift_cooldown_s=86_399)),
        ("dispute.resolver", with_drop(resolver=MENTOR)),
        ("dispute.objection_days", with_drop(challenge_days=3)),
        ("dispute.default_split", with_drop(default_split_bps=0)),
        ("sessions", with_drop(starts_at=DROP.drop.starts_at + 1)),
        ("sessions", with_drop(ends_at=DROP.drop.ends_at - 1)),
        ("terms.deliver_by", with_drop(first_deliver_by=DROP.drop.deliver_by + 1)),
        ("terms.deliver_by", with_drop(**POSTPONED, first_deliver_by=2)),
        ("sessions", with_drop(**POSTPONED | {"starts_at": FIRST.starts_at - 1})),
        ("sessions", with_drop(**POSTPONED | {"ends_at": FIRST.ends_at - 1})),
        ("refund.until", with_drop(**POSTPONED | {"refund_until": FIRST.refund_until - 1})),
        ("refund.until", with_drop(**POSTPONED | {"refund_until": FIRST.refund_until + DAY - 1})),
        ("refund.until", with_drop(**POSTPONED | {"refund_until": FIRST.refund_until + DAY + 1})),
        ("phases[1].closes", replace(with_phase(closes=0), drop=with_drop(**POSTPONED).drop)),
        ("refund.until", with_drop(refund_until=0)),
        ("refund.penalty", with_drop(penalty_bps=1)),
        ("tiers", replace(DROP, tiers=())),
        ("tiers", replace(DROP, tiers=DROP.tiers * 2)),
        ("tiers[1].price", with_tier(list_price=1)),
        ("tiers[1].seats", with_tier(cap=9)),
        ("phases", replace(DROP, phases=())),
        ("phases[1].tier", with_phase(tier=1)),
        ("phases[1].gate", with_phase(gate=Gate.ALLOWLIST)),
        ("phases[1].price", with_phase(price=1)),
        ("phases[1].opens", with_phase(opens=0)),
        ("phases[1].closes", with_phase(closes=0)),
        ("phases[1].seats", with_phase(supply=4)),
        ("phases[1].per_wallet", with_phase(wallet_limit=1)),
        ("phases[1].reserved", with_phase(reserves=0)),
    ],
)
def test_a_drop_with_other_figures_is_contradicted(place: str, other: DropTerms) -> None:
    assert contradiction(TERMS, other) == place


END_OF_TIME = int(datetime(9999, 12, 31, 22, tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    ("place", "terms"),
    [
        ("sessions", with_session(END_OF_TIME - 7_200, END_OF_TIME)),
        ("sessions", with_session(FIRST.deliver_by - 1, FIRST.deliver_by)),
        ("sessions", with_session(FIRST.starts_at, FIRST.ends_at + 2 * DAY + 1)),
        ("sessions", with_session(FIRST.deliver_by - 730 * DAY - 1, FIRST.ends_at)),
        ("refund.until", with_refund(FIRST.ends_at + 1)),
    ],
)
def test_a_postponement_lets_no_text_say_what_it_could_not_before(
    place: str, terms: PublishedTerms
) -> None:
    assert contradiction(terms, with_drop(**POSTPONED)) == place


def test_a_text_of_a_postponed_drop_ends_no_earlier_than_its_phases() -> None:
    closes = TERMS.phases[0].closes
    early = replace(TERMS.sessions[0], starts=closes - 2, ends=closes - 1)
    terms = replace(with_refund(closes - 1), sessions=(early,))
    assert contradiction(terms, with_drop(**POSTPONED)) == "sessions"


@pytest.mark.parametrize(
    "other",
    [
        DROP,
        with_drop(payout=MENTOR, verifier=MENTOR),
        with_drop(paused_until=2**40, state=8),
        with_drop(fee_bps=500),
        with_tier(cap=1, issued=5, live=1),
        with_phase(sold=3),
        with_drop(**POSTPONED),
        with_drop(**POSTPONED | {"postponements": 2, "terms_version": 2}),
    ],
)
def test_what_may_change_after_the_launch_is_no_contradiction(other: DropTerms) -> None:
    assert contradiction(TERMS, other) is None


def test_a_postponement_may_give_more_time_for_refunds_and_none_after_the_end() -> None:
    # It was long over; since somebody must have seven days, it ends between there and the start.
    early = with_refund(FIRST.starts_at - 30 * DAY)
    for until in (FIRST.starts_at - 29 * DAY, FIRST.starts_at + DAY):
        assert contradiction(early, with_drop(**POSTPONED | {"refund_until": until})) is None
    # It ended with the drop, which now lasts no longer than an instant.
    late, instant = with_refund(FIRST.ends_at), FIRST.ends_at + 2 * DAY
    ended = {"starts_at": instant, "ends_at": instant, "refund_until": instant}
    assert contradiction(late, with_drop(**POSTPONED | ended)) is None


def test_seats_that_never_move_agree_with_the_policy_that_says_so() -> None:
    text = with_line('highest_fee = "5%"', 'highest_fee = "5%"\nseats_move = "never"', SMALL)
    file = parse(text)
    assert contradiction(read_terms(file.document), mirrored(file, DropId(1))) is None


COINS = parse(WIDE)
SAID = read_terms(COINS.document)
PAID = mirrored(COINS, DropId(4))


def opened_by(gate: Gate, data: bytes) -> DropTerms:
    """The drop with another gate."""
    phase = changed(PAID.phases[0], gate=gate, gate_data=f"0x{data.hex()}")
    return replace(PAID, phases=(phase,))


def test_the_second_form_agrees_with_the_drop_that_it_was_launched_as() -> None:
    assert contradiction(SAID, PAID) is None
    for gate in (f'{{ allowlist = "0x{"5e" * 32}" }}', f'{{ passes_of = "{COIN}" }}'):
        file = parse(with_line('gate = "public"', f"gate = {gate}"))
        assert contradiction(read_terms(file.document), mirrored(file, DropId(4))) is None


@pytest.mark.parametrize(
    ("place", "other"),
    [
        ("terms.currency", replace(PAID, currency=MENTOR)),
        ("terms.currency", replace(PAID, currency=ETH)),
        ("terms.currency", replace(PAID, drop=changed(PAID.drop, currency_index=0))),
        (
            "terms.seats_move",
            replace(PAID, drop=changed(PAID.drop, policy=TransferPolicy.MARKET_ONLY)),
        ),
        ("terms.seats_move", replace(PAID, drop=changed(PAID.drop, policy=TransferPolicy.BOUND))),
        ("tiers[1].price", replace(PAID, tiers=(changed(PAID.tiers[0], list_price=255),))),
        ("phases[1].gate", opened_by(Gate.PUBLIC, NO_GATE_DATA)),
        ("phases[1].gate", opened_by(Gate.SEAT, (4).to_bytes(32, "big"))),
        ("phases[1].gate", opened_by(Gate.PASS, (3).to_bytes(32, "big"))),
        ("phases[1].gate", opened_by(Gate.ALLOWLIST, (3).to_bytes(32, "big"))),
    ],
)
def test_a_drop_in_another_currency_or_behind_another_gate_is_contradicted(
    place: str, other: DropTerms
) -> None:
    assert contradiction(SAID, other) == place


def test_decimals_that_make_other_prices_are_contradicted() -> None:
    other = parse(with_line("decimals = 6", "decimals = 18", WIDE))
    assert contradiction(read_terms(other.document), PAID) == "tiers[1].price"
