"""How an error of the ABI becomes a Python class.

Owns the decorator and the register that decoding looks into. Refuses two classes for one error.
"""

# No class is listed anywhere else: what is not declared here does not exist for the decoder.

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final, TypeVar, dataclass_transform

from marketplace.bindings.names import snake_name
from marketplace.domain.errors import ContractReverted, typed_error

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_R = TypeVar("_R", bound="DeclaredRevert")


class DeclaredRevert(ContractReverted):
    """A custom error of the ABI; `solidity` is its name there, `code` that name in snake case."""

    solidity: ClassVar[str]


_DECLARED: Final[dict[str, type[DeclaredRevert]]] = {}


@dataclass_transform(frozen_default=True, eq_default=True)
def revert(solidity: str) -> Callable[[type[_R]], type[_R]]:
    """Declare the class of one Solidity error; its fields are the error's, in order."""

    def declare(cls: type[_R]) -> type[_R]:
        if solidity in _DECLARED:
            raise ValueError(f"{solidity} has a class already.")
        cls.solidity = solidity
        cls.code = snake_name(solidity)
        typed = typed_error(cls)
        _DECLARED[solidity] = typed
        return typed

    return declare


def declared_reverts() -> Mapping[str, type[DeclaredRevert]]:
    """Every declared class, by the name of its Solidity error."""
    return dict(_DECLARED)
