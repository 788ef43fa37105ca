"""Owns how a published drop is shown to its mentor: what readers see from now on.

Refuses to say more than the API shows to everybody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scripts.views.plan import utc

if TYPE_CHECKING:
    from rich.console import Console

    from marketplace.client.answers.drops import Drop
    from marketplace.launch.record import Launched


def show_published(console: Console, drop: Drop, launched: Launched, api: str) -> None:
    """Write what readers see of a drop whose terms and lists were published."""
    console.print(f"The terms of drop {drop.drop} are published.", style="bold")
    product, sessions = drop.product, drop.sessions
    if product is not None and sessions is not None:
        console.print(f"Readers see: {product.title}, a {product.format} by {product.mentor}.")
        for one in sessions:
            names = [drop.tiers[tier].name or f"tier {tier}" for tier in one.tiers]
            console.print(
                f"  {one.session}. {utc(one.starts_at)}  {one.title} (seats of {', '.join(names)})"
            )
    for listed in launched.allowlists:
        count = len(listed.accounts)
        whom = "1 account is" if count == 1 else f"{count} accounts are"
        name = drop.phases[listed.phase].name or f"phase {listed.phase}"
        console.print(f'{whom} listed for "{name}": each is given its proof, the list nobody.')
    base = f"{api.rstrip('/')}/v1/drops/{drop.drop}"
    console.print(f"They stand at {base} and, byte for byte, at {base}/terms.", soft_wrap=True)
