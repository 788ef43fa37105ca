"""The operations of a document, and what they say of the problems they answer with.

Owns finding them, and the form in which a response names its problems' codes: the description, as
`api.answers.documented` writes it. Refuses to know what they are about.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from api.problems import PROBLEMS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_METHODS: Final = ("get", "head", "post", "put", "patch", "delete")
_CODE: Final = re.compile(r"\(`(\w+)`\)")


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of a document.

    Attributes:
        name: As the function is called that answers it.
        said: What the document says of it; it is there to be added to.
    """

    method: str
    path: str
    name: str
    said: dict[str, Any]

    @property
    def responses(self) -> dict[str, dict[str, Any]]:
        """Its answers by their status."""
        found: dict[str, dict[str, Any]] = self.said["responses"]
        return found

    @property
    def parameters(self) -> frozenset[str]:
        """The names of what is sent beside the body."""
        return frozenset(one["name"] for one in self.said.get("parameters", ()))

    @property
    def codes(self) -> frozenset[str]:
        """Every code that it can answer with."""
        return frozenset(code for one in self.responses.values() for code in codes_of(one))


def operations_of(document: dict[str, Any]) -> Iterator[Operation]:
    """Every operation, in the document's order."""
    for path, said in document["paths"].items():
        for method in _METHODS:
            if method in said:
                one = said[method]
                yield Operation(method.upper(), path, one["operationId"], one)


def is_problem(status: str) -> bool:
    """Whether an answer of this status is a problem."""
    return int(status) >= HTTPStatus.BAD_REQUEST


def codes_of(response: dict[str, Any]) -> Sequence[str]:
    """The codes of the problems that a response can be."""
    return _CODE.findall(response.get("description", ""))


def add_codes(operation: Operation, *codes: str) -> None:
    """Let an operation name these codes too, each with its status."""
    for code in codes:
        kind = PROBLEMS[code]
        response = operation.responses.setdefault(str(int(kind.status)), {"description": ""})
        named = codes_of(response)
        if code not in named:
            # What names no code is FastAPI's own word for what it would answer itself.
            told = [response["description"]] if named else []
            response["description"] = "; ".join([*told, f"{kind.title} (`{code}`)"])
