"""How tests ask for actions, and sign and send what comes back.

Refuses assertions about what an action does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from eth_account.messages import encode_typed_data

from marketplace.bindings.transactions import PreparedTransaction
from marketplace.domain.addresses import ChecksumAddress
from tests.integration.api.live import wallet
from tests.integration.api.trading import members, send
from tests.integration.marketplace.world import address_of

_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
"""Of the curve's group."""

if TYPE_CHECKING:
    import httpx

    from marketplace.bindings.transactions import Mined
    from tests.integration.api.live import Live
    from tests.integration.api.trading import Members


def ask(live: Live, name: str, action: str, **order: object) -> httpx.Response:
    """Ask for an action of a named account."""
    body = {"account": address_of(name)} | order
    return live.api.post(f"/v1/tx/{action}", json=body)


def prepared(live: Live, name: str, action: str, **order: object) -> Members:
    """The answer to an action that must be possible."""
    return members(ask(live, name, action, **order))


def done(live: Live, name: str, action: str, **order: object) -> Members:
    """Prepare an action, sign it and send it; what was prepared."""
    found = prepared(live, name, action, **order)
    send(live, name, found)
    return found


def approve(live: Live, name: str, problem: Members) -> Mined:
    """Send the approval that a problem asks for."""
    wanted = problem["approval"]
    assert wanted["from"] == address_of(name)
    data = bytes.fromhex(wanted["data"][2:])
    to, summary = ChecksumAddress(wanted["to"]), wanted["summary"]
    return live.market.send(name, PreparedTransaction(to=to, data=data, summary=summary))


def signature_of(name: str, typed_data: Members) -> str:
    """A named account's signature over typed data."""
    message = encode_typed_data(full_message=typed_data)
    return f"0x{bytes(wallet(name).signer.sign_message(message).signature).hex()}"


def other_spelling(signature: str) -> str:
    """The other half of a key's signature: as good to the curve, with the higher s."""
    good = bytes.fromhex(signature[2:])
    mirrored = (_ORDER - int.from_bytes(good[32:64])).to_bytes(32)
    return f"0x{(good[:32] + mirrored + bytes([55 - good[64]])).hex()}"
