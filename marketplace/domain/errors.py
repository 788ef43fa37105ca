"""The one hierarchy of errors, sorted by what to do about them.

    SeatmarketError (code, retry_helps, typed fields, a sentence built from them)
    ├── RuleViolated         what was asked cannot be done, and nothing was: ask for something else
    ├── ContractReverted     the contract said no; one class for each of its errors, in
    │                        marketplace.bindings.reverts
    ├── ChainUnavailable     no answer, or not the one that was needed (a retry helps)
    ├── MirrorInconsistent   the mirror contradicts the chain or itself (stop; a retry does harm)
    ├── StorageError         a database, sorted further in marketplace.storage.errors
    ├── ApiUnavailable, …    the API as its client sees it, in marketplace.client.errors
    └── ArtifactError        a file of this installation, in marketplace.bindings.artifacts

Owns the roots. Every error has a stable `code` for tables of problems and of exit codes, and its
fields; the sentence says what happened and what to do. Refuses HTTP, exit codes and any other way
of telling: edges map codes. An expected denial is a value, not an error.
"""

from __future__ import annotations

from dataclasses import FrozenInstanceError, dataclass
from typing import ClassVar, TypeVar, dataclass_transform

_E = TypeVar("_E", bound="SeatmarketError")


class SeatmarketError(Exception):
    """Something went wrong that a caller may want to tell apart from everything else."""

    code: ClassVar[str] = "seatmarket"
    retry_helps: ClassVar[bool] = False

    @property
    def sentence(self) -> str:
        """What happened and what to do, in words."""
        return self._sentence()

    def _sentence(self) -> str:
        """Build the words from the fields; an error without fields was given them."""
        return Exception.__str__(self)

    def __str__(self) -> str:
        return self.sentence

    def __setattr__(self, name: str, value: object) -> None:
        # dataclass(frozen=True) would also refuse the traceback that Python notes on an exception.
        if name in self.__dict__ and name in self._field_names():
            raise FrozenInstanceError(f"cannot assign to field {name!r}")
        super().__setattr__(name, value)

    def __reduce__(self) -> str | tuple[object, ...]:
        names = self._field_names()
        if not names:
            return super().__reduce__()
        return type(self), tuple(getattr(self, name) for name in names)

    @classmethod
    def _field_names(cls) -> tuple[str, ...]:
        return tuple(getattr(cls, "__dataclass_fields__", ()))


@dataclass_transform(frozen_default=True, eq_default=True)
def typed_error(cls: type[_E]) -> type[_E]:
    """Make the annotated names of an error its fields: frozen, compared and shown by value."""
    return dataclass(unsafe_hash=True)(cls)


class RuleViolated(SeatmarketError):
    """What was asked breaks a rule of the market, of the chain or of this program's setting."""

    code = "rule_violated"


class ContractReverted(SeatmarketError):
    """The contract refused, and said why."""

    code = "contract_reverted"


class ChainUnavailable(SeatmarketError):
    """The node does not answer, or has not answered yet."""

    code = "chain_unavailable"
    retry_helps = True


class MirrorInconsistent(SeatmarketError):
    """What is stored contradicts the chain or itself: stop and let a person look."""

    code = "mirror_inconsistent"
