"""Owns the reading of JSON text that strangers send.

Refuses deep nesting (beyond 200 levels). Python's own decoder trusts the recursion limit, which
py-evm raises so far that nested brackets would end the process.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pydantic import TypeAdapter, ValidationError

if TYPE_CHECKING:
    from marketplace.devnet.quantities import Json

_ANYTHING: Final = TypeAdapter[Any](Any)


def read_json(text: bytes | str) -> Json:
    """Decode JSON text.

    Raises:
        ValueError: With the reason and the place, if it is not JSON.
    """
    try:
        decoded: Json = _ANYTHING.validate_json(text)
    except ValidationError as error:
        raise ValueError(error.errors()[0]["msg"]) from None
    return decoded
