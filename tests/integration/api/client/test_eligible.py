from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from marketplace.allowlist.phases import PhaseAllowlist
from marketplace.client.errors import ApiRefused
from marketplace.domain.ids import PhaseIndex
from tests.integration.api.client.people import People
from tests.integration.api.gating import LISTED, gated
from tests.integration.marketplace.world import PRICE, address_of

if TYPE_CHECKING:
    from tests.integration.api.live import Live

FIRST = PhaseIndex(0)


def test_a_published_list_gives_its_accounts_their_proofs(live: Live) -> None:
    drop = gated(live).drop
    live.mirror()
    people = People(live)
    listed = PhaseAllowlist(FIRST, [address_of(name) for name in LISTED])
    published = people("mentor").publish_allowlist(drop, listed)
    assert published.accounts == len(LISTED)
    found = people.nobody().eligibility(drop, FIRST, address_of("bo"), quantity=2)
    assert (found.eligible, found.price.amount) == (True, 2 * PRICE)
    proof = b"".join(bytes.fromhex(one[2:]) for one in found.proof or ())
    assert proof == listed.authorisation(address_of("bo"))


def test_another_list_is_refused(live: Live) -> None:
    drop = gated(live).drop
    live.mirror()
    with pytest.raises(ApiRefused) as refused:
        People(live)("mentor").publish_allowlist(drop, PhaseAllowlist(FIRST, [address_of("bo")]))
    assert refused.value.problem.code == "allowlist_differs"
