"""Receipts over a live chain: given by the API, checked by the command long after."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from api.access.receipts import receipt_signer
from api.app import create_app
from api.programme.programmes import programme_of
from marketplace.chain.keys import KeyUnusable, signer_of_key
from marketplace.client import SeatmarketClient
from marketplace.client.access import Check
from marketplace.domain.ids import DropId
from marketplace.receipts.transport import receipt_from_json
from tests.integration.api.live import SESSION, wallet
from tests.integration.api.world import InProcess, browser, code_of, settings_for
from tests.integration.marketplace.world import address_of
from tests.unit.marketplace.receipts.examples import SIGNER, STRANGER

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.api.live import Live, LiveChain
    from tests.seats_command import Said, SeatsCommand

ROOM: dict[str, str | int] = {"action": "enter_session", "drop": SESSION, "session": 1}


@pytest.fixture
def door(live: Live) -> Live:
    """The room is open, ada has a seat of it, and the API has a key to sign with."""
    live.publish()
    live.mint(SESSION, "ada")
    live.mirror()
    session = programme_of(live.parts, SESSION).session(1)
    assert session is not None
    live.market.steering.travel(session.starts_at)
    live.mirror()
    live.parts = replace(live.parts, receipts=SIGNER)
    return live


def receipt(live: Live, name: str, **asked: str | int) -> dict[str, Any]:
    answer = live.client(name).get("/v1/access/receipt", params=asked or ROOM)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


@pytest.fixture
def verify(seats: SeatsCommand, launched_chain: LiveChain, tmp_path: Path) -> Any:  # noqa: ANN401 - a function of this module
    def verified(
        document: dict[str, Any], signer: str = SIGNER.address, contract: str | None = None
    ) -> Said:
        file = tmp_path / "receipt.json"
        file.write_text(json.dumps(document), "utf-8")
        registry = launched_chain.registry.address
        meant = contract or launched_chain.market.contract.address
        return seats(
            *("verify-receipt", file, "--signer", signer, "--rpc", launched_chain.url),
            *("--contract", meant, "--registry", registry),
        )

    return verified


def test_a_receipt_says_what_the_check_says_and_who_answers_for_it(door: Live) -> None:
    told = receipt(door, "ada")
    checked = door.client("ada").get("/v1/access/check", params=ROOM).json()
    assert told["decision"] == checked
    assert told["signer"] == SIGNER.address
    signed = receipt_from_json(json.dumps(told["receipt"]))
    assert signed.receipt.allow
    assert str(signed.receipt.seat) == checked["seat"]


def test_it_holds_after_the_seat_was_sold_and_other_blocks_came(
    door: Live,
    verify: Any,  # noqa: ANN401 - the fixture's function
) -> None:
    told = receipt(door, "ada")["receipt"]
    door.resell(receipt_from_json(json.dumps(told)).receipt.seat, "ada", "bo")
    door.mirror()

    said = verify(told)

    assert said.exit == 0, said.err
    assert "yes (admitted as seat by seat 1000001)" in said.out
    assert said.out.count(" holds ") == 6
    after = verify(receipt(door, "ada")["receipt"])
    assert after.exit == 0, after.err
    assert "no (no_seat)" in after.out


def test_it_says_of_which_market_it_is_and_holds_for_that_one_alone(
    door: Live,
    verify: Any,  # noqa: ANN401 - the fixture's function
) -> None:
    told, own = receipt(door, "ada")["receipt"], door.market.contract.address
    assert f"of the market {own} on chain 31337\n" in verify(told).out

    said = verify(told, contract=STRANGER.address)

    assert said.exit == 3
    assert f"It is of the market {own}, and says nothing about {STRANGER.address}." in " ".join(
        said.err.split()
    )


def test_mentor_verifier_and_delegate_can_prove_it(
    door: Live,
    verify: Any,  # noqa: ANN401 - the fixture's function
) -> None:
    seat = receipt_from_json(json.dumps(receipt(door, "ada")["receipt"])).receipt.seat
    door.delegate(seat, "ada", "cleo")
    door.mirror()
    for name, via in (("mentor", "mentor"), ("verifier", "verifier"), ("cleo", "delegate")):
        told = receipt(door, name)["receipt"]
        assert told["via"] == via
        said = verify(told)
        assert said.exit == 0, said.err


def test_of_a_co_host_it_is_said_that_only_the_signer_knows(
    door: Live,
    verify: Any,  # noqa: ANN401 - the fixture's function
) -> None:
    path = f"/v1/drops/{SESSION}/co-hosts/{address_of('bo')}"
    assert door.client("mentor").put(path).status_code == 200
    told = receipt(door, "bo")["receipt"]
    assert (told["via"], told["seat"]) == ("co_host", None)
    # What was signed stays what was so, also when it is not so any more.
    assert door.client("mentor").delete(path).status_code == 204
    assert receipt(door, "bo")["receipt"]["allow"] is False
    said = verify(told)
    assert said.exit == 0, said.err
    assert said.out.count(" holds ") == 5
    assert "signed, not provable" in " ".join(said.out.split())
    # A signature that stands for it does not make a mentor their own co-host.
    assert verify(told | {"account": address_of("mentor")}).exit == 3


def test_an_altered_receipt_and_anothers_signature_do_not_hold(
    door: Live,
    verify: Any,  # noqa: ANN401 - the fixture's function
) -> None:
    told = receipt(door, "bo")["receipt"]
    assert told["allow"] is False
    said = verify(told | {"allow": True, "reason": "admitted", "via": "mentor"})
    assert said.exit == 3
    assert "does not hold" in said.err
    assert verify(told, STRANGER.address).exit == 3
    assert verify(told | {"note": "x"}).exit == 2


def test_a_reorganisation_takes_the_block_and_the_receipt(
    door: Live,
    verify: Any,  # noqa: ANN401 - the fixture's function
) -> None:
    seat = receipt_from_json(json.dumps(receipt(door, "ada")["receipt"])).receipt.seat
    door.delegate(seat, "ada", "cleo")
    door.mirror()
    told = receipt(door, "ada")["receipt"]
    door.reorganise(1, 2)

    said = verify(told)

    assert said.exit == 3
    assert "a reorganisation took that block away" in " ".join(said.out.split())


def test_nothing_is_signed_that_is_not_known_and_nothing_without_a_key(door: Live) -> None:
    head = door.market.web3.eth.block_number
    client = door.client("ada")
    behind = client.get("/v1/access/receipt", params=ROOM | {"min_block": head + 1})
    assert (behind.status_code, code_of(behind)) == (503, "mirror_behind")
    keyless = browser(replace(door.parts, receipts=None))
    off = keyless.get("/v1/access/receipt", params=ROOM)
    assert (off.status_code, code_of(off)) == (503, "receipts_off")


def test_a_key_that_is_none_is_refused_without_being_shown(door: Live) -> None:
    for text in ("secret", "0x" + "00" * 32, "ab" * 31):
        settings = settings_for(door.parts.store, receipt_key=text)
        with pytest.raises(KeyUnusable) as refused:
            receipt_signer(settings)
        assert text not in str(refused.value)
    signer = receipt_signer(settings_for(door.parts.store, receipt_key="0x" + "00" * 31 + "07"))
    assert signer is not None
    assert signer.address == SIGNER.address


def test_the_client_asks_many_at_once_and_keeps_receipts(door: Live, verify: Any) -> None:  # noqa: ANN401 - the fixture's function
    clerk = InProcess(create_app(door.parts))
    with SeatmarketClient(door.parts.origin.url, transport=clerk) as client:
        client.sign_in(signer_of_key(bytes(wallet("ada").signer.key)))
        room = Check("enter_session", SESSION, session=1)
        told = client.check_many([room, Check("see_resale", DropId(999))])
        assert told[0].decision is not None
        assert told[0].decision.allow
        assert (told[1].decision, told[1].problem) == (None, "not_found")
        kept = client.receipt(room)
        assert kept.signed.receipt.account == address_of("ada")
        assert verify(json.loads(kept.document)).exit == 0


def test_the_client_makes_and_ends_keys(door: Live) -> None:
    with SeatmarketClient(
        door.parts.origin.url, transport=InProcess(create_app(door.parts))
    ) as client:
        client.sign_in(signer_of_key(bytes(wallet("mentor").signer.key)))
        made = client.make_api_key("Door", ["access:check"], drops=[SESSION])
        assert made.key not in repr(made)
        assert [one.id for one in client.my_api_keys().keys] == [made.id]
        client.end_api_key(made.id)
        assert client.my_api_keys().keys == ()
