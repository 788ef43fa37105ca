"""Owns the words of the demo: what happened, in which block, and what it means.

Refuses to assume that the reader knows the trade: each word of it is explained where it first
stands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketplace.domain.money import ether_text, percent_text
from scripts.views.plan import utc
from scripts.views.telling import block_text, chapter, clock, decided, fact, rests

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from pathlib import Path

    from rich.console import Console

    from marketplace.bindings.transactions import Mined
    from marketplace.client.answers.access import Decision
    from marketplace.client.answers.chain import ChainStatus
    from marketplace.client.answers.drops import Phase
    from marketplace.client.answers.market import Offer
    from marketplace.client.answers.seats import SeatHistory
    from marketplace.client.answers.sessions import Admission, DropSession, Recording
    from scripts.demo.acts import Doors, Launched, Minted, Sold
    from scripts.demo.house import House
    from scripts.demo.script import Script


def opening(console: Console, opened: House, status: ChainStatus) -> None:
    """Say what is running."""
    chapter(
        console,
        "1. A market of your own",
        "An Ethereum chain runs inside this program, with twelve accounts whose money is play "
        "money. The market is one contract on it, a program that nobody can change, which keeps "
        "the seats and the buyers' money. An index copies what the contract says into a database, "
        "and the API answers from that copy: who may do what, now.",
        "A chain grows block by block. Every line that rests on one names it, by its number and "
        "the beginning of its fingerprint.",
    )
    fact(console, "API", opened.url)
    fact(console, "chain", f"{opened.stage.url}, chain id {status.chain_id}")
    fact(console, "contract", status.contract)
    fact(console, "files", str(opened.folder.path))
    rests(console, status.head.number, status.head.hash)


def launching(console: Console, mentor: str) -> None:
    """Say what launching is."""
    chapter(
        console,
        "2. A mentor launches two drops",
        "A drop is one sale: what is taught, how many seats, at which price, under which terms. "
        f"The account {mentor} creates it from a file; the chain keeps a fingerprint of the terms, "
        "their hash, and the API shows their text. Nobody can change them.",
        "Its seats are of tiers, which are numbered from 0, and each tier is sold in phases: from "
        "when to when, for how much. Gas is the work that a transaction takes, for which the chain "
        "asks a fee; the fee comes on top of every price.",
    )


def launched(console: Console, act: Launched) -> None:
    """Say what one drop sells."""
    drop, file = act.drop, act.file
    console.print(f'  Drop {drop.drop}: "{file.product.title}", by {file.product.mentor}')
    met = len(drop.sessions or ())
    fact(console, "format", f"{file.product.format}, {met} session{'' if met == 1 else 's'}")
    for number, phase in enumerate(drop.phases):
        price = ether_text(phase.price_wei)
        named = "for sale" if number == 0 else ""
        sold = f"tier {phase.tier}, {price}, {phase.left} seats, {_window(phase)}"
        fact(console, named, f"{phase.name}: {sold}")
    royalty = f"{percent_text(drop.royalty_bps)} of the price is the mentor's royalty"
    fact(console, "resale", f"{royalty}; listings are {_audience(act)}")
    fact(console, "terms hash", drop.terms_hash)
    _mined(console, act.mined)


def minting(console: Console) -> None:
    """Say what minting is."""
    chapter(
        console,
        "3. Three wallets mint",
        "To mint is to buy a new seat of a drop. A seat is a token: the contract knows whose it "
        "is, and whoever holds it gets in. The API prepares the transaction, the buyer's wallet "
        "signs it with its key, the contract takes the money. It does not reach the mentor yet: "
        "it waits in escrow until the mentor has delivered. Wei are the smallest coins: 1 ETH is "
        "a 1 and 18 zeros of them.",
    )


def minted(console: Console, act: Minted) -> None:
    """Say what somebody got, and where the money is."""
    numbers = " and ".join(str(seat.seat) for seat in act.seats)
    drop = act.seats[0].drop
    console.print(f"  {act.person.name} mints seat {numbers} of drop {drop}")
    fact(console, "paid", f"{ether_text(act.paid)} ({act.paid} wei)")
    fact(console, "escrow", f"{ether_text(act.escrow)} owed to the seats of drop {drop}")
    _mined(console, act.mined)


def door(console: Console, session: DropSession) -> None:
    """Say whose door this is, and when it opens."""
    chapter(
        console,
        "4. The door, before it opens",
        "Rooms ask the API who may come in. Every answer says why, and the block that it rests "
        "on; every no says what would change it.",
    )
    fact(console, "session", f'drop {session.drop}, number {session.session}: "{session.title}"')
    fact(console, "opens", f"{utc(session.opens_at)}, a quarter of an hour before it starts")


def entering(console: Console, who: str, decision: Decision) -> None:
    """Say whether somebody may enter the workshop."""
    decided(console, who, "enter the workshop", decision)


def watching(console: Console, who: str, decision: Decision) -> None:
    """Say whether somebody may watch the recording."""
    decided(console, who, "watch the recording", decision)


def seeing(console: Console, who: str, decision: Decision) -> None:
    """Say whether somebody is shown what is resold."""
    decided(console, who, "see what is resold", decision)


def travelled(console: Console, moment: datetime, session: DropSession) -> None:
    """Say that time was turned forward."""
    chapter(
        console,
        "5. The door is open",
        f"The chain's clock is turned forward to {utc(moment)}: the workshop has begun, and lasts "
        f"until {clock(session.ends_at)}. Everybody signs in: a signature that costs nothing.",
    )


def uploaded(console: Console, mentor: str, recording: Recording) -> None:
    """Say what the mentor uploaded."""
    console.print(f'  {mentor} uploads a recording: "{recording.title}"')
    fact(console, "recording", f"{recording.recording}, {recording.media_type}")
    fact(console, "size", f"{recording.size_bytes:,} bytes, kept twice")
    fact(console, "sha256", recording.sha256)


def watched(console: Console, who: str, octets: bytes, recording: Recording) -> None:
    """Say how much of the recording somebody received."""
    console.print(f"  {who} watches {len(octets):,} of its {recording.size_bytes:,} bytes")


def admitted(console: Console, who: str, admission: Admission) -> None:
    """Say that somebody is in the room."""
    until = clock(admission.expires_at)
    held = f"by seat {admission.seat}"
    console.print(f"  {who} is in the room, {held}; the room asks again at {until}", soft_wrap=True)


def selling(console: Console, cohort: Launched, seller: str) -> None:
    """Say what reselling is."""
    chapter(
        console,
        "6. The seat is resold",
        f"{seller} has to leave and signs a listing: an offer to sell at a price. Signing costs "
        "nothing, and the chain hears of it when somebody buys. "
        f"This cohort's listings are not for everybody: they are {_audience(cohort)}.",
    )


def listed(console: Console, seller: str, offer: Offer) -> None:
    """Say what is for sale."""
    console.print(f"  {seller} lists seat {offer.seat} for {ether_text(offer.price_wei)}")
    fact(console, "listing", offer.listing)


def found(console: Console, buyer: str, offers: Sequence[Offer]) -> None:
    """Say what the buyer saw."""
    prices = ", ".join(f"seat {one.seat} for {ether_text(one.price_wei)}" for one in offers)
    console.print(f"  {buyer} is shown: {prices}")


def sold(console: Console, script: Script, act: Sold, history: SeatHistory) -> None:
    """Say how the seat was resold, and who got what."""
    figures, seat = act.figures, act.seat
    console.print(f"  {script.buyer} buys it")
    fact(console, "price", f"{ether_text(figures.price_wei)} ({figures.price_wei} wei)")
    fact(console, "seller got", f"{ether_text(act.seller_got)} at once")
    fact(console, "royalty", f"{ether_text(seat.held_wei)} waits with the seat for the mentor")
    fact(console, "history", f"{len(history.owners)} owners, {len(history.sales)} resale")
    fact(console, "epoch", f"{seat.epoch}: rises with each owner, and older listings are dead")
    _mined(console, act.mined)


def after_the_sale(console: Console, seller: str, act: Sold) -> None:
    """Say how soon the seller was shut out."""
    chapter(
        console,
        "7. The door, after the sale",
        f"{seller} was turned away {act.revoked_ms} ms after the receipt of the sale.",
    )
    entering(console, seller, act.denied)


def put_out(console: Console, who: str, decision: Decision) -> None:
    """Say that the room let somebody go."""
    decided(console, who, "stay in the room", decision)


def doors(console: Console, script: Script, after: Doors) -> None:
    """Say who may do what now."""
    watching(console, script.seller, after.seller[1])
    entering(console, script.buyer, after.buyer[0])
    watching(console, script.buyer, after.buyer[1])


def encore(console: Console, mentor: str) -> None:
    """Say that there is more to buy."""
    chapter(
        console,
        "8. On sale now",
        f"Both sales are over: their phases have closed. {mentor} launches the evening once more, "
        "three weeks later, and somebody of the cohort wants to sell.",
    )


def keepsakes(console: Console, paths: Iterable[Path]) -> None:
    """Say where the files are."""
    chapter(
        console,
        "9. What you can keep",
        "The seat's picture and metadata, drawn by the contract; the terms; the figures.",
    )
    for path in paths:
        console.print(f"  {path}", soft_wrap=True)


def _mined(console: Console, mined: Mined) -> None:
    block = block_text(mined.block_number, f"0x{mined.block_hash.hex()}")
    fact(console, "", f"in {block}, {mined.gas_used:,} gas")


def _window(phase: Phase) -> str:
    return f"{utc(phase.opens_at)} to {utc(phase.closes_at)}"


def _audience(act: Launched) -> str:
    audience = act.drop.audience
    if audience == "anyone":
        return "shown to anybody"
    if audience == "holders":
        return "shown to holders of this drop"
    if audience == "wait_list":
        return "shown to whoever waits, one after the other, and then to anybody"
    named = " or ".join(str(drop) for drop in audience or ())
    return f"shown to holders of this drop or of drop {named}"
