"""Faults of whole statements: what is left out, turned round or done in another order.

Refuses to delete declarations: nothing would compile behind them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scripts.toolchain.mutation.effects import commute
from scripts.toolchain.mutation.mutant import Fault
from scripts.toolchain.mutation.statements import Site

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scripts.toolchain.mutation.effects import Effects
    from scripts.toolchain.mutation.statements import Header

_LEFT_OUT: Final = {"expression": "effect", "emit": "emit"}
_MODIFIERS: Final = frozenset({"nonReentrant", "onlyOwner"})


def left_out(source: str, site: Site) -> Iterator[Fault]:
    """The statement is gone."""
    del source
    if site.kind in _LEFT_OUT:
        yield _whole(site, _LEFT_OUT[site.kind], "")


def swapped(site: Site, effects_of: Callable[[Site], Effects]) -> Iterator[Fault]:
    """The statement comes before the one above it; in vain, where nobody could tell."""
    first = site.before
    if first is None or site.kind not in _LEFT_OUT or first.kind not in _LEFT_OUT:
        return
    vain = commute(effects_of(first), effects_of(site))
    yield Fault("order", site, "", first.start, site.end, early=first, vain=vain)


def unchecked(source: str, site: Site) -> Iterator[Fault]:
    """The condition is turned round, or no longer asked."""
    if site.kind != "condition":
        return
    condition = source[site.start : site.end]
    if site.guard:
        yield _whole(site, "check", "false")
        yield from _turned(site, condition)
    else:
        yield _whole(site, "branch", "false")
        yield _whole(site, "branch", "true")


def answered(source: str, site: Site) -> Iterator[Fault]:
    """The function answers something else."""
    if site.kind != "return" or not site.returns:
        return
    value = source[site.tokens[0].end : site.end - 1].strip()
    match site.returns:
        case "bool":
            others = [f"!({value})"]
        case "uint256":
            others = ["0", "1"] if value.isdecimal() else ["0", f"{value} + 1"]
        case "address":
            others = ["address(0)"]
        case "string" | "bytes":
            others = ['""']
        case name if name[0].isupper():
            # The compiler refuses it for a struct or an enumeration: then it is no mutant.
            others = [f"{name}.wrap(0)"]
        case _:
            others = []
    for other in others:
        if other != value:
            yield _whole(site, "return", f"return {other};")


def unguarded(source: str, header: Header) -> Iterator[Fault]:
    """A modifier of the function is gone; such a fault is built alone."""
    del source
    for token in header.tokens:
        if token.text in _MODIFIERS and header.tokens[0].text == "function":
            site = Site("modifier", token.start, token.end, (token,))
            yield Fault("modifier", site, "", token.start, token.end, switchable=False)


def _turned(site: Site, condition: str) -> Iterator[Fault]:
    """The opposite of the condition; one comparison is turned round by its sign already."""
    signs = [token.text for token in site.tokens if token.text in {"==", "!=", "&&", "||"}]
    if signs not in (["=="], ["!="]):
        yield _whole(site, "check", f"!({condition})")


def _whole(site: Site, operator: str, text: str) -> Fault:
    return Fault(operator, site, text, site.start, site.end)
