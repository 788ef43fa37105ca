"""Why events are not told.

    ApiError
    ├── EventsGone       what was asked for is not kept any more
    └── StreamsBusy      as many streams are open as may be (retry)

Owns the classes and their sentences. Refuses status codes: `api.problems` maps each `code`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.errors import ApiError
from marketplace.domain.errors import typed_error

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.errors import Extension


@typed_error
class EventsGone(ApiError):
    """A client comes back too late, or with a number of another mirror."""

    code = "events_gone"

    after: int
    go_on_after: int

    def _sentence(self) -> str:
        return (
            f"What followed event {self.after} is not kept here. Open a stream after event "
            f"{self.go_on_after} and then read the state anew."
        )

    @property
    def extensions(self) -> Mapping[str, Extension]:
        """Where to go on."""
        return {"go_on_after": self.go_on_after}


@typed_error
class StreamsBusy(ApiError):
    """Somebody has as many streams open as they may, or all together have."""

    code = "streams_busy"
    retry_helps = True

    most: int
    of: str
    what: str = "streams of events"

    def _sentence(self) -> str:
        return f"{self.of} may have {self.most} {self.what} open at once. Close one first."
