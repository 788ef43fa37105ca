"""Whether what stands at an address is what this program was written for.

Owns the comparison of deployed code with the artifacts, immutables and a library's own address
masked. Refuses to trust a chain id or an address that was merely written down.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from eth_utils.crypto import keccak

from marketplace.bindings.addresses import wire_address
from marketplace.bindings.node import typed_failures
from marketplace.domain.errors import RuleViolated, typed_error

if TYPE_CHECKING:
    from web3 import Web3
    from web3.types import BlockIdentifier

    from marketplace.bindings.artifacts import Artifact
    from marketplace.domain.addresses import ChecksumAddress

_LIBRARY_START: Final = b"\x73" + bytes(20) + b"\x30\x14"
"""A library that may change state begins with its own address, which compiling cannot know."""


@typed_error
class WrongChain(RuleViolated):
    """The node serves another chain than was asked for."""

    code = "wrong_chain"

    expected: int
    found: int

    def _sentence(self) -> str:
        return (
            f"The node serves chain {self.found}, and chain {self.expected} was asked for: "
            "change the node's address or the chain id."
        )


@typed_error
class CodeMissing(RuleViolated):
    """Nothing is deployed at the address."""

    code = "code_missing"

    name: str
    address: ChecksumAddress
    chain_id: int

    def _sentence(self) -> str:
        return (
            f"There is no contract at {self.address} on chain {self.chain_id}, where {self.name} "
            "was expected: check the address, or deploy first."
        )


@typed_error
class CodeDiffers(RuleViolated):
    """Something else is deployed at the address, or another version; hashes of masked code."""

    code = "code_differs"

    name: str
    address: ChecksumAddress
    expected: bytes
    found: bytes

    def _sentence(self) -> str:
        return (
            f"The contract at {self.address} is not this version of {self.name} (its code hashes "
            f"to 0x{self.found.hex()[:16]}…, not 0x{self.expected.hex()[:16]}…): check the "
            "address, or use the version of the program that belongs to it."
        )


def require_chain(web3: Web3, chain_id: int) -> None:
    """Raise WrongChain unless the node serves this chain."""
    with typed_failures():
        found = web3.eth.chain_id
    if found != chain_id:
        raise WrongChain(chain_id, found)


def require_code(web3: Web3, artifact: Artifact, address: ChecksumAddress, chain_id: int) -> None:
    """Raise CodeMissing or CodeDiffers unless the artifact's code stands at the address."""
    code = code_at(web3, address)
    if not code:
        raise CodeMissing(artifact.name, address, chain_id)
    expected = code_hash(artifact, artifact.deployed_bytecode)
    found = code_hash(artifact, code)
    if found != expected:
        raise CodeDiffers(artifact.name, address, expected, found)


def code_at(web3: Web3, address: ChecksumAddress, block: BlockIdentifier = "latest") -> bytes:
    """The code that stands at an address after a block; empty where none does."""
    with typed_failures():
        return bytes(web3.eth.get_code(wire_address(address), block))


def code_hash(artifact: Artifact, code: bytes) -> bytes:
    """Hash runtime code as if it had just been compiled: what deployment fills in is zero."""
    masked = bytearray(code)
    ranges = list(artifact.immutable_ranges)
    if artifact.deployed_bytecode.startswith(_LIBRARY_START):
        ranges.append((1, 20))
    for start, length in ranges:
        # A range beyond the end would lengthen the code: other code stays other code.
        end = min(start + length, len(masked))
        masked[start:end] = bytes(max(end - start, 0))
    return keccak(bytes(masked))
