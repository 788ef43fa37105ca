"""Drops that only the second form of terms can say: launched from a file, mirrored, published.

Refuses assertions about the API; an answer of another status than was needed stops the test.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from marketplace.bindings.currency import Currency
from marketplace.bindings.development import deploy_coin
from marketplace.domain.money import Wei
from tests.integration.api.live import launch
from tests.integration.api.preparing import approve, ask, done
from tests.integration.api.trading import members
from tests.integration.marketplace.world import address_of

if TYPE_CHECKING:
    from pathlib import Path

    from marketplace.domain.ids import DropId
    from tests.integration.api.live import Live
    from tests.integration.api.trading import Members

COINS: Final = 10**18
"""The smallest units of one development coin."""

PRICE: Final = 25 * COINS
RICH: Final = 1_000 * COINS

FILE: Final = """\
[product]
format = "drop session"
title = "One evening"
mentor = "Ada"
summary = "An evening about one thing."
contains = ["two hours live"]
success = ["it took place"]

[terms]
currency = "ETH"
deliver_by = "end + 7 days"
highest_fee = "5%"

[[sessions]]
title = "The evening"
kind = "session"
starts = "launch + 10 days"
lasts = "2 hours"

[[tiers]]
name = "Access"
price = "25"
seats = 8
includes = ["the evening"]

[[phases]]
name = "Sale"
tier = "Access"
gate = "public"
price = "25"
opens = "launch"
closes = "start - 1 day"

[refund]
until = "start"
penalty = "0%"
policy = "Until the start, all of it."

[resale]
royalty = "10%"
toll = "0%"
highest_price = "200%"
gift_cooldown = "0 seconds"

[dispute]
resolver = "0x976EA74026E726554dB657fA54763abd0C3a0aa9"
objection_days = 7
default_split = "50%"
"""


def launched(live: Live, folder: Path, **changes: str) -> DropId:
    """Launch the file with other lines, as in `currency='"ETH"'`; the mirror knows the drop."""
    text = FILE
    for name, value in changes.items():
        lines = text.splitlines(keepends=True)
        (place,) = (at for at, line in enumerate(lines) if line.startswith(f"{name} = "))
        lines[place] = f"{name} = {value}\n"
        text = "".join(lines)
    return launched_text(live, folder, text)


def launched_text(live: Live, folder: Path, text: str) -> DropId:
    """Launch a text; the mirror knows the drop."""
    path = folder / "drop.toml"
    path.write_text(text, encoding="utf-8")
    drop, live.files[drop] = launch(live.market, path)
    live.mirror()
    return drop


def published(live: Live, drop: DropId) -> Members:
    """Publish a drop's terms over the API; what it shows of it then."""
    document = live.files[drop].document
    answer = live.client("mentor").put(f"/v1/drops/{drop}/terms", json={"document": document})
    assert answer.status_code == 200, answer.text
    return members(live.api.get(f"/v1/drops/{drop}"))


def coin_of(live: Live) -> Currency:
    """A development coin that new drops may be paid in."""
    market = live.market
    coin = Currency(market.web3, deploy_coin(market.sender("guardian")))
    market.send("deployer", market.contract.set_currency(coin.address, allowed=True))
    return coin


def in_coins(live: Live, folder: Path, **changes: str) -> tuple[DropId, Currency]:
    """The file launched in a development coin; bo, cleo and dan are rich in it."""
    coin = coin_of(live)
    named = f'{{ address = "{coin.address}", decimals = 18 }}'
    drop = launched(live, folder, currency=named, **changes)
    for name in ("bo", "cleo", "dan"):
        live.market.send(name, coin.make(address_of(name), Wei(RICH)))
    return drop, coin


def minted(live: Live, name: str, drop: DropId, number: int = 1, **order: object) -> int:
    """Mint a seat as the API prepares it, after what has to be allowed; the seat."""
    wish = {"drop": int(drop), "phase": 0} | order
    first = ask(live, name, "mint", **wish)
    if first.status_code == 409:
        approve(live, name, first.json())
    done(live, name, "mint", **wish)
    live.mirror()
    return int(drop) * 1_000_000 + number


def may_enter(live: Live, name: str, drop: DropId) -> Members:
    """What the gate says to somebody before the door of the first session."""
    asked = {"action": "enter_session", "drop": str(drop), "session": "1"}
    return members(live.client(name).get("/v1/access/check", params=asked))
