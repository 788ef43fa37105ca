"""Why nobody is signed in, or a signed-in caller is turned away at the door of the API.

    AuthError
    ├── SignInRequired, SessionEnded           no session
    ├── CrossSiteRequest, CsrfTokenWrong       a browser was made to send this
    └── SignInRefused
        ├── SignInAttemptUnknown               no attempt is open for this browser or client
        ├── SignInMessageMalformed, SignInMessageRefused
        ├── SignInSignatureMalformed, SignInSignatureWrong
        └── ContractWalletRefused              the account's contract does not take it
            WalletUnanswered                   nothing is known: no yes and no no came out

Owns the classes and their sentences. Refuses to repeat a secret in any of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.errors import ApiError, Extension
from marketplace.domain.errors import typed_error

if TYPE_CHECKING:
    from collections.abc import Mapping


class AuthError(ApiError):
    """The caller is not who they would have to be."""

    code = "unauthenticated"


class Challenge(AuthError):
    """An error that RFC 9110 (11.6.1) wants answered with a challenge."""

    @property
    def headers(self) -> Mapping[str, str]:
        """How clients authenticate."""
        return {"WWW-Authenticate": 'Bearer realm="seats"'}


@typed_error
class SignInRequired(Challenge):
    """No session was presented."""

    code = "sign_in_required"

    def _sentence(self) -> str:
        return "Sign in first: POST /v1/auth/nonce, sign the message, POST /v1/auth/verify."


@typed_error
class SessionEnded(Challenge):
    """What was presented is no session, or it has expired or was revoked.

    `forgets` is the Set-Cookie line that takes it away from a browser; None: it came otherwise.
    """

    code = "session_ended"

    forgets: str | None = None

    def _sentence(self) -> str:
        if self.forgets is None:
            return "This session has expired, was revoked or never existed. Sign in again."
        return (
            "This session has expired, was revoked or never existed, and its cookie is taken away. "
            "Repeat the request to go on as nobody, or sign in again."
        )

    @property
    def headers(self) -> Mapping[str, str]:
        """The challenge, and the end of the cookie: else no request would be answered again."""
        taken = {} if self.forgets is None else {"Set-Cookie": self.forgets}
        return {**super().headers, **taken}


@typed_error
class CrossSiteRequest(AuthError):
    """A browser sent this from a page of another origin."""

    code = "cross_site_request"

    def _sentence(self) -> str:
        return "A page of another origin sent this request. Open the site itself and try there."


@typed_error
class CsrfTokenWrong(AuthError):
    """A cookie came without the token that only our own pages can read."""

    code = "csrf_token_wrong"

    def _sentence(self) -> str:
        return (
            "The X-CSRF-Token header is missing or of another session. "
            "Take it from GET /v1/auth/session."
        )


class SignInRefused(Challenge):
    """An attempt to sign in failed; its nonce is spent."""

    code = "sign_in_refused"


@typed_error
class SignInAttemptUnknown(SignInRefused):
    """No attempt is open: never begun here, used, or over."""

    code = "sign_in_attempt_unknown"

    def _sentence(self) -> str:
        return (
            "No sign-in is open here: its nonce was used, is too old or was given to somebody "
            "else. Begin again with POST /v1/auth/nonce."
        )


@typed_error
class SignInMessageMalformed(SignInRefused):
    """The text is not a message of EIP-4361."""

    code = "sign_in_message_malformed"

    fault: str

    def _sentence(self) -> str:
        return f"The message is not one of EIP-4361: {self.fault}. Sign the one that was prepared."


@typed_error
class SignInMessageRefused(SignInRefused):
    """A field of the message is not what this site asked for."""

    code = "sign_in_message_refused"

    field: str
    fault: str

    def _sentence(self) -> str:
        return f"The message's {self.field} {self.fault}. Begin again with POST /v1/auth/nonce."

    @property
    def extensions(self) -> Mapping[str, Extension]:
        """The field, in EIP-4361's spelling."""
        return {"field": self.field}


@typed_error
class SignInSignatureMalformed(SignInRefused):
    """The signature is not in the one form that is accepted."""

    code = "sign_in_signature_malformed"

    fault: str

    def _sentence(self) -> str:
        return f"The signature is not 65 bytes r, s, v in hex: {self.fault}. Sign again."


@typed_error
class SignInSignatureWrong(SignInRefused):
    """The signature is another account's, or over another text."""

    code = "sign_in_signature_wrong"

    def _sentence(self) -> str:
        return (
            "The signature is not of the account that the message names, or not over this text. "
            "Sign with that account's key, or with its wallet where it is a contract."
        )


@typed_error
class ContractWalletRefused(SignInRefused):
    """The account would have to be a contract wallet, and does not take the signature.

    `why` is a name of `api.auth.wallets.Refusal`.
    """

    code = "contract_wallet_refused"

    why: str
    fault: str

    def _sentence(self) -> str:
        return f"This is no signature of the account's key, and {self.fault}. Sign with its wallet."

    @property
    def extensions(self) -> Mapping[str, Extension]:
        """Why, as a stable name."""
        return {"cause": self.why}


@typed_error
class WalletUnanswered(ApiError):
    """A contract wallet came to no answer within its bounds, or the node gave none (retry)."""

    code = "wallet_unanswered"
    retry_helps = True

    gas: int
    seconds: float

    def _sentence(self) -> str:
        return (
            f"The account's contract came to no answer within {self.gas} gas and {self.seconds:g} "
            "seconds, or the node failed meanwhile. Nothing is known: try again, at sign-in with a "
            "new nonce. A wallet that always takes more can neither sign in nor sign orders."
        )
