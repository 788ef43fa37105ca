"""How values of the domain are read from the API's JSON.

Owns the spelling on the way in, as `api.wire` owns it on the way out. Refuses numbers where digits
in a string are due, moments without a zone, and accounts with a wrong checksum. Members that this
version does not know are let pass: the API may grow.
"""

from __future__ import annotations

import re
from typing import Annotated, Final, NewType

from eth_utils.crypto import keccak
from pydantic import (
    AfterValidator,
    ConfigDict,
    PlainValidator,
    StringConstraints,
)

from marketplace.bindings.addresses import InvalidAddress, parse_address
from marketplace.domain.addresses import ChecksumAddress
from marketplace.domain.ids import MAX_UINT256, SeatId
from marketplace.domain.money import Wei

_DECIMAL: Final = re.compile(r"0|[1-9][0-9]{0,77}")

ANSWER: Final = ConfigDict(strict=True, extra="ignore", populate_by_name=True)
"""How every answer's dataclass is read."""

Hash = NewType("Hash", str)
"""32 bytes as `0x` and 64 hex digits in lower case."""


def _decimal(value: object) -> int:
    if isinstance(value, str) and _DECIMAL.fullmatch(value) and int(value) <= MAX_UINT256:
        return int(value)
    raise ValueError("it is no uint256 in decimal digits")


def _wei(value: object) -> Wei:
    return Wei(_decimal(value))


def _seat(value: object) -> SeatId:
    return SeatId(_decimal(value))


def _account(value: str) -> ChecksumAddress:
    try:
        account = parse_address(value)
    except InvalidAddress as error:
        raise ValueError(error.sentence) from error
    if account != value:
        raise ValueError(f"{value} is without its checksum")
    return account


Uint256 = Annotated[int, PlainValidator(_decimal)]
"""A uint256 that is no amount."""

WeiText = Annotated[Wei, PlainValidator(_wei)]
"""An amount in wei."""

SeatText = Annotated[SeatId, PlainValidator(_seat)]
"""A seat's id."""

Account = Annotated[ChecksumAddress, AfterValidator(_account)]
"""An account."""

HashText = Annotated[Hash, StringConstraints(pattern="^0x[0-9a-f]{64}$")]
"""A hash."""


def hash_of(octets: bytes) -> Hash:
    """The keccak256 of some bytes, as answers write it."""
    return Hash(f"0x{keccak(octets).hex()}")
