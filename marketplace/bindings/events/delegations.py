"""What accounts let others do for them: the events of delegate.xyz's registry, version 2.

Refuses anything but the fields of these events. They are of another contract than all the rest, so
they are in a union of their own.
"""

# Annotations are evaluated: decoding reads them.

from dataclasses import dataclass

from marketplace.domain.addresses import ChecksumAddress


@dataclass(frozen=True, slots=True)
class DelegateAll:
    """`to` may act for `from_` everywhere, or no longer; `rights` zero: all of them."""

    from_: ChecksumAddress
    to: ChecksumAddress
    rights: bytes
    enable: bool


@dataclass(frozen=True, slots=True)
class DelegateContract:
    """`to` may act for `from_` in one contract, or no longer."""

    from_: ChecksumAddress
    to: ChecksumAddress
    contract_: ChecksumAddress
    rights: bytes
    enable: bool


@dataclass(frozen=True, slots=True)
class DelegateERC721:
    """`to` may act for `from_` with one token, or no longer. Nobody was asked who owns it."""

    from_: ChecksumAddress
    to: ChecksumAddress
    contract_: ChecksumAddress
    token_id: int
    rights: bytes
    enable: bool


@dataclass(frozen=True, slots=True)
class DelegateERC20:
    """`to` may act for `from_` with an amount of a currency; 0: no longer."""

    from_: ChecksumAddress
    to: ChecksumAddress
    contract_: ChecksumAddress
    rights: bytes
    amount: int


@dataclass(frozen=True, slots=True)
class DelegateERC1155:
    """`to` may act for `from_` with an amount of a token; 0: no longer."""

    from_: ChecksumAddress
    to: ChecksumAddress
    contract_: ChecksumAddress
    token_id: int
    rights: bytes
    amount: int


DelegationEvent = DelegateAll | DelegateContract | DelegateERC721 | DelegateERC20 | DelegateERC1155
"""Any event of the registry."""
