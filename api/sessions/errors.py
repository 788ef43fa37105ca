"""Why somebody does not get in, or is no longer in.

    ApiError
    ├── TicketSpent          used, too old, of another drop, or never given
    ├── AdmissionEnded       the lease is over, or was ended
    └── AdmissionReplaced    the seat came in again elsewhere

Owns the classes and their sentences. Refuses status codes: `api.problems` maps each `code`.
"""

from __future__ import annotations

from api.errors import ApiError
from marketplace.domain.errors import typed_error


@typed_error
class TicketSpent(ApiError):
    """The ticket opens nothing."""

    code = "ticket_spent"

    def _sentence(self) -> str:
        return "This ticket was used, is too old or was never given. Join again for a new one."


@typed_error
class AdmissionEnded(ApiError):
    """Nobody is in by this admission."""

    code = "admission_ended"

    def _sentence(self) -> str:
        return "This admission is over. Whoever was in by it has to leave, and may join again."


@typed_error
class AdmissionReplaced(ApiError):
    """Somebody came in later by the same right."""

    code = "admission_replaced"

    def _sentence(self) -> str:
        return (
            "The same seat has come in again elsewhere, and one seat is one presence. Whoever was "
            "in by this admission has to leave."
        )
