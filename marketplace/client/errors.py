"""What can go wrong between this process and the API.

    SeatmarketError
    ├── RuleViolated
    │   ├── ApiAddressInvalid  the address is none that a bearer token may be sent to
    │   ├── ApiKeyUnusable     no key, or one where somebody has to sign in
    │   ├── MarketNotNamed     nothing is signed for a market that the caller has not named
    │   ├── FileUnusable       a file cannot be sent
    │   └── ApiRefused         the API says no (4xx) and why; ask for something else
    │       ├── AccessDenied   the gate stays closed; carries its decision
    │       └── SignInRequired nobody is signed in, or the session or the API key is over
    ├── ApiUnavailable         no answer, a 503, or asked too often: a retry helps
    │   └── AnswerLost         it was sent, and its answer did not come: it may have been done
    ├── RecordingCut           a recording broke off
    ├── ApiFailed              the API says that it broke (500)
    ├── AnswerUnexpected       an answer that is not this API's, or not this version's
    └── PreparedOtherwise      the API asks for a signature of something that was not asked for

Owns the classes. Refuses to hide the API's own words: a problem travels with its error.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketplace.domain.errors import RuleViolated, SeatmarketError, typed_error

if TYPE_CHECKING:
    from marketplace.client.answers.problem import Problem


@typed_error
class ApiAddressInvalid(RuleViolated):
    """The address is none that a bearer token may be sent to."""

    code = "api_address_invalid"

    why: str

    def _sentence(self) -> str:
        return (
            f"The API's address cannot be used: {self.why}. Write scheme, host and port alone, as "
            "in https://seats.example; plain http is for 127.0.0.1, ::1 and localhost."
        )


@typed_error
class ApiKeyUnusable(RuleViolated):
    """A text that is no API key, or a key where somebody has to sign in; never repeats it."""

    code = "api_key_unusable"

    why: str

    def _sentence(self) -> str:
        return f"The API key cannot be used: {self.why}."


@typed_error
class MarketNotNamed(RuleViolated):
    """Nothing is signed for a market that the caller has not named."""

    code = "market_not_named"

    def _sentence(self) -> str:
        return (
            "Nothing is signed on the word of the API alone: give the client the chain id and the "
            "contract's address that you mean."
        )


@typed_error
class FileUnusable(RuleViolated):
    """A file cannot be sent."""

    code = "file_unusable"

    path: str
    why: str

    def _sentence(self) -> str:
        return f"{self.path} cannot be sent ({self.why}): check the path and the file."


@typed_error
class ApiRefused(RuleViolated):
    """The API says no, and why."""

    code = "api_refused"

    problem: Problem

    def _sentence(self) -> str:
        problem = self.problem
        faults = "".join(f" [{one.at}: {one.fault}]" for one in problem.errors[1:])
        return f"The API refuses ({problem.cause or problem.code}): {problem.detail}{faults}"


@typed_error
class AccessDenied(ApiRefused):
    """The gate stays closed; `problem.decision` says why and what would open it."""

    code = "access_denied"


@typed_error
class SignInRequired(ApiRefused):
    """Nobody is signed in, or the session or the API key is over."""

    code = "sign_in_required"


@typed_error
class ApiUnavailable(SeatmarketError):
    """The API does not answer, or says that it cannot now.

    Attributes:
        said: Why, in a few words; never an address beyond its host.
        retry_after_s: When to try again, in seconds.
        problem: What the API said; None when it said nothing.
    """

    code = "api_unavailable"
    retry_helps = True

    said: str
    retry_after_s: int
    problem: Problem | None = None

    def _sentence(self) -> str:
        return f"The API does not answer ({self.said}): try again in {self.retry_after_s} s."


@typed_error
class AnswerLost(ApiUnavailable):
    """A request was sent, and its answer did not come; what it asks for may have been done.

    Where the client raises it of something that is done once (`Route.once`), it has asked again
    with the same key until its patience ended.
    """

    code = "answer_lost"

    def _sentence(self) -> str:
        return (
            f"The API's answer did not come ({self.said}). What was asked for may have been done: "
            "look it up before you ask for it again."
        )


@typed_error
class RecordingCut(SeatmarketError):
    """A recording broke off before its end."""

    code = "recording_cut"
    retry_helps = True

    received_bytes: int
    length_bytes: int

    def _sentence(self) -> str:
        return (
            f"The recording broke off after {self.received_bytes} of {self.length_bytes} bytes: "
            "ask whether you may still watch it, then go on from there."
        )


@typed_error
class ApiFailed(SeatmarketError):
    """The API says that it broke."""

    code = "api_failed"

    problem: Problem

    def _sentence(self) -> str:
        return (
            f"The API failed ({self.problem.code}): tell its operator the request id "
            f"{self.problem.request_id}, and look up what was done before you repeat it."
        )


@typed_error
class AnswerUnexpected(SeatmarketError):
    """An answer that is not this API's, or not this version's."""

    code = "answer_unexpected"

    asked: str
    why: str

    def _sentence(self) -> str:
        return (
            f"The answer to {self.asked} is not the API's ({self.why}): check its address, and "
            "that both sides are of the same version."
        )


@typed_error
class PreparedOtherwise(SeatmarketError):
    """The API asks for a signature of something that was not asked for. Nothing was signed."""

    code = "prepared_otherwise"

    what: str
    why: str

    def _sentence(self) -> str:
        return (
            f"The API prepared another {self.what} than was asked for ({self.why}): nothing was "
            "signed. Do not use this API until its operator has explained it."
        )
