from __future__ import annotations

from datetime import UTC, datetime

import pytest

from marketplace.domain.addresses import ETH, ZERO_ADDRESS, ChecksumAddress
from marketplace.domain.drop import (
    DropTerms,
    Gate,
    NewDrop,
    PhaseTerms,
    TierTerms,
    TransferPolicy,
)
from marketplace.domain.ids import TierIndex
from marketplace.domain.money import Bps, Wei
from marketplace.launch.canonical import terms_hash
from marketplace.launch.faults import LaunchFileInvalid
from marketplace.launch.file import judge_source, parse_launch_file
from marketplace.launch.offers import NOBODY_YET
from marketplace.launch.premises import CurrencyFacts, Premises
from marketplace.launch.source import parse_source
from tests.unit.marketplace.launch.texts import (
    EARLIER,
    LAUNCH,
    SMALL,
    faults_of,
    parse,
    with_line,
    with_practice,
)

RESOLVER = ChecksumAddress("0x976EA74026E726554dB657fA54763abd0C3a0aa9")
START = int(datetime(2030, 1, 11, 17, 0, tzinfo=UTC).timestamp())
HOUR = 3_600


def test_a_file_becomes_the_contracts_terms() -> None:
    file = parse(SMALL)
    assert file.drop == NewDrop(
        terms=DropTerms(
            resolver=RESOLVER,
            royalty=Bps(1_000),
            toll=Bps(200),
            resale_cap=Bps(10_000),
            gift_cooldown=24 * HOUR,
            starts_at=START,
            ends_at=START + 2 * HOUR,
            deliver_by=START + 2 * HOUR + 7 * 24 * HOUR,
            refund_until=START,
            penalty=Bps(0),
            challenge_days=7,
            default_split=Bps(5_000),
            terms_hash=terms_hash(file.document),
            payout=ZERO_ADDRESS,
            currency=ETH,
            policy=TransferPolicy.MARKET_ONLY,
            max_fee=Bps(500),
            verifier=ChecksumAddress("0x23618e81E3f5cdF7f54C3d65f7FBc0aBf5B21E8f"),
        ),
        tiers=(TierTerms(list_price=Wei(5 * 10**16), cap=8),),
        phases=(
            PhaseTerms(
                tier=TierIndex(0),
                price=Wei(4 * 10**16),
                opens=int(LAUNCH.timestamp()),
                closes=START - 24 * HOUR,
                gate=Gate.PUBLIC,
            ),
        ),
    )


def test_times_count_from_the_minute_of_the_launch() -> None:
    late = datetime(2030, 1, 1, 12, 0, 59, 999_999, UTC)
    assert parse_launch_file("drop.toml", SMALL.encode(), late).drop == parse(SMALL).drop


def test_options_reach_the_terms() -> None:
    text = with_line('price = "0.04"', 'price = "0.04"\nseats = 3\nreserved = true\nper_wallet = 2')
    text = with_line('currency = "ETH"', 'currency = "ETH"\nseats_move = "never"', text)
    drop = parse(text).drop
    assert drop.terms.policy is TransferPolicy.BOUND
    phase = drop.phases[0]
    assert (phase.supply, phase.reserved, phase.wallet_limit) == (3, True, 2)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            'price = "0.05"',
            "price = 0.05",
            (
                "line 23, tiers[1].price: a number with a point is rounded by some readers; "
                'write "0.05".'
            ),
        ),
        (
            "starts = 2030-01-11T19:00:00+02:00",
            "starts = 2030-01-11T19:00:00",
            (
                "line 18, sessions[1].starts: the time names no zone; add one, as in "
                "2030-01-11T19:00:00Z or 2030-01-11T19:00:00+02:00."
            ),
        ),
        (
            "starts = 2030-01-11T19:00:00+02:00",
            'starts = "end - 1 day"',
            (
                'line 18, sessions[1].starts: "end" is itself made from the sessions; count from '
                '"launch", or write a date-time with its zone.'
            ),
        ),
        (
            'penalty = "0%"',
            'penaltyy = "0%"',
            "line 37, refund.penaltyy: nobody knows this key; did you mean penalty.",
        ),
        (
            "[refund]",
            "[refnud]",
            "line 35, refnud: nobody knows this key; did you mean refund.",
        ),
        (
            'penalty = "0%"',
            'penalty = "0%"\ncolour = "red"',
            (
                "line 38, refund.colour: nobody knows this key; remove it; known are until, "
                "penalty, policy."
            ),
        ),
        (
            'royalty = "10%"',
            "",
            'line 40, resale.royalty: it is missing; add it (your share of a resale, as in "10%").',
        ),
        (
            'royalty = "10%"',
            'royalty = "20.01%"',
            "line 41, resale.royalty: 20.01% is out of bounds; write at most 20%.",
        ),
        (
            'price = "0.04"',
            'price = "0.050000000000000001"',
            (
                "line 31, phases[1].price: the phase charges more than the tier's list price "
                "(0.050000000000000001 ETH); write at most 0.05 ETH."
            ),
        ),
        (
            'tier = "Access"',
            'tier = "Accesz"',
            'line 29, phases[1].tier: there is no tier "Accesz"; did you mean "Access".',
        ),
        (
            'gate = "public"',
            'gate = "secret"',
            (
                'line 30, phases[1].gate: "secret" is no gate; write "public", '
                '{ allowlist = "friends.csv" }, { passes_of = "0x…" } or { seats_of = 3 }.'
            ),
        ),
        (
            "seats = 8",
            "seats = 0",
            "line 24, tiers[1].seats: 0 is too small; write at least 1.",
        ),
        (
            "seats = 8",
            "seats = 100_000",
            "line 24, tiers[1].seats: 100000 is too large; write at most 99,999.",
        ),
        (
            "seats = 8",
            'seats = "8"',
            'line 24, tiers[1].seats: "8" is no whole number; write one without quotes.',
        ),
        (
            "seats = 8",
            "seats = true",
            "line 24, tiers[1].seats: True is no whole number; write one without quotes.",
        ),
        (
            "objection_days = 7",
            "objection_days = 2",
            "line 48, dispute.objection_days: 2 is out of bounds; choose between 3 and 30.",
        ),
        (
            'deliver_by = "end + 7 days"',
            'deliver_by = "end"',
            (
                "line 11, terms.deliver_by: delivery is due before the last session has ended "
                "(2030-01-11T19:00:00Z); make it later than 2030-01-11T19:00:00Z."
            ),
        ),
        (
            'deliver_by = "end + 7 days"',
            'deliver_by = "launch + 731 days"',
            (
                "line 11, terms.deliver_by: delivery is due more than 730 days after the launch "
                "(2032-01-02T12:00:00Z); make it 2032-01-01T12:00:00Z or earlier."
            ),
        ),
        (
            'until = "start"',
            'until = "end + 1 second"',
            (
                "line 36, refund.until: the refund window ends after the last session "
                "(2030-01-11T19:00:01Z); make it 2030-01-11T19:00:00Z or earlier."
            ),
        ),
        (
            'closes = "start - 1 day"',
            'closes = "end + 1 second"',
            (
                "line 33, phases[1].closes: the phase closes in the past or after the last session "
                "(2030-01-11T19:00:01Z); choose between 2030-01-01T12:00:00Z and "
                "2030-01-11T19:00:00Z."
            ),
        ),
        (
            'opens = "launch"',
            'opens = "start"',
            (
                "line 32, phases[1].opens: the phase opens after it closes (2030-01-11T17:00:00Z); "
                "make it 2030-01-10T17:00:00Z or earlier."
            ),
        ),
        (
            'price = "0.04"',
            'price = "0.04"\nseats = 9',
            (
                "line 32, phases[1].seats: the phase sells more seats than the tier has, or "
                "reserves none (9); write at most 8."
            ),
        ),
        (
            'price = "0.04"',
            'price = "0.04"\nreserved = true',
            (
                "line 27, phases[1].seats: the phase sells more seats than the tier has, or "
                "reserves none (0); choose between 1 and 8."
            ),
        ),
        (
            'verifier = "0x23618e81E3f5cdF7f54C3d65f7FBc0aBf5B21E8f"',
            'verifier = "0x23618E81E3f5cdF7f54C3d65f7FBc0aBf5B21E8f"',
            (
                "line 12, terms.verifier: the upper and lower case of "
                "0x23618E81E3f5cdF7f54C3d65f7FBc0aBf5B21E8f do not fit its digits; copy the "
                "address again from your wallet; one of its digits may be wrong."
            ),
        ),
        (
            'verifier = "0x23618e81E3f5cdF7f54C3d65f7FBc0aBf5B21E8f"',
            'payout = "0x976EA74026E726554dB657fA54763abd0C3a0aa9"',
            (
                "line 47, dispute.resolver: the resolver decides between you and your buyers; name "
                "somebody who is neither you nor your payout."
            ),
        ),
        (
            'contains = ["two hours live"]',
            "contains = []",
            (
                "line 6, product.contains: this is for a list of 1 to 20 texts; write it as "
                '["the first", "the second"].'
            ),
        ),
        (
            'includes = ["the evening"]',
            'includes = ["fine", 5]',
            "line 25, tiers[1].includes[2]: 5 is no text; put it in quotes.",
        ),
        (
            'title = "One evening"',
            f'title = "{"x" * 121}"',
            "line 3, product.title: this is for one line of at most 120 letters; shorten it.",
        ),
        (
            'name = "Access"',
            (
                'name = "Access"\nprice = "0.05"\nseats = 1\nincludes = ["x"]\n[[tiers]]\n'
                'name = "Access"'
            ),
            'line 27, tiers[2].name: "Access" is already the name of tiers[1]; choose another.',
        ),
        (
            'lasts = "2 hours"',
            'lasts = "2 hours"\ntiers = ["Access", "Access2"]',
            'line 20, sessions[1].tiers[2]: there is no tier "Access2"; did you mean "Access".',
        ),
        (
            'lasts = "2 hours"',
            'lasts = "2 hours"\ntiers = ["Access", "Access"]',
            'line 20, sessions[1].tiers[2]: "Access" stands in the list twice; name it once.',
        ),
    ],
)
def test_a_fault_is_named_with_line_field_reason_and_remedy(old: str, new: str, said: str) -> None:
    assert [str(fault) for fault in faults_of(with_line(old, new))] == [said]


@pytest.mark.parametrize(
    ("audience", "said"),
    [
        (
            '"friends"',
            (
                '"friends" is no audience; write "anyone", "holders", "wait_list", or a list of '
                "drops by number, as in [1, 5]."
            ),
        ),
        (
            "1",
            (
                '1 is no audience; write "anyone", "holders", "wait_list", or a list of drops by '
                "number, as in [1, 5]."
            ),
        ),
        (
            "[]",
            'there are 0 drops in the list; name 1 to 16; "holders" stands for this drop alone.',
        ),
        (
            str([*range(1, 18)]),
            'there are 17 drops in the list; name 1 to 16; "holders" stands for this drop alone.',
        ),
        ("[5, 1, 5]", "drop 5 stands in the list twice; name it once."),
        ("[0]", "0 is no number of a drop; write whole numbers from 1, without quotes."),
        ("[-1]", "-1 is no number of a drop; write whole numbers from 1, without quotes."),
        ("[1.5]", "1.5 is no number of a drop; write whole numbers from 1, without quotes."),
        ('["1"]', '"1" is no number of a drop; write whole numbers from 1, without quotes.'),
        ("[true]", "True is no number of a drop; write whole numbers from 1, without quotes."),
        (
            f"[{2**64}]",
            f"{2**64} is no number of a drop; write whole numbers from 1, without quotes.",
        ),
    ],
)
def test_an_audience_that_is_none_is_named(audience: str, said: str) -> None:
    text = with_line('gift_cooldown = "1 day"', f'gift_cooldown = "1 day"\naudience = {audience}')
    assert [str(fault) for fault in faults_of(text)] == [f"line 45, resale.audience: {said}"]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (
            'audience = "wait_list"',
            (
                "it is missing; add how long each account of the wait-list has a seat to itself, "
                'as in "12 hours".'
            ),
        ),
        ('turn = "1 hour"', 'nobody has turns; remove it, or write audience = "wait_list".'),
        (
            'audience = "wait_list"\nturn = "14 minutes"',
            (
                '"14 minutes" is too short for a turn; write "15 minutes" to "2 days"; people '
                "sleep, and sellers wait."
            ),
        ),
        (
            'audience = "wait_list"\nturn = "49 hours"',
            (
                '"49 hours" is too long for a turn; write "15 minutes" to "2 days"; people '
                "sleep, and sellers wait."
            ),
        ),
    ],
)
def test_a_wait_list_has_turns_of_a_bounded_length_and_nothing_else_has(
    lines: str, said: str
) -> None:
    text = with_line('gift_cooldown = "1 day"', f'gift_cooldown = "1 day"\n{lines}')
    (fault,) = faults_of(text)
    assert str(fault).partition("resale.turn: ")[2] == said


def no_currency(_: ChecksumAddress) -> CurrencyFacts:
    raise AssertionError("nobody pays in anything but ETH")


@pytest.mark.parametrize(
    ("count", "said"), [(0, "the contract has none so far"), (4, "the contract has 4 so far")]
)
def test_an_audience_of_drops_that_the_contract_does_not_have_is_named(
    count: int, said: str
) -> None:
    text = with_line('gift_cooldown = "1 day"', 'gift_cooldown = "1 day"\naudience = [5]')
    source = parse_source("drop.toml", text.encode())
    with pytest.raises(
        LaunchFileInvalid, match=f"line 45, resale.audience: there is no drop 5: {said}"
    ):
        judge_source(source, LAUNCH, NOBODY_YET, Premises(count, no_currency))
    assert judge_source(source, LAUNCH, NOBODY_YET, Premises(5, no_currency)).resale.audience == (
        5,
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a = 1", "line 1, a: nobody knows this key"),
        ('product = "x"', 'line 1, product: "x" stands where a table is due; head it [product].'),
        ("tiers = []", "line 1, tiers: there is no [[tiers]]; add one, headed [[tiers]]."),
        ("tiers = 5", "line 1, tiers: there is no [[tiers]]; add one, headed [[tiers]]."),
        ("tiers = [5]", "line 1, tiers[1]: 5 stands where a table is due; head it [[tiers]]."),
        ("[[refund]]", "line 1, refund: a list stands where a table is due; head it [refund]."),
        (
            "[tiers]\nname = 'x'",
            "line 1, tiers: there is no [[tiers]]; add one, headed [[tiers]].",
        ),
    ],
)
def test_a_file_of_another_shape_is_refused(text: str, said: str) -> None:
    assert any(str(fault).startswith(said) for fault in faults_of(text))


def test_all_faults_are_named_at_once_in_the_order_of_the_text() -> None:
    text = with_line('format = "drop session"', 'format = "party"')
    text = with_line('lasts = "2 hours"', 'lasts = "2"', text)
    text = with_line('price = "0.04"', 'price = "0.06"', text)
    text = with_line('until = "start"', "until = 5", text)
    text = with_line('royalty = "10%"', 'royalty = "30%"', text)
    text = with_line("objection_days = 7", "objection_days = 31", text)
    fields = ["product.format", "sessions[1].lasts", "phases[1].price", "refund.until"]
    fields += ["resale.royalty", "dispute.objection_days"]
    assert [fault.field for fault in faults_of(text)] == fields


def test_a_faulty_tier_hides_no_fault_of_its_phases() -> None:
    text = with_line('price = "0.05"', "price = 0.05")
    text = with_line('opens = "launch"', 'opens = "end"', text)
    assert [fault.field for fault in faults_of(text)] == ["tiers[1].price", "phases[1].opens"]


def test_a_missing_table_is_named() -> None:
    text = SMALL[: SMALL.index("[dispute]")]
    assert [str(fault) for fault in faults_of(text)] == [
        "the file, dispute: the table [dispute] is missing; add it."
    ]


def test_too_many_entries_are_refused() -> None:
    head, phase, tail = SMALL.partition("[[phases]]")
    entry, refund, rest = tail.partition("[refund]")
    entries = "".join(phase + entry.replace('"Sale"', f'"Sale {number}"') for number in range(17))
    (fault,) = faults_of(head + entries + refund + rest)
    assert (fault.field, fault.remedy) == ("phases[17]", "keep at most 16")


def test_the_error_says_how_many_faults_there_are() -> None:
    with pytest.raises(LaunchFileInvalid, match=r"file drop\.toml has one fault:"):
        parse(with_line("seats = 8", "seats = 0"))


def test_the_mentor_is_not_the_resolver() -> None:
    with pytest.raises(LaunchFileInvalid, match="resolver decides between you and your buyers"):
        parse_launch_file("drop.toml", SMALL.encode(), LAUNCH, RESOLVER)


def test_a_session_keeps_the_number_of_its_place_in_the_file() -> None:
    calendar = parse(with_practice(with_line("[[tiers]]", EARLIER))).calendar
    assert [(meeting.number, meeting.title) for meeting in calendar.meetings] == [
        (1, "The evening"),
        (2, "The day before"),
    ]
    assert [meeting.number for meeting in calendar.in_order_of_time] == [2, 1]
    assert calendar.start == datetime(2030, 1, 10, 17, 0, tzinfo=UTC)
