from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from marketplace.domain.addresses import ChecksumAddress
from marketplace.domain.denomination import ETHER, Denomination
from marketplace.domain.drop import Gate, TransferPolicy
from marketplace.domain.ids import DropId
from marketplace.launch.forms import EVERYBODY, GateTerm, form_of, listed_by, passes_of, seats_of
from marketplace.launch.published import TermsUnreadable, read_terms
from marketplace.orders.passes import gate_data_of_drop, gate_data_of_signer
from tests.unit.marketplace.launch.texts import COIN, SMALL, WIDE, faults_of, parse, with_line

if TYPE_CHECKING:
    from collections.abc import Callable

COINS = Denomination(ChecksumAddress(COIN), 6)
ROOT = "0x" + "5e" * 32


def gated(gate: str, text: str = SMALL) -> str:
    """The small file with another gate."""
    return with_line('gate = "public"', f"gate = {gate}", text)


def test_a_currency_gates_and_open_seats_reach_the_contracts_terms() -> None:
    file = parse(WIDE)
    terms, (tier,), (phase,) = file.drop.terms, file.drop.tiers, file.drop.phases
    assert (terms.currency, terms.policy) == (COIN, TransferPolicy.OPEN)
    assert (tier.list_price, phase.price) == (25_500_000, 25_000_000)
    assert (phase.gate, phase.gate_data) == (Gate.SEAT, (3).to_bytes(32, "big"))


def test_the_second_form_says_what_the_first_has_no_words_for() -> None:
    document = json.loads(parse(WIDE).document)
    assert document["form"] == "seatmarket terms 2"
    assert document["terms"]["currency"] == {"address": COIN, "decimals": 6}
    assert document["terms"]["seats_move"] == "as any token"
    assert document["phases"][0]["gate"] == {"seats_of": 3}
    assert [document[name][0]["price"] for name in ("tiers", "phases")] == ["25.5", "25"]


@pytest.mark.parametrize(
    ("gate", "spelled"),
    [
        (f'{{ allowlist = "{ROOT}" }}', {"allowlist": ROOT}),
        (f'{{ passes_of = "{COIN}" }}', {"passes_of": COIN}),
        ("{ seats_of = 3 }", {"seats_of": 3}),
    ],
)
def test_one_gate_is_enough_for_the_second_form_and_ether_stays_as_it_was(
    gate: str, spelled: object
) -> None:
    first, second = parse(SMALL), parse(gated(gate))
    written = json.loads(second.document)
    assert (written["form"], written["phases"][0].pop("gate")) == ("seatmarket terms 2", spelled)
    known = json.loads(first.document)
    known["phases"][0].pop("gate")
    assert written | {"form": known["form"]} == known


@pytest.mark.parametrize(
    ("paid_in", "moving", "gates", "form"),
    [
        (ETHER, "by sale or gift", [EVERYBODY], 1),
        (ETHER, "never", [EVERYBODY, EVERYBODY], 1),
        (ETHER, "as any token", [EVERYBODY], 2),
        (COINS, "by sale or gift", [EVERYBODY], 2),
        (ETHER, "never", [EVERYBODY, seats_of(DropId(1))], 2),
    ],
)
def test_the_first_form_is_kept_wherever_it_can_say_it(
    paid_in: Denomination, moving: str, gates: list[GateTerm], form: int
) -> None:
    assert form_of(paid_in, moving, gates) == f"seatmarket terms {form}"


def test_gates_are_what_the_contract_keeps() -> None:
    signer, drop = ChecksumAddress(COIN), DropId(7)
    assert passes_of(signer).data == gate_data_of_signer(signer)
    assert seats_of(drop).data == gate_data_of_drop(drop)
    assert (seats_of(drop).opening_drop, passes_of(signer).opening_drop) == (7, None)
    assert listed_by(b"\x5e" * 32).data_text == ROOT


@pytest.mark.parametrize(
    "text", [WIDE, gated(f'{{ allowlist = "{ROOT}" }}'), gated(f'{{ passes_of = "{COIN}" }}')]
)
def test_the_second_form_is_read_back(text: str) -> None:
    file = parse(text)
    terms = read_terms(file.document)
    assert terms.form == "seatmarket terms 2"
    assert terms.terms.currency == file.paid_in
    assert [one.price for one in terms.tiers] == [one.list_price for one in file.drop.tiers]
    assert [(one.price, one.gate) for one in terms.phases] == [
        (one.price, gate) for one, gate in zip(file.drop.phases, file.gates, strict=True)
    ]


def changed(change: Callable[[dict[str, Any]], object], text: str) -> str:
    """Where the canonical terms of a file are refused after a change."""
    document = json.loads(parse(text).document)
    change(document)
    spelled = json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    with pytest.raises(TermsUnreadable) as caught:
        read_terms(spelled)
    return caught.value.place


@pytest.mark.parametrize(
    ("place", "change"),
    [
        ("form", lambda one: one.update(form="seatmarket terms 1")),
        ("form", lambda one: one.update(form="seatmarket terms 3")),
        ("terms", lambda one: one.pop("terms")),
        ("terms.currency", lambda one: one["terms"].pop("currency")),
        ("terms.currency", lambda one: one["terms"].update(currency=COIN)),
        ("terms.currency", lambda one: one["terms"]["currency"].update(decimals="6")),
        ("terms.currency", lambda one: one["terms"]["currency"].update(decimals=True)),
        ("terms.currency", lambda one: one["terms"]["currency"].update(decimals=37)),
        ("terms.currency", lambda one: one["terms"]["currency"].update(symbol="USDC")),
        ("terms.currency", lambda one: one["terms"]["currency"].update(address=COIN.lower())),
        ("terms.currency", lambda one: one["terms"]["currency"].update(address="0x" + "0" * 40)),
        ("terms.seats_move", lambda one: one["terms"].update(seats_move="as any")),
        ("tiers[1].price", lambda one: one["tiers"][0].update(price="25.5 ETH")),
        ("tiers[1].price", lambda one: one["tiers"][0].update(price="25.50")),
        ("tiers[1].price", lambda one: one["tiers"][0].update(price="25.5000001")),
        ("tiers[1].price", lambda one: one["tiers"][0].update(price=25)),
        ("phases[1].gate", lambda one: one["phases"][0].update(gate="seat")),
        ("phases[1].gate", lambda one: one["phases"][0].update(gate={})),
        ("phases[1].gate", lambda one: one["phases"][0].update(gate={"seats_of": 0})),
        ("phases[1].gate", lambda one: one["phases"][0].update(gate={"seats_of": True})),
        ("phases[1].gate", lambda one: one["phases"][0].update(gate={"seats_of": "3"})),
        ("phases[1].gate", lambda one: one["phases"][0].update(gate={"allowlist": "0x5E" * 17})),
        ("phases[1].gate", lambda one: one["phases"][0].update(gate={"allowlist": "a.csv"})),
        ("phases[1].gate", lambda one: one["phases"][0].update(gate={"passes_of": COIN.lower()})),
    ],
)
def test_a_spoiled_document_of_the_second_form_is_refused_at_its_place(
    place: str, change: Callable[[dict[str, Any]], object]
) -> None:
    assert changed(change, WIDE) == place


def test_what_the_first_form_says_is_refused_in_the_second() -> None:
    assert changed(lambda one: one.update(form="seatmarket terms 2"), SMALL) == "form"


@pytest.mark.parametrize(
    ("old", "new", "field", "why"),
    [
        ("decimals = 6", "decimals = 37", "terms.currency", "37 is no number of decimals"),
        ("decimals = 6", 'decimals = "6"', "terms.currency", '"6" is no number of decimals'),
        (COIN, "0x" + "0" * 40, "terms.currency", "the zero address is no ERC-20"),
        (COIN, COIN.lower(), "terms.currency", "the upper and lower case"),
        (", decimals = 6", "", "terms.currency", "a table is no currency"),
        ('"25.5"', '"25.5000001"', "tiers[1].price", '"25.5000001" is no amount of the currency'),
        ('"25.5"', "25.5", "tiers[1].price", "a number with a point"),
        ('"25.5"', "25", "tiers[1].price", "a bare number does not say the currency or its small"),
        (
            '"25"',
            '"26"',
            "phases[1].price",
            "the phase charges more than the tier's list price (26)",
        ),
        ("{ seats_of = 3 }", "{ seats_of = 0 }", "phases[1].gate", "0 is no number of a drop"),
        ("{ seats_of = 3 }", '{ passes_of = "Ada" }', "phases[1].gate", '"Ada" is no address'),
        ("{ seats_of = 3 }", "{ seats_of = 3, passes_of = 1 }", "phases[1].gate", "no gate"),
        ('toll = "0%"', 'toll = "1%"', "resale.toll", "seats that move as any token pay no toll"),
        ('"0 seconds"', '"1 day"', "resale.gift_cooldown", "never cool down (1 day)"),
        ("as any token", "as they like", "terms.seats_move", "is not offered"),
    ],
)
def test_faults_of_currencies_gates_and_open_seats_stand_where_they_are(
    old: str, new: str, field: str, why: str
) -> None:
    (fault,) = faults_of(with_line(old, new, WIDE))
    assert (fault.field, why in fault.why) == (field, True), str(fault)


def test_a_signer_of_nobody_is_no_gate() -> None:
    (fault,) = faults_of(with_line('gate = "public"', f'gate = {{ passes_of = "0x{"0" * 40}" }}'))
    assert fault.field == "phases[1].gate"
    assert "the address of whoever signs the passes" in fault.why
