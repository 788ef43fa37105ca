"""Which mirror: the chain and the contract set that a database's rows belong to.

Owns the name of a mirror and the hash of what it was built from. Refuses addresses of nodes and
databases: the same mirror may be read from anywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from eth_utils.crypto import keccak

from marketplace.bindings.interface import interface_of
from marketplace.bindings.logs import ARTIFACT
from marketplace.storage.canonical import encode

if TYPE_CHECKING:
    from marketplace.domain.addresses import ChecksumAddress

DEFAULT_SET: Final = "seats"


@dataclass(frozen=True, slots=True)
class MirrorId:
    """The rows of one checkpoint: a chain's id and the name of what is mirrored together."""

    chain_id: int
    contract_set: str = DEFAULT_SET

    @property
    def columns(self) -> dict[str, int | str]:
        """The values that every row of this mirror begins with."""
        return {"chain_id": self.chain_id, "contract_set": self.contract_set}


@dataclass(frozen=True, slots=True)
class Contracts:
    """What is mirrored: addresses, and the first block that may hold one of their logs."""

    addresses: tuple[ChecksumAddress, ...]
    start_block: int

    @property
    def config_hash(self) -> str:
        """A mirror of other contracts, another start or other events has another hash."""
        entries = interface_of(ARTIFACT).events.values()
        text = encode(
            {
                "addresses": sorted(self.addresses),
                "start_block": self.start_block,
                "events": sorted(entry.digest.hex() for entry in entries),
            }
        )
        return f"0x{keccak(text=text).hex()}"
