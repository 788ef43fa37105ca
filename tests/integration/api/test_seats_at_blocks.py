"""Whose a seat was at a block, by the block's number: as the node's `ownerOf` says it there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from marketplace.bindings.reverts.token import SeatTokenUnknown
from marketplace.domain.money import Wei
from tests.integration.api.live import COHORT, SESSION
from tests.integration.api.trading import Members, members
from tests.integration.api.world import code_of

if TYPE_CHECKING:
    import httpx

    from marketplace.domain.ids import SeatId
    from tests.integration.api.live import Live

PRICE = Wei(5 * 10**16)


def asked(live: Live, path: str, **query: str | int) -> httpx.Response:
    return live.api.get(path, params=query)


def told(live: Live, path: str, **query: str | int) -> Members:
    return members(asked(live, path, **query))


def sold_twice(live: Live) -> tuple[SeatId, int]:
    """A seat that went from ada to bo to cleo with empty blocks between; the block of its mint."""
    seat = live.mint(SESSION, "ada")
    minted_in = live.market.web3.eth.block_number
    for seller, buyer in (("ada", "bo"), ("bo", "cleo")):
        idle(live)
        live.resell(seat, seller, buyer, PRICE)
    idle(live)
    return seat, minted_in


def idle(live: Live, blocks: int = 2) -> None:
    for _ in range(blocks):
        live.market.steering.travel(live.market.now + 12)


def test_an_owner_at_a_block_is_the_nodes_owner_at_that_block(live: Live) -> None:
    seat, minted_in = sold_twice(live)
    head = live.mirror()
    contract = live.market.contract
    owners = []
    for block in range(minted_in, head + 1):
        found = told(live, f"/v1/seats/{seat}", block=block)
        assert (found["as_of_block"], found["level"]) == (block, None)
        assert found["owner"] == contract.owner_of(seat, block), block
        page = told(live, "/v1/drops/1/seats", block=block)
        assert [one["owner"] for one in page["seats"]] == [found["owner"]]
        history = told(live, f"/v1/seats/{seat}/history", block=block)
        assert history["owners"][-1]["owner"] == found["owner"]
        assert history["as_of_block"] == page["as_of_block"] == block
        owners.append(found["owner"])
    assert len(set(owners)) == 3


def test_a_history_up_to_a_block_comes_in_the_same_pages(live: Live) -> None:
    seat, _ = sold_twice(live)
    live.mirror()
    whole = told(live, f"/v1/seats/{seat}/history")
    second = whole["owners"][1]["block_number"]
    first_page = told(live, f"/v1/seats/{seat}/history", block=second, limit=1)
    assert first_page["owners"] == whole["owners"][:1]
    rest = told(live, f"/v1/seats/{seat}/history", block=second, after=first_page["next"])
    assert (rest["owners"], rest["sales"], rest["next"]) == (
        whole["owners"][1:2],
        whole["sales"][:1],
        None,
    )


def test_a_blocks_hash_and_condition_are_given_where_the_block_is_kept(live: Live) -> None:
    seat, minted_in = sold_twice(live)
    idle(live, 80)
    head = live.mirror()
    for block in (minted_in, head):
        found = told(live, f"/v1/seats/{seat}", block=block)
        node = live.market.web3.eth.get_block(block)
        assert found["block_hash"] == f"0x{bytes(node['hash']).hex()}"
        value = live.market.contract.refund_of(seat, block)
        assert found["condition"]["refund_wei"] == str(value.refund)
    # Final, and nothing of the market is in it: neither its hash nor its second is kept.
    empty = told(live, f"/v1/seats/{seat}", block=minted_in + 1)
    assert (empty["block_hash"], empty["condition"]) == (None, None)
    assert empty["owner"] == live.market.contract.owner_of(seat, minted_in + 1)
    for path in ("/v1/drops/1/seats", f"/v1/seats/{seat}/history"):
        assert told(live, path, block=minted_in + 1)["block_hash"] is None


def test_a_block_above_the_mirrors_head_is_no_denial(live: Live) -> None:
    seat = live.mint(SESSION, "ada")
    head = live.mirror()
    for path in (f"/v1/seats/{seat}", f"/v1/seats/{seat}/history", "/v1/drops/1/seats"):
        for block in (head + 1, 2**53 - 1):
            behind = asked(live, path, block=block)
            assert (behind.status_code, code_of(behind)) == (503, "mirror_behind")
            assert int(behind.headers["retry-after"]) > 0
            told_behind = behind.json()
            assert told_behind["title"] == "Our copy of the chain is behind"
            assert told_behind["detail"] == (
                "Not known yet (mirror_behind). "
                f"Ask again when our copy of the chain has reached block {block}."
            )
            decision = told_behind["decision"]
            assert (decision["reason"], decision["as_of_block"]) == ("mirror_behind", head)
            assert decision["remedy"]["block"] == block
        assert asked(live, path, block=head).status_code == 200
    live.market.steering.travel(live.market.now + 12)
    live.mirror()
    assert asked(live, f"/v1/seats/{seat}", block=head + 1).status_code == 200


def test_what_was_not_there_at_a_block_is_said_to_be_missing_there(live: Live) -> None:
    before = live.market.web3.eth.block_number
    seat = live.mint(SESSION, "ada")
    live.mint(COHORT, "ada")
    live.mirror()
    with pytest.raises(SeatTokenUnknown):
        live.market.contract.owner_of(seat, before)
    for rest in ("", "/history"):
        missing = asked(live, f"/v1/seats/{seat}{rest}", block=before)
        assert code_of(missing) == "not_found"
        assert f"no such seat at block {before}" in missing.json()["detail"]
    no_drop = asked(live, "/v1/drops/1/seats", block=0)
    assert code_of(no_drop) == "not_found"
    assert "no such drop at block 0" in no_drop.json()["detail"]


def test_a_level_and_a_block_are_not_asked_for_together(live: Live) -> None:
    seat = live.mint(SESSION, "ada")
    live.mirror()
    for path in (f"/v1/seats/{seat}", f"/v1/seats/{seat}/history", "/v1/drops/1/seats"):
        both = asked(live, path, level="latest", block=1)
        assert (both.status_code, code_of(both)) == (422, "invalid_request")
        assert both.json()["errors"][0]["at"] == "/query/block"
        for wrong in ("-1", "01", "x", str(2**53), ""):
            assert code_of(asked(live, path, block=wrong)) == "invalid_request", wrong
