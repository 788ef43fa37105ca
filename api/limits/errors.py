"""What somebody is told who asks too often.

    ApiError
    └── TooManyRequests

Owns the class and the two headers that say how much is left
(draft-ietf-httpapi-ratelimit-headers-10). Refuses to say who it was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from api.errors import ApiError
from api.limits.quotas import WINDOW_S
from marketplace.domain.errors import typed_error

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.errors import Extension
    from api.limits.quotas import Quota, Taken


POLICY: Final = "RateLimit-Policy"
LIMIT: Final = "RateLimit"


@typed_error
class TooManyRequests(ApiError):
    """The quota of these requests is used up at this moment (a retry helps)."""

    code = "too_many_requests"
    retry_helps = True

    taken: Taken

    def _sentence(self) -> str:
        quota = self.taken.quota
        return (
            f"Of {quota.name} you have {quota.requests} a minute. Ask again in "
            f"{self.taken.wait_s} s."
        )

    @property
    def extensions(self) -> Mapping[str, Extension]:
        """Which quota."""
        quota = self.taken.quota
        return {"quota": quota.name, "requests": quota.requests, "window_s": WINDOW_S}

    @property
    def headers(self) -> Mapping[str, str]:
        """When to ask again, and the two that every such answer has."""
        return {
            "Retry-After": str(self.taken.wait_s),
            POLICY: policy_of(self.taken.quota),
            LIMIT: limit_of(self.taken),
        }


def policy_of(quota: Quota) -> str:
    """How much there is."""
    return f'"{quota.name}";q={quota.requests};w={WINDOW_S}'


def limit_of(taken: Taken) -> str:
    """How much is left, and after how many seconds there is all of it again."""
    return f'"{taken.quota.name}";r={taken.left};t={taken.full_in_s}'
