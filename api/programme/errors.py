"""Why a drop's programme is not known.

Owns the classes and their sentences. Refuses status codes: `api.problems` maps each `code`.
"""

from __future__ import annotations

from api.errors import ApiError
from marketplace.domain.errors import typed_error


@typed_error
class TermsUnpublished(ApiError):
    """Nobody has published the document that a drop's hash stands for."""

    code = "terms_unpublished"

    drop: int
    terms_hash: str

    def _sentence(self) -> str:
        return (
            f"The terms of drop {self.drop} ({self.terms_hash}) have not been published here, so "
            "its sessions are not known. Its mentor sends them with "
            f"PUT /v1/drops/{self.drop}/terms."
        )
