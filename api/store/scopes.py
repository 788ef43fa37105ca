"""The column type for what an API key may be used for.

It owns the text that a set of scopes is kept as. It refuses to know which scopes exist: an unknown
one in an old row must be readable, so that it can be denied with a reason.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Text
from sqlalchemy.types import TypeDecorator, TypeEngine

from marketplace.storage.columns import TEXT
from marketplace.storage.errors import ValueRefusedError

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect

_SCOPE: Final = re.compile(r"[a-z][a-z0-9:_.-]{0,63}")


class Scopes(TypeDecorator[frozenset[str]]):
    """A set of scope names; kept sorted and separated by single spaces, as RFC 6749 writes them."""

    impl: TypeEngine[Any] | type[TypeEngine[Any]] = Text
    cache_ok: bool | None = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Compare byte by byte, as every text of the stores does."""
        return dialect.type_descriptor(TEXT)

    def process_bind_param(
        self,
        value: object,
        dialect: Dialect,  # noqa: ARG002 - SQLAlchemy fixes the signature
    ) -> str | None:
        """Refuse what is not a set of scope names: a bare string would be a set of letters."""
        if value is None:
            return None
        if not isinstance(value, frozenset):
            raise ValueRefusedError("Scopes", f"it is a {type(value).__name__}, not a frozenset")
        for scope in value:
            if not isinstance(scope, str) or not _SCOPE.fullmatch(scope):
                raise ValueRefusedError("Scopes", f"{scope!r} is not the name of a scope")
        return " ".join(sorted(value))

    def process_result_value(
        self,
        value: str | None,
        dialect: Dialect,  # noqa: ARG002 - SQLAlchemy fixes the signature
    ) -> frozenset[str] | None:
        """Return the names."""
        return None if value is None else frozenset(value.split())
