"""Why a request under an idempotency key is not done, and not answered as before.

    ApiError
    ├── IdempotencyKeyReused     the key was another request's
    ├── IdempotencyKeyInUse      the first request under it is not done yet (a retry helps)
    └── AnswerSealed             it was done, and the answer was for another session

Owns the classes and their sentences. Refuses to repeat a key.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.errors import ApiError
from marketplace.domain.errors import typed_error

if TYPE_CHECKING:
    from collections.abc import Mapping


@typed_error
class IdempotencyKeyReused(ApiError):
    """The same caller has sent something else to this address under the same key."""

    code = "idempotency_key_reused"

    def _sentence(self) -> str:
        return (
            "This Idempotency-Key came with another request before. Nothing was done: send each "
            "thing under a key of its own."
        )


@typed_error
class IdempotencyKeyInUse(ApiError):
    """The first request under this key is under way, or a process died of it a moment ago."""

    code = "idempotency_key_in_use"
    retry_helps = True

    wait_s: int

    def _sentence(self) -> str:
        return f"The first request with this key is under way. Ask again in {self.wait_s} s."

    @property
    def headers(self) -> Mapping[str, str]:
        """When it is worth asking again."""
        return {"Retry-After": str(self.wait_s)}


@typed_error
class AnswerSealed(ApiError):
    """What was asked for is done; its answer can be read only with what it was asked for with."""

    code = "answer_sealed"

    def _sentence(self) -> str:
        return (
            "This was done before, and its answer was for another session: it may hold a secret. "
            "Look for what was made; if you need its secret, end it and make another."
        )
