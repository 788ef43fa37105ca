"""Looking through a book of signed orders, a page at a time, behind what is dead.

Owns what a page is and how far it looks; all of it is judged by one moment of the mirror. Refuses
to know what is in the book, and in which order.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from indexer.queries import Moment

T = TypeVar("T")
P = TypeVar("P")

MAX_JUDGED: Final = 200
"""Orders of each kind that are looked at together."""

MAX_LOOKS: Final = 10
"""How often a page looks behind what was dead, before it ends with a cursor that goes on."""


@dataclass(frozen=True, slots=True)
class Page(Generic[T, P]):
    """Living orders as they stand in the book; `behind` is where the next page begins after."""

    found: tuple[T, ...]
    moment: Moment
    behind: P | None


def page_of(look: Callable[[P | None, int], Page[T, P]], after: P | None, limit: int) -> Page[T, P]:
    """Fill a page.

    Args:
        look: Gives at most so many of what lives among the orders after a place.
        after: The place that the page begins after.
        limit: How many are wanted.
    """
    page = look(after, limit)
    for _ in range(MAX_LOOKS - 1):
        missing = limit - len(page.found)
        if page.behind is None or missing == 0:
            break
        more = look(page.behind, missing)
        if more.moment != page.moment:
            break
        page = replace(more, found=page.found + more.found)
    return page
