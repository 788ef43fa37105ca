"""Owns the order of the demo: launch, mint, resale, keepsakes.

Refuses to go on past an act that did not happen: errors end the demo with their own sentence.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from marketplace.devnet.accounts import named_accounts
from marketplace.domain.addresses import ChecksumAddress
from marketplace.domain.money import Wei
from marketplace.launch.file import read_launch_file
from scripts.demo.acts import bounds_of, mint, resell
from scripts.demo.keepsakes import write_keepsakes
from scripts.demo.stage import address_named
from scripts.launching import create_drop
from scripts.views import demo as view

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from rich.console import Console

    from scripts.demo.acts import MintAct, ResaleAct
    from scripts.demo.stage import Stage
    from scripts.launching import CreatedDrop


@dataclass(frozen=True, slots=True)
class Story:
    """What was played; `resale` is None where the terms allow none."""

    created: CreatedDrop
    minted: MintAct
    resale: ResaleAct | None


def names() -> Mapping[ChecksumAddress, str]:
    """The named accounts by address."""
    return {ChecksumAddress(account.address): account.name for account in named_accounts()}


def play(stage: Stage, console: Console, launch_file: Path, folder: Path) -> Story:
    """Play the story and tell it; the keepsakes go to `folder`."""
    file = read_launch_file(launch_file, stage.market.next_time(), address_named("mentor"))
    view.open_stage(console, stage.url, stage.deployment, stage.market.head())
    seats = stage.market.seats
    created = create_drop(seats, stage.sender("mentor"), file)
    head = stage.market.head()
    overview = seats.terms_of(created.drop, head.hash)
    view.launch(console, file, created, overview, head, names())

    minted = mint(stage, created.drop)
    view.mint(console, minted, names())
    bounds = bounds_of(stage, minted.after)
    resale = None
    if bounds.least <= bounds.most:
        # Half-way between what was paid and what may be asked shows both bounds at work.
        price = max(bounds.least, Wei((minted.paid + bounds.most) // 2))
        resale = resell(stage, minted.after, min(price, bounds.most))
    view.resale(console, resale, bounds, names())

    story = Story(created, minted, resale)
    token_uri = seats.token_uri(minted.after.seat)
    paths = write_keepsakes(folder, token_uri, file.document, figures(stage, story))
    view.keepsakes(console, paths)
    return story


def figures(stage: Stage, story: Story) -> Mapping[str, str | int | None]:
    """What the story ends in; amounts are decimal strings in wei."""
    resale = story.resale
    last = resale.after if resale else story.minted.after
    return {
        "chain_id": stage.market.seats.chain_id,
        "contract": stage.market.seats.address,
        "drop": story.created.drop,
        "terms_hash": f"0x{story.created.terms_hash.hex()}",
        "seat": int(last.seat),
        "owner": last.view.owner,
        "epoch": last.view.epoch,
        "face_wei": str(last.view.face),
        "escrow_wei": str(last.escrow),
        "held_wei": str(last.view.held),
        "price_wei": str(resale.listing.price) if resale else None,
        "seller_got_wei": str(resale.seller_got) if resale else None,
        "block": last.head.number,
        "block_hash": f"0x{last.head.hash.hex()}",
        "gas_create": story.created.mined.gas_used,
        "gas_mint": story.minted.mined.gas_used,
        "gas_buy": resale.mined.gas_used if resale else None,
    }
