"""Owns the forms in which a story is told in a terminal: chapters, facts, decisions, commands.

Refuses to know the story: `scripts.views.demo` has its words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.text import Text

from marketplace.domain.texts import printable

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from rich.console import Console

    from marketplace.client.answers.access import Decision

_NAME: Final = 15
_HASH_SHOWN: Final = 14
"""`0x` and twelve digits: enough to find a block by."""

REASONS: Final = {
    "not_signed_in": "nobody knows who is asking",
    "no_seat": "no seat that opens it",
    "other_tier": "a seat, but of a tier that does not open it",
    "not_settled": "the seat came too recently",
    "not_open_yet": "the door is not open yet",
    "closed": "it is over",
    "drop_ended": "the drop will not happen",
    "not_the_mentor": "nobody but the mentor may",
}
VIA: Final = {"mentor": "as its mentor", "open_to_all": "it is open to everybody"}


def starting(console: Console) -> None:
    """Tell somebody who watches that it takes a moment."""
    if console.is_terminal:
        console.print("Putting up chain, contract, index and API: a few seconds.")


def chapter(console: Console, title: str, *sentences: str) -> None:
    """Begin a chapter: its title, and what a newcomer should know first."""
    console.print()
    console.print(title, style="bold")
    for sentence in sentences:
        console.print(sentence)


def fact(console: Console, name: str, text: str) -> None:
    """Write a name and what is so."""
    console.print(f"  {name:<{_NAME}} {text}", soft_wrap=True)


def rests(console: Console, number: int, block_hash: str) -> None:
    """Write the block that the lines above rest on."""
    fact(console, "", f"as of {block_text(number, block_hash)}")


def decided(console: Console, who: str, what: str, decision: Decision) -> None:
    """Write a decision of the gate: who, what, yes or no, why, what would help, which block."""
    line = Text("  ")
    if decision.allow:
        line.append("yes", style="bold green")
        line.append(printable(f"  {who} may {what}: {_right(decision)}"))
    else:
        line.append("no ", style="bold red")
        why = REASONS.get(decision.reason, decision.reason)
        line.append(printable(f"  {who} may not {what}: {why}"))
    console.print(line, soft_wrap=True)
    if decision.allow:
        console.print(f"       good until {clock(decision.expires_at)}, {_block_of(decision)}")
        return
    console.print(f"       {_reason(decision)}, {_block_of(decision)}", soft_wrap=True)


def commands(console: Console, about: str, lines: Iterable[str]) -> None:
    """Write what can be typed, under a sentence about it."""
    console.print(about)
    for line in lines:
        console.print(f"  {line}", soft_wrap=True)


def block_text(number: int, block_hash: str) -> str:
    """A block by number and the beginning of its hash."""
    return f"block {number} ({block_hash[:_HASH_SHOWN]}…)"


def clock(moment: datetime) -> str:
    """The time of a day, to the second."""
    return f"{moment:%H:%M:%S} UTC"


def _right(decision: Decision) -> str:
    if decision.seat is not None:
        return f"holds seat {decision.seat}"
    return VIA.get(decision.via or "", decision.via or "")


def _reason(decision: Decision) -> str:
    if decision.remedy is None:
        return decision.reason
    return f"{decision.reason}; what helps: {decision.remedy.sentence.rstrip('.')}"


def _block_of(decision: Decision) -> str:
    if decision.as_of_block is None or decision.block_hash is None:
        return "as of no block yet"
    return f"as of {block_text(decision.as_of_block, decision.block_hash)}"
