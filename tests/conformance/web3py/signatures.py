"""Signatures made by eth-account, recovered inside the probe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eth_account.messages import encode_defunct
from eth_utils.crypto import keccak

from tests.conformance.web3py.registry import implements

if TYPE_CHECKING:
    from tests.conformance.web3py.world import Web3World

NOTE_TYPES = {
    "Note": [
        {"name": "author", "type": "address"},
        {"name": "amount", "type": "uint256"},
        {"name": "text", "type": "string"},
    ]
}


@implements
def typed_data_signature_recovers_on_chain(world: Web3World) -> None:
    alice = world.alice
    message = {"author": alice.address, "amount": 2**255, "text": "a seat for Zoë"}
    chain_id = world.ground.chain.profile.chain_id
    assert recovered(world, message, chain_id) == alice.address
    assert recovered(world, message, 1) != alice.address


def recovered(world: Web3World, message: dict[str, object], chain_id: int) -> str:
    """Whom the probe recovers from a note that alice signed for this chain id."""
    domain = {
        "name": "Probe",
        "version": "1",
        "chainId": chain_id,
        "verifyingContract": world.probe.address,
    }
    signed = world.alice.sign_typed_data(domain, NOTE_TYPES, message)
    note = tuple(message.values())
    signer: str = world.probe.functions.signerOfNote(note, signed.signature).call()
    return signer


@implements
def message_signature_recovers_on_chain(world: Web3World) -> None:
    raw = keccak(text="let me in")
    signature = world.alice.sign_message(encode_defunct(raw)).signature
    signer = world.probe.functions.signerOfMessage(raw, signature).call()
    assert signer == world.alice.address
