"""Which mirror: the chain and the contract set that a database's rows belong to.

Owns the name of a mirror, the contracts that are mirrored together, and the hash of what it was
begun with. Refuses addresses of nodes and databases: the same mirror may be read from anywhere.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum, unique
from typing import TYPE_CHECKING, Final

from eth_utils.crypto import keccak

from marketplace.bindings.interface import interface_of
from marketplace.bindings.logs import ARTIFACT
from marketplace.storage.canonical import encode

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

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


@unique
class Kind(StrEnum):
    """What a mirrored contract is; a mirror has at most one of each.

    Events of one kind are folded into tables that no other kind touches, so that the history of one
    can be read after that of the others.
    """

    SEATS = "seats"
    DELEGATIONS = "delegations"


@dataclass(frozen=True, slots=True)
class Contract:
    """A contract that a mirror was given besides the one it was begun with."""

    kind: Kind
    address: ChecksumAddress
    start_block: int


@dataclass(frozen=True, slots=True)
class Contracts:
    """What is mirrored: addresses, and the first block that may hold one of their logs.

    Attributes:
        addresses: What the mirror was begun with; of a pass, what it asks for.
        start_block: Of what the mirror was begun with.
        added: Contracts that may come and be filled in later.
    """

    addresses: tuple[ChecksumAddress, ...]
    start_block: int
    added: tuple[Contract, ...] = ()

    @property
    def config_hash(self) -> str:
        """A mirror of other contracts, another start or other events has another hash.

        What may be added later is no part of it.
        """
        entries = interface_of(ARTIFACT).events.values()
        text = encode(
            {
                "addresses": sorted(self.addresses),
                "start_block": self.start_block,
                "events": sorted(entry.digest.hex() for entry in entries),
            }
        )
        return f"0x{keccak(text=text).hex()}"

    @property
    def kinds(self) -> Mapping[ChecksumAddress, Kind]:
        """What each address is that was added; all others are seats'."""
        return {one.address: one.kind for one in self.added}

    def following(self, joined: Collection[Kind]) -> Contracts:
        """What a pass asks for when these added contracts are followed with the first one."""
        with_them = [one for one in self.added if one.kind in joined]
        addresses = (*self.addresses, *(one.address for one in with_them))
        return replace(self, addresses=addresses)

    @property
    def first_block(self) -> int:
        """The first block of which a log of any of `addresses` counts."""
        return min(map(self.begins, self.addresses))

    def begins(self, address: ChecksumAddress) -> int:
        """The first block of which a contract's logs count."""
        own = {one.address: one.start_block for one in self.added}
        return own.get(address, self.start_block)
