"""What the document says of problems: which can come of any operation, and an example of each.

Owns the codes that no route names since all have them. An example stands once among the document's
components and is referred to from every answer that it fits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from api.answers import MEDIA_TYPE
from api.limits.classes import SHARED, class_of
from api.openapi.codes import add_codes, codes_of, is_problem, operations_of
from api.openapi.examples.problems import examples_of, shown

if TYPE_CHECKING:
    from api.openapi.codes import Operation

EXAMPLES: Final = "#/components/examples/"

_ANY: Final = ("invalid_request", "internal")
"""A query parameter that there is not is refused everywhere, and everything can break."""

_ASKING_A_DATABASE: Final = ("storage", "storage_unreachable", "storage_locked", "storage_version")


def say_common_problems(document: dict[str, Any]) -> None:
    """Name what any operation, or any that asks a database, can answer with."""
    for operation in operations_of(document):
        add_codes(operation, *_ANY)
        if _asks_a_database(operation):
            add_codes(operation, *_ASKING_A_DATABASE)


def show_problems(document: dict[str, Any]) -> None:
    """Give each problem of each operation its examples."""
    used: dict[str, Any] = document["components"].setdefault("examples", {})
    for operation in operations_of(document):
        for status, response in operation.responses.items():
            if is_problem(status):
                names = [
                    name for code in codes_of(response) for name in examples_of(operation, code)
                ]
                for name in names:
                    if name not in used:
                        used[name] = {"value": shown(name)}
                response["content"][MEDIA_TYPE]["examples"] = {
                    name: {"$ref": f"{EXAMPLES}{name}"} for name in names
                }


def _asks_a_database(operation: Operation) -> bool:
    # Of some, the requests themselves are counted there.
    counted = class_of(operation.method, operation.path) in SHARED
    return counted or "storage" in operation.codes
