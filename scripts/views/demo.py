"""Owns the words of the demo: what happened, in which block, and what it means.

Refuses to assume that the reader knows the trade: each word of it is explained where it first
stands.
"""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Final

from marketplace.bindings.interface import interface_of
from marketplace.domain.money import ether_text
from scripts.views.plan import utc
from scripts.views.retyping import from_here, seats
from scripts.views.seat import block_line, named

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rich.console import Console

    from marketplace.bindings.deploy import Deployment
    from marketplace.chain.heads import Head
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.ids import DropId, SeatId
    from marketplace.domain.money import PriceBounds
    from marketplace.domain.views import DropOverview
    from marketplace.launch.file import LaunchFile
    from scripts.demo.acts import MintAct, ResaleAct
    from scripts.launching import CreatedDrop

_HASH_SHOWN: Final = 18
_EXAMPLE: Final = Path(__file__).parents[1] / "examples" / "sprint-cohort.toml"


def open_stage(console: Console, url: str, deployment: Deployment, head: Head) -> None:
    """Say what is running."""
    _head(console, "1. A chain of your own")
    console.print(
        "An Ethereum chain runs inside this program, with twelve accounts whose money is play "
        "money. The market is one contract on it."
    )
    _fact(console, "chain", f"{url}, chain id {deployment.chain_id}")
    _fact(console, "contract", deployment.seats)
    _rests(console, head)


def launch(
    console: Console,
    file: LaunchFile,
    created: CreatedDrop,
    overview: DropOverview,
    head: Head,
    names: Mapping[ChecksumAddress, str],
) -> None:
    """Say what the mentor sells."""
    _head(console, "2. A mentor launches a drop")
    console.print(
        f'{file.product.mentor} sells "{file.product.title}", as {file.path} says. A drop is one '
        "sale; its terms are on the chain now, and nobody can change them."
    )
    _fact(console, "drop", f"{created.drop}, by {named(overview.terms.mentor, names)}")
    for index, phase in enumerate(file.phases):
        most = overview.phases[index].supply or overview.tiers[overview.phases[index].tier].cap
        _fact(
            console,
            "for sale" if index == 0 else "",
            f"{phase.tier} for {ether_text(phase.price)}, at most {most} ({phase.name})",
        )
    until = utc(file.calendar.at(file.refund.until))
    _fact(console, "money back", f"until {until}, by the terms")
    _fact(console, "terms hash", f"0x{created.terms_hash.hex()}")
    _gas(console, created.mined.gas_used)
    _rests(console, head)


def mint(console: Console, act: MintAct, names: Mapping[ChecksumAddress, str]) -> None:
    """Say what the buyer got and where the money is."""
    view, after = act.after.view, act.after
    _head(console, "3. A buyer mints a seat")
    console.print(
        "A seat is a token that opens the door. The money does not reach the mentor yet: it waits "
        "in escrow, in the contract, until the mentor has delivered."
    )
    _fact(
        console, "seat", f"{after.seat}: drop {view.drop}, tier {view.tier}, number {view.number}"
    )
    _fact(console, "owner", named(view.owner, names))
    _fact(console, "paid", f"{ether_text(act.paid)}, which is the seat's face")
    _fact(console, "escrow", f"{ether_text(after.escrow)} owed to the seats of drop {view.drop}")
    _fact(console, "giving it away", f"costs {ether_text(view.toll)}, the toll")
    _fact(console, "epoch", f"{view.epoch}: it has not changed hands yet")
    _gas(console, act.mined.gas_used)
    _rests(console, after.head)


def resale(
    console: Console,
    act: ResaleAct | None,
    bounds: PriceBounds,
    names: Mapping[ChecksumAddress, str],
) -> None:
    """Say how the seat was resold, and who got what."""
    _head(console, "4. The seat is resold")
    if act is None:
        console.print("It is not: under these terms no resale price fits.")
        return
    listing, view = act.listing, act.after.view
    console.print(
        "The owner signs a listing, which costs nothing and is no transaction. Somebody else takes "
        "it to the contract with the money, which pays the seller at once and keeps the mentor's "
        "royalty with the seat until the drop is settled."
    )
    _fact(console, "seller", named(listing.seller, names))
    _fact(console, "signature", f"0x{act.signature.hex()[:_HASH_SHOWN]}… (EIP-712)")
    asked = f"{ether_text(listing.price)}; the terms allow {ether_text(bounds.least)}"
    _fact(console, "price", f"{asked} to {ether_text(bounds.most)}")
    _fact(console, "seller got", ether_text(act.seller_got))
    _fact(console, "royalty", f"{ether_text(view.held)} waits with the seat")
    _fact(console, "new owner", named(view.owner, names))
    _fact(console, "epoch", f"{view.epoch}: every older listing of this seat is dead")
    _fact(console, "tried again", f"refused. {act.refusal}")
    _fact(console, "escrow", f"{ether_text(act.after.escrow)}, as before: it follows the seat")
    _gas(console, act.mined.gas_used)
    _rests(console, act.after.head)


def keepsakes(console: Console, paths: Iterable[Path]) -> None:
    """Say where the files are."""
    _head(console, "5. What you can keep")
    console.print("The seat's picture and metadata, drawn by the contract; the terms; the figures.")
    for path in paths:
        console.print(f"  {path}", soft_wrap=True)


def ended(console: Console) -> None:
    """Say how to go on once the chain has ended."""
    _head(console, "Next")
    console.print("This chain has ended with the demo. To keep one and play with it yourself:")
    _command(console, f"{seats()} demo --keep --port 8545")
    console.print("To see what another file would do:")
    _command(console, f"{seats()} plan {shlex.quote(from_here(_EXAMPLE))}")


def kept(
    console: Console,
    deployment: Deployment,
    url: str,
    drop: DropId,
    seat: SeatId,
    open_key: str,
) -> None:
    """Say what to try while the chain runs; every line works as it is printed."""
    _head(console, "Try, in another terminal")
    contract = deployment.seats
    here = f"--rpc {url} --contract {contract}"
    _command(console, f"{seats()} show {seat} {here}")
    _command(console, f"{seats()} show {drop} {here}")
    console.print("The newest block, and who owns the seat, as any wallet asks:")
    _command(console, _curl(url, '"eth_blockNumber","params":[]'))
    owner_of = interface_of("Seats").functions["ownerOf"].encode_call((seat,))
    request = f'{{"to":"{contract}","data":"0x{owner_of.hex()}"}}'
    _command(console, _curl(url, f'"eth_call","params":[{request},"latest"]'))
    console.print("Launch another file; the key is eve's, which everybody knows:")
    _command(console, f"export SEATS_KEY=0x{open_key}")
    _command(console, f"{seats()} launch {shlex.quote(from_here(_EXAMPLE))} {here}")
    console.print()
    console.print("The chain runs until you press Ctrl-C.", style="bold")


def _curl(url: str, call: str) -> str:
    body = f'{{"jsonrpc":"2.0","id":1,"method":{call}}}'
    return f"curl -s {url} -H 'content-type: application/json' -d {shlex.quote(body)}"


def _head(console: Console, text: str) -> None:
    console.print()
    console.print(text, style="bold")


def _fact(console: Console, name: str, text: str) -> None:
    console.print(f"  {name:<15} {text}", soft_wrap=True)


def _command(console: Console, text: str) -> None:
    console.print(f"  {text}", soft_wrap=True)


def _gas(console: Console, gas: int) -> None:
    _fact(console, "gas", f"{gas:,}")


def _rests(console: Console, head: Head) -> None:
    _fact(console, "", block_line(head))
