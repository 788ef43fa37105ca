"""Why a drop's programme is not known, or a document is not taken.

    ApiError
    ├── TermsUnpublished     nobody has sent the document
    ├── MentorRequired       somebody else than the drop's mentor asks
    ├── TermsDiffer          another document than the one whose hash the drop carries
    └── TermsContradict      the document, and it says something else than the drop does

`marketplace.launch.published.TermsUnreadable` is the fifth: no document of a launch file at all.
Owns the classes and their sentences. Refuses status codes: `api.problems` maps each `code`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.errors import ApiError, Extension
from marketplace.domain.errors import typed_error

if TYPE_CHECKING:
    from collections.abc import Mapping


@typed_error
class TermsUnpublished(ApiError):
    """Nobody has published the document that a drop's hash stands for."""

    code = "terms_unpublished"

    drop: int
    terms_hash: str

    def _sentence(self) -> str:
        return (
            f"The terms of drop {self.drop} ({self.terms_hash}) have not been published here, so "
            "nobody knows what its seats open and to whom its resales are shown. Its mentor sends "
            f"them with PUT /v1/drops/{self.drop}/terms."
        )


@typed_error
class MentorRequired(ApiError):
    """Only the mentor of a drop may do this."""

    code = "mentor_required"

    drop: int
    mentor: str

    def _sentence(self) -> str:
        return f"Only the mentor of drop {self.drop} may do this: sign in as {self.mentor}."


@typed_error
class TermsDiffer(ApiError):
    """A document was sent that is not the one that the drop carries the hash of."""

    code = "terms_differ"

    drop: int
    terms_hash: str
    sent_hash: str

    def _sentence(self) -> str:
        return (
            f"Drop {self.drop} carries the hash {self.terms_hash}, and what was sent has "
            f"{self.sent_hash}. Send the text as the launch's record holds it, byte for byte."
        )

    @property
    def extensions(self) -> Mapping[str, Extension]:
        """Both hashes."""
        return {"terms_hash": self.terms_hash, "sent_hash": self.sent_hash}


@typed_error
class TermsContradict(ApiError):
    """A document has the right hash and says something else than the drop does."""

    code = "terms_contradict"

    drop: int
    place: str

    def _sentence(self) -> str:
        return (
            f"The text says something else about {self.place} than drop {self.drop} does on the "
            "chain, so it is not shown beside it. Launch a drop from a file: then both agree."
        )

    @property
    def extensions(self) -> Mapping[str, Extension]:
        """The first place where they part."""
        return {"field": self.place}
