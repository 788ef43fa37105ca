"""Owns what a market that stays up invites to try: lines that work as they are printed.

Refuses what would have to be filled in first: tokens, numbers and addresses are those of this
market.
"""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from marketplace.bindings.interface import interface_of
from marketplace.devnet.accounts import account_named
from scripts.views.retyping import from_here, seats
from scripts.views.telling import chapter, clock, commands

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import Console

    from scripts.demo.house import House
    from scripts.demo.story import Story

_JSON: Final = "-H 'content-type: application/json'"
_EXAMPLE: Final = Path(__file__).parents[1] / "examples" / "sprint-cohort.toml"


def trying(console: Console, opened: House, story: Story) -> None:
    """Say where everything is, and what can be tried; every line works as it is printed."""
    script, api = story.script, opened.url
    cohort = story.recording.drop
    door = f"'{api}/v1/access/check?action=enter_session&drop={cohort}&session={script.session}'"
    bearer = {name: f"-H 'Authorization: Bearer {token}'" for name, token in story.tokens.items()}
    stream = f"{api}/v1/recordings/{story.recording.recording}/stream"
    chapter(
        console,
        "Try, in another terminal and this folder",
        "What stands after Bearer says who is signed in, here accounts whose keys everybody knows; "
        "it ends with this market. To read an answer with more ease, add: | python3 -m json.tool",
    )
    commands(
        console,
        f"May {script.buyer} enter the workshop, and {script.seller}, who sold the seat?",
        [f"curl -s {door} {bearer[script.buyer]}", f"curl -s {door} {bearer[script.seller]}"],
    )
    commands(
        console,
        "The recording, whole, which any browser plays, and its first hundred bytes; "
        f"{script.seller} gets a no instead:",
        [
            f"curl -s {stream} {bearer[script.buyer]} -o workshop.webm",
            f"curl -s -r 0-99 -D - -o /dev/null {stream} {bearer[script.buyer]}",
            f"curl -s {stream} {bearer[script.seller]}",
        ],
    )
    commands(
        console,
        f"What is resold of the cohort, as {script.buyer} sees it, and buying it: a transaction "
        "to sign.",
        [
            f"curl -s {api}/v1/drops/{cohort}/listings {bearer[script.buyer]}",
            f"curl -s {api}/v1/tx/buy {_JSON} {bearer[script.buyer]} -d {_order(story)}",
        ],
    )
    commands(
        console,
        "Whose the seat was, and its picture:",
        [
            f"curl -s {api}/v1/seats/{story.seat}/history",
            f"curl -s {api}/v1/seats/{story.seat}/image -o seat.svg",
        ],
    )
    _beyond(console, opened, story)
    console.print()
    console.print(f"The workshop's door is open until {_until(story)}, by the chain's clock.")
    console.print("The market is up until you press Ctrl-C.", style="bold")


def ended(console: Console) -> None:
    """Say how to go on once the market has ended."""
    chapter(console, "Next", "This market ends now. To keep one and try it yourself:")
    console.print(f"  {seats()} demo", soft_wrap=True)
    console.print("To see what a launch file would do:")
    console.print(f"  {seats()} plan {shlex.quote(from_here(_EXAMPLE))}", soft_wrap=True)


def _beyond(console: Console, opened: House, story: Story) -> None:
    """What does not need a token: the API's description, the chain, signing in, the command."""
    api, rpc, contract = opened.url, opened.stage.url, opened.stage.deployment.seats
    owner_of = interface_of("Seats").functions["ownerOf"].encode_call((story.seat,))
    asked = {"to": contract, "data": f"0x{owner_of.hex()}"}
    commands(
        console,
        "Everything that the API can do, and what is on sale:",
        [f"curl -s {api}/v1/openapi.json", f"curl -s {api}/v1/drops"],
    )
    commands(
        console,
        "The chain itself, as any wallet asks it: the newest block, and the seat's owner.",
        [_call(rpc, "eth_blockNumber", []), _call(rpc, "eth_call", [asked, "latest"])],
    )
    commands(
        console,
        f"Sign in with a key, here that of {story.script.stranger}; it prints a token:",
        [_signing_in(api, story.script.stranger)],
    )
    commands(
        console,
        "The seat, as the command shows it:",
        [f"{seats()} show {story.seat} --rpc {rpc} --contract {contract}"],
    )


def _order(story: Story) -> str:
    buyer = account_named(story.script.buyer).address
    return shlex.quote(json.dumps({"account": buyer, "listing": story.left.listing}))


def _call(rpc: str, method: str, params: list[str | Mapping[str, str]]) -> str:
    body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
    return f"curl -s {rpc} {_JSON} -d {shlex.quote(json.dumps(body))}"


def _signing_in(api: str, name: str) -> str:
    key = account_named(name).private_key.hex()
    program = (
        "from marketplace.chain.keys import signer_of_key; "
        "from marketplace.client import SeatmarketClient; "
        f"key = signer_of_key(bytes.fromhex('{key}')); "
        f"print(SeatmarketClient('{api}').sign_in(key).token)"
    )
    python = shlex.quote(from_here(Path(sys.executable)))
    return f'{python} -c "{program}"'


def _until(story: Story) -> str:
    return clock(story.ends_at)
