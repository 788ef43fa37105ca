"""The matrix: every case, seen by every client, on every chain that promises it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.conformance.cases import CASES
from tests.conformance.chains import PROFILES
from tests.conformance.web3py.client import observe

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conformance.cases import Case
    from tests.conformance.node import Outcome
    from tests.conformance.world import World

MATRIX = [
    pytest.param(
        client,
        chain,
        case,
        id=f"{client}-{chain}-{case.name}",
        marks=pytest.mark.xdist_group(chain),
    )
    for chain in PROFILES
    for client in ("viem", "ethers", "web3py")
    for case in CASES
    if case.only in {None, chain}
]


@pytest.mark.parametrize(("client", "chain", "case"), MATRIX)
def test_client_sees_what_the_case_promises(
    client: str,
    chain: str,
    case: Case,
    world_of: Callable[[str], World],
    javascript_outcomes: Callable[[str, str], dict[str, Outcome]],
) -> None:
    world = world_of(chain)
    if client == "web3py":
        outcome = observe(case.name, world)
    else:
        outcome = javascript_outcomes(client, chain)[case.name]
    if outcome.error is not None:
        pytest.fail(
            f"{client} on {chain} does not see that {case.sees}:\n{outcome.error}\n\n"
            f"{chain} wrote last:\n{world.chain.last_words()}",
            pytrace=False,
        )
    unsent = case.methods - outcome.methods
    assert not unsent, f"{client}'s run of {case.name} did not send {sorted(unsent)}"
