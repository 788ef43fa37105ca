"""Why somebody is not named as a co-host, or what they have begun is not done.

    ApiError
    ├── TooManyCoHosts       the drop has as many as it may have
    └── CoHostRemoved        the mentor has taken it back meanwhile

Owns the classes and their sentences. Refuses status codes: `api.problems` maps each `code`.
"""

from __future__ import annotations

from api.errors import ApiError
from marketplace.domain.errors import typed_error


@typed_error
class TooManyCoHosts(ApiError):
    """The drop has as many co-hosts as it may have."""

    code = "too_many_co_hosts"

    drop: int
    most: int

    def _sentence(self) -> str:
        return f"Drop {self.drop} may have {self.most} co-hosts, and has. Remove one first."


@typed_error
class CoHostRemoved(ApiError):
    """Somebody was a co-host when they began, and is none any more."""

    code = "co_host_removed"

    drop: int

    def _sentence(self) -> str:
        return (
            f"The mentor of drop {self.drop} has removed you as a co-host meanwhile. "
            "Nothing was done."
        )
