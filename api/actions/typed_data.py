"""Messages that wallets sign, as `eth_signTypedData_v4` takes them.

Owns the JSON of typed data (EIP-712). Refuses to know any message: `marketplace.orders` does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from pydantic import Field

from api.wire import Account, WireModel
from marketplace.domain.addresses import ChecksumAddress
from marketplace.orders.transport import MAX_SIGNATURE_BYTES

if TYPE_CHECKING:
    from marketplace.chain.keys import TypedData

SIGNATURE_HEX = f"^0x(?:[0-9a-fA-F]{{2}}){{0,{MAX_SIGNATURE_BYTES}}}$"
"""A signature in a request; a contract wallet's may be long."""


class TypedMember(WireModel):
    """A member of a struct, as EIP-712 names it."""

    name: str
    """What the member is called."""

    type: str
    """Its Solidity type, as `uint256`."""


class TypedDomain(WireModel):
    """The domain that a signature is bound to."""

    name: str
    """What the contract calls its domain."""

    version: str
    """Which version of the domain it is."""

    chain_id: int = Field(serialization_alias="chainId")
    """EIP-155 id of the chain that the signature counts on."""

    verifying_contract: Account = Field(serialization_alias="verifyingContract")
    """Address of the contract that checks the signature."""


class TypedDataAnswer(WireModel):
    """What `eth_signTypedData_v4` takes as it is; uint256 are strings of decimal digits."""

    types: dict[str, list[TypedMember]]
    """Each struct by its name, with its members in their order."""

    primary_type: str = Field(serialization_alias="primaryType")
    """Name of the struct that is signed."""

    domain: TypedDomain
    """Chain and contract that the signature counts for."""

    message: dict[str, str]
    """Values of the struct's members by name, as text."""

    @classmethod
    def of(cls, typed: TypedData, primary_type: str) -> Self:
        """Write a message for wallets."""
        domain = typed.domain
        members = {
            "EIP712Domain": [
                TypedMember(name="name", type="string"),
                TypedMember(name="version", type="string"),
                TypedMember(name="chainId", type="uint256"),
                TypedMember(name="verifyingContract", type="address"),
            ],
            **{
                name: [TypedMember(name=one, type=kind) for one, kind in listed]
                for name, listed in typed.types.items()
            },
        }
        return cls(
            types=members,
            primary_type=primary_type,
            domain=TypedDomain(
                name=str(domain["name"]),
                version=str(domain["version"]),
                chain_id=int(domain["chainId"]),
                verifying_contract=ChecksumAddress(str(domain["verifyingContract"])),
            ),
            message={name: str(value) for name, value in typed.message.items()},
        )
