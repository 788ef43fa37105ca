"""The seat as a token.

Refuses anything but the fields of these events.
"""

# Annotations are evaluated: decoding reads them.

from dataclasses import dataclass

from marketplace.domain.addresses import ChecksumAddress
from marketplace.domain.ids import SeatId


@dataclass(frozen=True, slots=True)
class Transfer:
    """ERC-721: a seat was minted (`from_` nobody), burned (`to` nobody) or moved."""

    from_: ChecksumAddress
    to: ChecksumAddress
    id: SeatId


@dataclass(frozen=True, slots=True)
class Approval:
    """ERC-721: `account` may move a seat."""

    owner: ChecksumAddress
    account: ChecksumAddress
    id: SeatId


@dataclass(frozen=True, slots=True)
class ApprovalForAll:
    """ERC-721: `operator` may, or no longer may, move all seats of `owner`."""

    owner: ChecksumAddress
    operator: ChecksumAddress
    is_approved: bool


@dataclass(frozen=True, slots=True)
class Locked:
    """ERC-5192: a seat will not move again."""

    token_id: SeatId


@dataclass(frozen=True, slots=True)
class MetadataUpdate:
    """ERC-4906: the metadata of a seat changed."""

    token_id: SeatId


@dataclass(frozen=True, slots=True)
class BatchMetadataUpdate:
    """ERC-4906: the metadata of all these seats changed."""

    from_token_id: SeatId
    to_token_id: SeatId
