from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.allowlist.phases import PhaseAllowlist, is_authorised
from marketplace.bindings.addresses import checksum_address
from marketplace.bindings.events import SeatsMinted
from marketplace.bindings.reverts import NotAllowlisted
from marketplace.domain.drop import Gate, MintRequest
from marketplace.domain.ids import DropId, PhaseIndex
from tests.integration.marketplace.world import PRICE, Market, address_of, one, with_phase

if TYPE_CHECKING:
    from marketplace.domain.addresses import ChecksumAddress

PHASE = PhaseIndex(0)
strangers = st.binary(min_size=20, max_size=20).map(checksum_address)


def create(market: Market, allowlist: PhaseAllowlist) -> DropId:
    offer = with_phase(market.offer(), gate=Gate.ALLOWLIST, gate_data=allowlist.root)
    return market.create(offer)


def request(drop: DropId, recipient: ChecksumAddress) -> MintRequest:
    return MintRequest(drop=drop, phase=PHASE, recipient=recipient, quantity=1, max_total=PRICE)


def test_a_listed_account_mints_with_its_proof(market: Market) -> None:
    ada, bo = address_of("ada"), address_of("bo")
    allowlist = PhaseAllowlist(PHASE, [ada, bo, address_of("dan")])
    drop = create(market, allowlist)
    mint = market.contract.mint(request(drop, ada), PRICE, allowlist.authorisation(ada))
    minted = market.send("ada", mint)
    assert one(market.contract.events_of(minted), SeatsMinted).account == ada
    with pytest.raises(NotAllowlisted) as refused:
        market.sender("bo").simulate(mint)
    assert refused.value == NotAllowlisted(PHASE, bo)


@settings(max_examples=settings().max_examples // 4, deadline=None)
@given(others=st.lists(strangers, max_size=12, unique=True), listed=st.booleans())
def test_contract_and_library_let_the_same_accounts_in(
    devnet_deployed: Market, others: list[ChecksumAddress], *, listed: bool
) -> None:
    market, ada = devnet_deployed, address_of("ada")
    whole = PhaseAllowlist(PHASE, [*others, ada])
    allowlist = whole if listed else PhaseAllowlist(PHASE, [*others, address_of("bo")])
    proof = whole.authorisation(ada)
    snapshot = market.steering.snapshot()
    drop = create(market, allowlist)
    try:
        market.sender("ada").simulate(market.contract.mint(request(drop, ada), PRICE, proof))
    except NotAllowlisted:
        taken = False
    else:
        taken = True
    finally:
        market.steering.restore(snapshot)
    assert taken == is_authorised(allowlist.root, PHASE, ada, proof) == listed
