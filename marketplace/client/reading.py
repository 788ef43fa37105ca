"""How an answer's body becomes its dataclass, or an error that says where it does not fit.

Owns that one step. Refuses to know what was asked beyond its name, and bytes that are not JSON.
"""

from __future__ import annotations

from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from marketplace.client.errors import AnswerUnexpected

_T = TypeVar("_T")


def read(kind: type[_T], body: bytes, asked: str) -> _T:
    """Read an answer's JSON.

    Args:
        kind: An answer's dataclass.
        body: As it was received.
        asked: Method and path, for the message.

    Raises:
        AnswerUnexpected: If it does not fit.
    """
    try:
        return TypeAdapter(kind).validate_json(body)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = "/".join(str(step) for step in first["loc"])
        raise AnswerUnexpected(
            asked, f"{where}: {first['msg']}" if where else first["msg"]
        ) from error
