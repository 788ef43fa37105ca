"""What the API itself refuses, before or beside a rule of the market.

    ApiError
    ├── MalformedBody            the body is not JSON
    ├── InvalidRequest           JSON, but not what this address takes
    ├── UnsupportedMediaType     not sent as JSON
    ├── BodyTooLarge, BodyTooSlow
    ├── LongBodyUnderWay         another long one of the account is (a retry helps)
    ├── LongBodiesBusy           too many long ones of others wait (a retry helps)
    ├── NotFound, MethodNotAllowed
    ├── NotReady                 this process should get no traffic now (a retry helps)
    ├── AuthError                api.auth.errors
    └── …                        the errors of api.idempotency, market, programme and other rooms

Owns the classes and their sentences. Refuses status codes: `api.problems` maps each `code`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from marketplace.domain.errors import SeatmarketError, typed_error

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Extension: TypeAlias = "str | int | bool | Sequence[Extension] | Mapping[str, Extension] | None"
"""What a problem may say beside its standard members."""


MAX_FAULTS: Final = 20
"""Faults that an answer lists."""

MAX_PLACE_CHARACTERS: Final = 100
"""Characters of a fault's place that are repeated."""

_CLOSING: Final[Mapping[str, str]] = {"Connection": "close"}


class ApiError(SeatmarketError):
    """The API refuses a request; its sentence may be shown to whoever sent it."""

    code = "refused"

    @property
    def extensions(self) -> Mapping[str, Extension]:
        """Members that the problem carries beside the standard ones (RFC 9457, 3.2)."""
        return {}

    @property
    def headers(self) -> Mapping[str, str]:
        """Headers that the answer must carry."""
        return {}


@typed_error
class MalformedBody(ApiError):
    """The body cannot be read as JSON."""

    code = "malformed_body"

    fault: str

    def _sentence(self) -> str:
        return f"The body is not JSON: {self.fault}. Send one JSON object in UTF-8."


@dataclass(frozen=True, slots=True)
class FieldFault:
    """One thing that is wrong: where (a JSON pointer after the part of the request), and why."""

    at: str
    fault: str

    @property
    def shown_at(self) -> str:
        """The place, cut: names of fields come from whoever sent them."""
        return self.at[:MAX_PLACE_CHARACTERS]


@typed_error
class InvalidRequest(ApiError):
    """The request is readable but does not fit its address."""

    code = "invalid_request"

    faults: tuple[FieldFault, ...]

    def _sentence(self) -> str:
        first, count = self.faults[0], len(self.faults)
        where = "" if count == 1 else f" in {count} places, first"
        return f"The request does not fit{where}: {first.shown_at}: {first.fault}."

    @property
    def extensions(self) -> Mapping[str, Extension]:
        """The first faults, each with its place: an answer is not much longer than its request."""
        shown = self.faults[:MAX_FAULTS]
        return {"errors": [{"at": one.shown_at, "fault": one.fault} for one in shown]}


@typed_error
class UnsupportedMediaType(ApiError):
    """The body is of a type that this address does not take."""

    code = "unsupported_media_type"

    sent: str

    def _sentence(self) -> str:
        return f"The body was sent as {self.sent}. Send it with Content-Type: application/json."


@typed_error
class BodyTooLarge(ApiError):
    """The body is longer than allowed."""

    code = "body_too_large"

    limit_bytes: int

    def _sentence(self) -> str:
        return f"The body is larger than {self.limit_bytes} bytes. Send less."

    @property
    def headers(self) -> Mapping[str, str]:
        """What is still to come is not read."""
        return _CLOSING


@typed_error
class BodyTooSlow(ApiError):
    """The body did not arrive in time."""

    code = "body_too_slow"

    limit_s: int

    def _sentence(self) -> str:
        return f"The body did not arrive within {self.limit_s} seconds. Send it again."

    @property
    def headers(self) -> Mapping[str, str]:
        """What is still to come is not read."""
        return _CLOSING


@typed_error
class LongBodyUnderWay(ApiError):
    """Another long body of the same account is read, waits or is worked on."""

    code = "long_body_under_way"
    retry_helps = True

    def _sentence(self) -> str:
        return (
            "A text or list of yours is under way, and one account has one at a time. Nothing was "
            "done with this one: send it again when the other is answered."
        )


@typed_error
class LongBodiesBusy(ApiError):
    """As many long bodies wait as this process lets wait."""

    code = "long_bodies_busy"
    retry_helps = True

    most: int

    def _sentence(self) -> str:
        return (
            f"{self.most} texts and lists wait to be read, which is as many as can. Nothing was "
            "done with this one: send it later."
        )


@typed_error
class NotFound(ApiError):
    """Nothing is here, or nothing that the caller may know of."""

    code = "not_found"

    what: str = "address"

    def _sentence(self) -> str:
        return f"There is no such {self.what}, or it is not yours."


@typed_error
class MethodNotAllowed(ApiError):
    """The address exists and takes other methods."""

    code = "method_not_allowed"

    method: str
    allowed: str

    def _sentence(self) -> str:
        return f"{self.method} is not possible here; {self.allowed} is."

    @property
    def headers(self) -> Mapping[str, str]:
        """The methods that are possible (RFC 9110, 15.5.6)."""
        return {"Allow": self.allowed}


@typed_error
class NotReady(ApiError):
    """One of the parts that answers rest on is missing or behind."""

    code = "not_ready"
    retry_helps = True

    failing: tuple[FieldFault, ...]

    def _sentence(self) -> str:
        return f"Not ready: {'; '.join(f'{one.at}: {one.fault}' for one in self.failing)}."

    @property
    def extensions(self) -> Mapping[str, Extension]:
        """The checks that fail."""
        return {"checks": [{"name": one.at, "fault": one.fault} for one in self.failing]}
