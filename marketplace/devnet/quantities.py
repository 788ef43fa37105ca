"""Owns the two encodings of Ethereum's JSON-RPC: quantities (`0x1f`) and data (`0x00ff`).

Refuses to guess: a value of the wrong kind or length is `InvalidParams` with the argument's name,
and JSON numbers are not accepted in place of quantities because they lose digits beyond 2**53.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, TypeAlias

from eth_typing import Address, Hash32

from marketplace.devnet.errors import InvalidParams

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Json: TypeAlias = "str | int | float | bool | Sequence[Json] | Mapping[str, Json] | None"
"""What a method takes and answers; exact types stop at this edge."""

_HEX_DATA: Final = re.compile(r"0x(?:[0-9a-fA-F]{2})*")
_HEX_QUANTITY: Final = re.compile(r"0x[0-9a-fA-F]{1,64}")
_DECIMAL: Final = re.compile(r"[0-9]{1,78}")
_ADDRESS_BYTES: Final = 20
_WORD_BYTES: Final = 32
_WORD_VALUES: Final = 2**256


def quantity(number: int) -> str:
    """Encode a non-negative integer with no leading zeros."""
    return hex(number)


def data(octets: bytes) -> str:
    """Encode bytes as they are."""
    return "0x" + octets.hex()


def word(number: int) -> str:
    """Encode a uint256 as 32 bytes of data."""
    return "0x" + number.to_bytes(_WORD_BYTES, "big").hex()


def access_list(entries: Iterable[tuple[bytes, Iterable[int]]]) -> Sequence[Json]:
    """Encode an EIP-2930 access list."""
    return [
        {"address": data(address), "storageKeys": [word(slot) for slot in slots]}
        for address, slots in entries
    ]


def read_quantity(value: Json, name: str) -> int:
    """Decode a quantity; leading zeros are tolerated because some wallets write them."""
    if not isinstance(value, str) or not _HEX_QUANTITY.fullmatch(value):
        raise InvalidParams(f"{name} must be a hex quantity such as 0x1f, not {value!r}.")
    return int(value, 16)


def read_count(value: Json, name: str) -> int:
    """Decode a small number given as a quantity, a JSON number or decimal digits.

    Only the methods that steer a development chain take this: their callers are tests, and the
    clients they use disagree about the encoding.
    """
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _WORD_VALUES:
        return value
    if isinstance(value, str) and _DECIMAL.fullmatch(value) and int(value) < _WORD_VALUES:
        return int(value)
    return read_quantity(value, name)


def read_data(value: Json, name: str) -> bytes:
    """Decode bytes of any length."""
    if not isinstance(value, str) or not _HEX_DATA.fullmatch(value):
        raise InvalidParams(f"{name} must be 0x-prefixed hex with whole bytes.")
    return bytes.fromhex(value[2:])


def read_address(value: Json, name: str) -> Address:
    """Decode 20 bytes; a checksum is not demanded."""
    octets = read_data(value, name)
    if len(octets) != _ADDRESS_BYTES:
        raise InvalidParams(f"{name} must be an address of 20 bytes, not {len(octets)}.")
    return Address(octets)


def read_hash(value: Json, name: str) -> Hash32:
    """Decode exactly 32 bytes."""
    octets = read_data(value, name)
    if len(octets) != _WORD_BYTES:
        raise InvalidParams(f"{name} must be 32 bytes, not {len(octets)}.")
    return Hash32(octets)


def read_slot(value: Json, name: str) -> int:
    """Decode a storage position, as a quantity or as up to 32 bytes of data."""
    if not isinstance(value, str) or not _HEX_QUANTITY.fullmatch(value):
        raise InvalidParams(f"{name} must be a storage position in hex, not {value!r}.")
    return int(value, 16)


def read_object(value: Json, name: str) -> Mapping[str, Json]:
    """Expect a JSON object."""
    if not isinstance(value, dict):
        raise InvalidParams(f"{name} must be an object, not {type(value).__name__}.")
    return value


def read_list(value: Json, name: str) -> Sequence[Json]:
    """Expect a JSON array."""
    if not isinstance(value, list):
        raise InvalidParams(f"{name} must be an array, not {type(value).__name__}.")
    return value
