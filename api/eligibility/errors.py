"""Why an allowlist is not taken.

    ApiError
    ├── PhaseWithoutList     the phase is open by something else than a list
    └── AllowlistDiffers     another list than the one whose root the phase carries

Owns the classes and their sentences. Refuses status codes: `api.problems` maps each `code`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.errors import ApiError, Extension
from marketplace.domain.errors import typed_error

if TYPE_CHECKING:
    from collections.abc import Mapping


@typed_error
class PhaseWithoutList(ApiError):
    """A list was sent for a phase that has none."""

    code = "phase_without_list"

    drop: int
    phase: int
    gate: str

    def _sentence(self) -> str:
        return (
            f"Phase {self.phase} of drop {self.drop} is opened by no allowlist (its gate: "
            f"{self.gate}). Name the phase that was launched with the list."
        )


@typed_error
class AllowlistDiffers(ApiError):
    """A list was sent whose root is not the phase's."""

    code = "allowlist_differs"

    drop: int
    phase: int
    root: str
    sent_root: str

    def _sentence(self) -> str:
        return (
            f"Phase {self.phase} of drop {self.drop} carries the root {self.root}, and the list "
            f"that was sent has {self.sent_root}. Send the accounts that it was launched with."
        )

    @property
    def extensions(self) -> Mapping[str, Extension]:
        """Both roots."""
        return {"root": self.root, "sent_root": self.sent_root}
