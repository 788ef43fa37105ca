"""How values of the domain are written in JSON.

Owns the spelling: uint256 as decimal strings (a JSON number is a float to half of its readers),
accounts with their ERC-55 checksum, hashes in lower-case hex, moments in RFC 3339 and UTC, and how
Unix seconds become such. Refuses every other spelling on the way in. `WireModel` is what bodies
derive from: an unknown field is refused, so that nothing is set that was not meant to be.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated, Final

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
)
from pydantic.json_schema import WithJsonSchema

from marketplace.bindings.addresses import InvalidAddress, parse_address
from marketplace.domain.addresses import ChecksumAddress
from marketplace.domain.ids import MAX_UINT256

_DECIMAL: Final = re.compile(r"0|[1-9][0-9]{0,77}")
_SECOND_PATTERN: Final = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.0{1,6})?Z"
_WHOLE_SECOND: Final = re.compile(_SECOND_PATTERN)
_LAST_SECOND: Final = 253_402_300_799
"""The end of the year 9999, where RFC 3339 ends."""


def moment(second: int) -> datetime:
    """A Unix second as a moment; one beyond the calendar's end is its end."""
    return datetime.fromtimestamp(min(second, _LAST_SECOND), UTC)


class WireModel(BaseModel):
    """A JSON object of this API: frozen, and nothing but its fields."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, use_attribute_docstrings=True
    )


def _uint256(value: object) -> int:
    # An answer is built from ints; a request can only hold text here.
    if isinstance(value, int) and not isinstance(value, bool):
        number = value
    elif isinstance(value, str) and _DECIMAL.fullmatch(value):
        number = int(value)
    else:
        raise ValueError("write a whole number from 0 to 2^256 - 1 as a string of decimal digits")
    if not 0 <= number <= MAX_UINT256:
        raise ValueError("it lies outside 0 to 2^256 - 1")
    return number


def _uint256_text(value: object) -> int:
    if not isinstance(value, str):
        raise ValueError("write it as a string of decimal digits, not as a number")  # noqa: TRY004 - pydantic turns only ValueError into a fault of the field
    return _uint256(value)


def _account(value: str) -> ChecksumAddress:
    try:
        return parse_address(value)
    except InvalidAddress as error:
        raise ValueError(error.sentence) from error


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _second(value: object) -> int:
    if not isinstance(value, str) or not _WHOLE_SECOND.fullmatch(value):
        raise ValueError("write a whole second in UTC, as in 2027-03-01T18:00:00Z")
    return int(datetime.fromisoformat(value).timestamp())


_UINT256_SCHEMA: Final = WithJsonSchema({"type": "string", "pattern": "^(0|[1-9][0-9]{0,77})$"})

Uint256In = Annotated[int, BeforeValidator(_uint256_text), _UINT256_SCHEMA]
"""A uint256 in a request."""

Uint256Out = Annotated[
    int, BeforeValidator(_uint256), PlainSerializer(str, return_type=str), _UINT256_SCHEMA
]
"""A uint256 in an answer."""

Account = Annotated[
    ChecksumAddress,
    AfterValidator(_account),
    WithJsonSchema({"type": "string", "pattern": "^0x[0-9a-fA-F]{40}$"}),
]
"""An account; a checksum in the wrong case is refused."""

Moment = Annotated[
    datetime,
    PlainSerializer(_moment, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
"""A moment, to the millisecond, in UTC."""

SecondIn = Annotated[
    int,
    BeforeValidator(_second),
    WithJsonSchema({"type": "string", "format": "date-time", "pattern": f"^{_SECOND_PATTERN}$"}),
]
"""A moment in a request, as a Unix second: chains count whole ones."""

Bytes32In = Annotated[str, Field(pattern="^0x[0-9a-f]{64}$")]
"""32 bytes in a request."""
