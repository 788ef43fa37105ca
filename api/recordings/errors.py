"""Why a recording is not taken in, or not sent.

    ApiError
    ├── MediaOff                 this API keeps no recordings
    ├── MediaUnavailable         neither copy can be read, or a place refuses to write (retry)
    ├── UploadsBusy              as many uploads are under way as can be (retry)
    ├── MediaTypeRefused         of a type that is not on the list
    ├── UploadCut                the body ended before its end
    ├── UploadTooSlow            it hardly moved, and somebody else has its place
    ├── DigestDiffers            what arrived is not what the client said it would send
    ├── RangeNotSatisfiable, PreconditionFailed
    RuleViolated
    ├── RecordingsFull           the session has as many recordings, or the drop as many bytes, …
    └── MediaUnusable            the settings name a place that cannot be used

Owns the classes and their sentences. Refuses status codes: `api.problems` maps each `code`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.errors import ApiError
from marketplace.domain.errors import RuleViolated, typed_error

if TYPE_CHECKING:
    from collections.abc import Mapping


@typed_error
class MediaOff(ApiError):
    """The operator has named no place for recordings."""

    code = "media_off"

    def _sentence(self) -> str:
        return "This API keeps no recordings. Its operator sets where they are kept."


@typed_error
class MediaUnavailable(ApiError):
    """A place where recordings are kept does not do what it should."""

    code = "media_unavailable"
    retry_helps = True

    doing: str
    fault: str

    def _sentence(self) -> str:
        return f"{self.doing} failed: {self.fault}"


@typed_error
class UploadsBusy(ApiError):
    """As many uploads are under way as this process takes in at once: of all, or of `of_one`."""

    code = "uploads_busy"
    retry_helps = True

    most: int
    of_one: bool = False

    def _sentence(self) -> str:
        of = " by one account or by one drop's co-hosts" if self.of_one else ""
        return f"{self.most} uploads{of} are under way, which is as many as can be. Send it later."


@typed_error
class MediaTypeRefused(ApiError):
    """The upload is of a type that is not taken."""

    code = "media_type_refused"

    sent: str
    allowed: tuple[str, ...]

    def _sentence(self) -> str:
        return f"The recording was sent as {self.sent}. Send one of {', '.join(self.allowed)}."


@typed_error
class UploadCut(ApiError):
    """The connection ended before the body did."""

    code = "upload_cut"

    def _sentence(self) -> str:
        return "The upload ended early; nothing was kept. Send the whole recording again."


@typed_error
class UploadTooSlow(ApiError):
    """Fewer than `least` bytes a minute came while all places were taken and somebody came."""

    code = "upload_too_slow"

    least: int

    def _sentence(self) -> str:
        return (
            f"Fewer than {self.least} bytes a minute came, and the place was needed; nothing was "
            "kept. Send the whole recording again over a better connection."
        )


@typed_error
class DigestDiffers(ApiError):
    """What arrived is not what was announced."""

    code = "digest_differs"

    announced: str
    arrived: str

    def _sentence(self) -> str:
        return (
            f"Repr-Digest announced SHA-256 {self.announced}, what arrived has {self.arrived}; "
            "nothing was kept. Send it again."
        )


@typed_error
class RangeNotSatisfiable(ApiError):
    """No byte lies in the range."""

    code = "range_not_satisfiable"

    size_bytes: int

    def _sentence(self) -> str:
        return f"The recording has {self.size_bytes} bytes and none in that range."

    @property
    def headers(self) -> Mapping[str, str]:
        """How long the file is (RFC 9110, 15.5.17)."""
        return {"Content-Range": f"bytes */{self.size_bytes}"}


@typed_error
class PreconditionFailed(ApiError):
    """The client wants another file than the one that is here."""

    code = "precondition_failed"

    def _sentence(self) -> str:
        return "If-Match names another file than this recording. Ask without it, from the start."


@typed_error
class RecordingsFull(RuleViolated):
    """There is no room for one more."""

    code = "recordings_full"

    what: str

    def _sentence(self) -> str:
        return f"There is no room: {self.what}. Nothing was kept."


@typed_error
class MediaUnusable(RuleViolated):
    """The settings name places that cannot be used."""

    code = "media_unusable"

    setting: str
    fault: str

    def _sentence(self) -> str:
        return (
            f"SEATS_API_{self.setting.upper()} cannot be used: {self.fault}. Name a folder as "
            "file:///FOLDER or a bucket as s3://BUCKET/PREFIX."
        )
