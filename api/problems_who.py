"""What can be wrong with who asks, or with whom it is asked for: the rows with 401 and 403.

Owns them, by rising status. Refuses what is wrong with what is asked for: `api.problems_asked` has
it.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from api.problem_kind import ProblemKind

WHO: Final = (
    ProblemKind(
        "sign_in_required",
        HTTPStatus.UNAUTHORIZED,
        "Nobody is signed in",
        "Sign in, then repeat the request with the session's cookie or token.",
    ),
    ProblemKind(
        "session_ended",
        HTTPStatus.UNAUTHORIZED,
        "The session is over",
        "Sign in again.",
    ),
    ProblemKind(
        "sign_in_attempt_unknown",
        HTTPStatus.UNAUTHORIZED,
        "No sign-in is open",
        "Ask for a new nonce; each serves one attempt of the browser or client that asked.",
    ),
    ProblemKind(
        "sign_in_message_refused",
        HTTPStatus.UNAUTHORIZED,
        "The signed message is not the one that was asked for",
        "`field` names the line. Sign the prepared message as it is, with a new nonce.",
    ),
    ProblemKind(
        "sign_in_signature_wrong",
        HTTPStatus.UNAUTHORIZED,
        "The signature is not that account's",
        "Sign with the key of the account that the message names, with a new nonce.",
    ),
    ProblemKind(
        "contract_wallet_refused",
        HTTPStatus.UNAUTHORIZED,
        "The account's contract does not take the signature",
        "`cause` says why. Sign with the wallet whose account it is, with a new nonce.",
    ),
    ProblemKind(
        "api_key_required",
        HTTPStatus.UNAUTHORIZED,
        "Only API keys are taken here",
        "Send a key with the `scope` that is named as bearer token.",
    ),
    ProblemKind(
        "api_key_ended",
        HTTPStatus.UNAUTHORIZED,
        "The API key is over",
        "Make another with POST /v1/api-keys.",
    ),
    ProblemKind(
        "access_denied",
        HTTPStatus.FORBIDDEN,
        "The gate stays closed",
        "`decision` says why, and `decision.remedy` what would open it.",
    ),
    ProblemKind(
        "api_key_refused",
        HTTPStatus.FORBIDDEN,
        "The API key is not good for this",
        "`cause` says why: no key is, or it has not the scope, or it is limited to drops, or its "
        "account is no operator.",
    ),
    ProblemKind(
        "another_account",
        HTTPStatus.FORBIDDEN,
        "Another account is signed in",
        "Sign in with the account that will sign the transaction.",
    ),
    ProblemKind(
        "bidder_denied",
        HTTPStatus.FORBIDDEN,
        "The drop's resales are not for the bidder",
        "Take another offer. `decision` is the gate's about the `buyer`, not about you.",
    ),
    ProblemKind(
        "cross_site_request",
        HTTPStatus.FORBIDDEN,
        "Sent by a page of another origin",
        "Use the site itself, or call from a program with a bearer token.",
    ),
    ProblemKind(
        "csrf_token_wrong",
        HTTPStatus.FORBIDDEN,
        "The CSRF token is missing or wrong",
        "Send the `csrf_token` of GET /v1/auth/session as X-CSRF-Token.",
    ),
    ProblemKind(
        "mentor_required",
        HTTPStatus.FORBIDDEN,
        "Only the drop's mentor may do this",
        "Sign in with the mentor's account.",
    ),
    ProblemKind(
        "co_host_removed",
        HTTPStatus.FORBIDDEN,
        "You are no co-host of the drop any more",
        "Nothing was done. The drop's mentor says who helps.",
    ),
)
