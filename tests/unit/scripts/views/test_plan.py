from __future__ import annotations

import io

import pytest

from marketplace.launch.plan import plan_of
from scripts.views.console import console
from scripts.views.plan import show_plan
from tests.unit.marketplace.launch.texts import COIN, SMALL, WIDE, parse, with_line

PLAN = """\
One evening
A drop session by Ada

What is sold
tier     phase   a buyer pays   seats   per wallet
──────────────────────────────────────────────────
Access   Sale    0.04 ETH           8   any number
At most 8 seats at a time (Access 8). A buyer also pays for gas, and nothing else.

When
time                   what
─────────────────────────────────────────────────────────────────────────────────────────
2030-01-01 12:00 UTC   the drop is created
2030-01-01 12:00 UTC   "Sale" opens (Access)
2030-01-10 17:00 UTC   "Sale" closes
2030-01-11 17:00 UTC   session: The evening
2030-01-11 17:00 UTC   the refund window ends
2030-01-11 19:00 UTC   the last session ends; you may report delivery from here on
2030-01-18 19:00 UTC   the last moment to report delivery; after it, buyers are paid back

If a seat changes hands
You earn 10% of every resale, at least the toll. The toll, 2% of the list price, is also what a gift
costs. A seat may ask for up to 100% of what was first paid for it. Royalties and tolls wait with
the seat until the drop is settled.
Anyone is shown the seats on resale.
tier     bought at   a gift costs   highest price   seller gets   you get
───────────────────────────────────────────────────────────────────────────
Access   0.04 ETH    0.001 ETH      0.04 ETH        0.036 ETH     0.004 ETH

Your money
Sold out: 0.32 ETH, less the platform's fee of at most 5%. It waits in escrow until 7 days after you
reported delivery, which you may do from 2030-01-11 19:00 UTC to 2030-01-18 19:00 UTC.
A seat can be given back until 2030-01-11 17:00 UTC; that costs its holder nothing.

What launching costs
150,000 gas, measured on a development chain: 0.00015 ETH at 1 gwei, 0.00075 ETH at 5 gwei, 0.003
ETH at 20 gwei.

Look again
- Nothing is wrong.

Terms hash  0xHASH
            `--terms` prints the text that it is the hash of.
"""


def shown(text: str, gas: int | None = None) -> str:
    """The plan of a file as it is written where there is no terminal."""
    out = io.StringIO()
    show_plan(console(out), plan_of(parse(text)), gas)
    return "\n".join(line.rstrip() for line in out.getvalue().split("\n"))


def test_a_plan_reads_like_this() -> None:
    hashed = parse(SMALL).drop.terms.terms_hash.hex()
    expected = PLAN.replace("HASH", hashed).replace("Look again\n- Nothing is wrong.\n\n", "")
    assert shown(SMALL, 150_000) == expected


def test_gas_that_was_not_measured_is_not_mentioned() -> None:
    assert "gas, measured" not in shown(SMALL)


def test_warnings_are_listed() -> None:
    text = shown(with_line('until = "start"', 'until = "launch"'))
    assert "\nLook again\n- The refund window closes before the first seat is sold" in text


def test_seats_that_never_move_have_no_resale_table() -> None:
    text = shown(with_line('currency = "ETH"', 'currency = "ETH"\nseats_move = "never"'))
    assert "It never does: the terms forbid it." in text


def test_a_price_that_cannot_be_resold_says_so() -> None:
    text = shown(with_line('highest_price = "100%"', 'highest_price = "1%"'))
    assert "no resale fits" in text


def test_what_a_file_says_is_never_read_as_markup() -> None:
    text = shown(with_line('title = "One evening"', 'title = "[bold red]One[/] :smile: evening"'))
    assert text.startswith("[bold red]One[/] :smile: evening\n")


@pytest.mark.parametrize(
    ("audience", "said"),
    [
        ('"holders"', "Only holders of this drop are shown the seats on resale."),
        ("[1]", "Only holders of this drop or of drop 1 are shown the seats on resale."),
        ("[5, 1]", "Only holders of this drop or of the drops 1, 5 are shown the seats on resale."),
        (
            '"wait_list"\nturn = "720 minutes"',
            "Whoever waits is shown seats on resale first, 12 hours each; then anyone is.",
        ),
    ],
)
def test_who_is_shown_seats_on_resale_is_said(audience: str, said: str) -> None:
    text = with_line('gift_cooldown = "1 day"', f'gift_cooldown = "1 day"\naudience = {audience}')
    assert said in shown(text)


def test_amounts_of_another_currency_are_bare_and_it_is_named_once() -> None:
    text = shown(WIDE)
    assert f"Amounts are of {COIN}, 6 decimals\n" in text
    assert "Access   Sale    25 " in text
    assert "Sold out: 200, less the platform's fee" in text
    assert "ETH" not in text.partition("Look again")[0]


def test_who_alone_may_buy_is_said_below_what_is_sold() -> None:
    assert '"Sale" is for whoever owns a seat of drop 3.\n' in shown(WIDE)
    passes = with_line('gate = "public"', f'gate = {{ passes_of = "{COIN}" }}')
    assert f'"Sale" is for whoever has a pass of {COIN}.\n' in shown(passes)
    root = "0x" + "5e" * 32
    listed = with_line('gate = "public"', f'gate = {{ allowlist = "{root}" }}')
    assert f'"Sale" is for the accounts on the list, root {root}.\n' in shown(listed)
    assert '"Sale" is for' not in shown(SMALL)


def test_of_seats_that_move_as_any_token_the_royalty_is_of_sales_here() -> None:
    assert "Seats move as any token; what follows holds for sales here alone." in shown(WIDE)
