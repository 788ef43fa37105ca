from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace as changed

from api.programme.agreement import contradiction
from marketplace.domain.drop import Gate, TransferPolicy
from marketplace.domain.ids import DropId
from marketplace.launch.file import read_launch_file
from marketplace.launch.published import read_terms
from tests.unit.api.programme.mirrored import MENTOR, mirrored
from tests.unit.marketplace.launch.texts import LAUNCH, SMALL, parse, with_line

if TYPE_CHECKING:
    from indexer.queries import DropTerms

EXAMPLES = sorted((Path(__file__).parents[4] / "scripts" / "examples").glob("*.toml"))
TEXT = with_line('closes = "start - 1 day"', 'closes = "start - 1 day"\nseats = 3\nreserved = true')
FILE = parse(TEXT)
TERMS = read_terms(FILE.document)
DROP = mirrored(FILE, DropId(1))

POSTPONED = {
    "terms_version": 1,
    "postponements": 1,
    "starts_at": 0,
    "ends_at": 1,
    "deliver_by": 2,
    "refund_until": 3,
    "penalty_bps": 0,
}


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_a_launched_file_agrees_with_its_drop(path: Path) -> None:
    file = read_launch_file(path, LAUNCH)
    assert contradiction(read_terms(file.document), mirrored(file, DropId(1))) is None


def with_drop(**changes: object) -> DropTerms:
    return replace(DROP, drop=changed(DROP.drop, **changes))


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
    ],
)
def test_what_may_change_after_the_launch_is_no_contradiction(other: DropTerms) -> None:
    assert contradiction(TERMS, other) is None


def test_seats_that_never_move_agree_with_the_policy_that_says_so() -> None:
    text = with_line('highest_fee = "5%"', 'highest_fee = "5%"\nseats_move = "never"', SMALL)
    file = parse(text)
    assert contradiction(read_terms(file.document), mirrored(file, DropId(1))) is None
