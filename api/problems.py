"""The one table of what can go wrong: stable codes, their HTTP status, title and help.

Owns the table, which docs/api.md repeats, and the way from an error to its row: its own code's, or
that of the nearest class above it that has one. Refuses to write answers: `api.answers` does.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from api.problem_kind import ProblemKind

if TYPE_CHECKING:
    from collections.abc import Mapping


_KINDS: Final = (
    ProblemKind(
        "malformed_body",
        HTTPStatus.BAD_REQUEST,
        "The body is not JSON",
        "Send one JSON object in UTF-8.",
    ),
    ProblemKind(
        "upload_cut",
        HTTPStatus.BAD_REQUEST,
        "The upload ended early",
        "Nothing was kept. Send the whole recording again.",
    ),
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
        "`cause` says why: no key is, or it has not the scope, or it is limited to other drops.",
    ),
    ProblemKind(
        "another_account",
        HTTPStatus.FORBIDDEN,
        "Another account is signed in",
        "Sign in with the account that will sign the transaction.",
    ),
    ProblemKind(
        "cross_site_request",
        HTTPStatus.FORBIDDEN,
        "Sent by a page of another origin",
        "Use the site itself, or a bearer token instead of the cookie.",
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
        "not_found",
        HTTPStatus.NOT_FOUND,
        "Not found",
        "Check the address and the id; what belongs to others looks as if it did not exist.",
    ),
    ProblemKind(
        "terms_unpublished",
        HTTPStatus.NOT_FOUND,
        "The terms have not been published",
        "The drop's mentor publishes them with PUT /v1/drops/{drop}/terms.",
    ),
    ProblemKind(
        "method_not_allowed",
        HTTPStatus.METHOD_NOT_ALLOWED,
        "Another method is needed",
        "The Allow header names those that are possible.",
    ),
    ProblemKind(
        "body_too_slow",
        HTTPStatus.REQUEST_TIMEOUT,
        "The body took too long",
        "Send it again over a better connection.",
    ),
    ProblemKind(
        "rule_violated",
        HTTPStatus.CONFLICT,
        "A rule of the market forbids it",
        "Nothing was done. `cause` names the rule: ask for something else.",
    ),
    ProblemKind(
        "contract_reverted",
        HTTPStatus.CONFLICT,
        "The contract refuses",
        "Nothing was done. `cause` names the contract's error.",
    ),
    ProblemKind(
        "allowance_missing",
        HTTPStatus.CONFLICT,
        "The market may not take the price yet",
        "Sign and send `approval`, which allows exactly `owed`, then ask again.",
    ),
    ProblemKind(
        "terms_differ",
        HTTPStatus.CONFLICT,
        "Not the text that the drop was launched with",
        "Send the text whose keccak256 is the drop's `terms_hash`; `sent_hash` is what came.",
    ),
    ProblemKind(
        "terms_contradict",
        HTTPStatus.CONFLICT,
        "The text says something else than the drop",
        "`field` names the first place. Launch a drop from a file: then both agree.",
    ),
    ProblemKind(
        "listing_dead",
        HTTPStatus.CONFLICT,
        "The listing cannot be bought",
        "`cause` names what the contract would say: look for another, or list again.",
    ),
    ProblemKind(
        "offer_dead",
        HTTPStatus.CONFLICT,
        "The offer cannot be taken",
        "`cause` names what the contract would say: look for another, or make a new one.",
    ),
    ProblemKind(
        "admission_replaced",
        HTTPStatus.CONFLICT,
        "The seat has come in elsewhere",
        "One seat is one presence: leave, or join again.",
    ),
    ProblemKind(
        "too_many_api_keys",
        HTTPStatus.CONFLICT,
        "The account has all the API keys that it may have",
        "End one with DELETE /v1/api-keys/{key}, then make another.",
    ),
    ProblemKind(
        "ticket_spent",
        HTTPStatus.GONE,
        "The ticket opens nothing",
        "Join again for a new ticket.",
    ),
    ProblemKind(
        "admission_ended",
        HTTPStatus.GONE,
        "The admission is over",
        "Leave the room; join again to come back.",
    ),
    ProblemKind(
        "events_gone",
        HTTPStatus.GONE,
        "These events are not kept any more",
        "Open a stream after the event that `go_on_after` names, then read the state anew.",
    ),
    ProblemKind(
        "precondition_failed",
        HTTPStatus.PRECONDITION_FAILED,
        "Another file is there",
        "Ask without If-Match, from the start.",
    ),
    ProblemKind(
        "edited_meanwhile",
        HTTPStatus.PRECONDITION_FAILED,
        "Edited meanwhile",
        "Read it again, then edit it.",
    ),
    ProblemKind(
        "body_too_large",
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        "The body is too large",
        "Send less.",
    ),
    ProblemKind(
        "unsupported_media_type",
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        "The body is of another type",
        "Send it with Content-Type: application/json.",
    ),
    ProblemKind(
        "media_type_refused",
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        "Recordings of this type are not taken",
        "Send one of the types that the detail names.",
    ),
    ProblemKind(
        "range_not_satisfiable",
        HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
        "No byte lies in that range",
        "Content-Range says how many bytes there are.",
    ),
    ProblemKind(
        "invalid_request",
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "The request does not fit",
        "`errors` names the fields that are missing, unknown or wrong.",
    ),
    ProblemKind(
        "terms_unreadable",
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "Not the terms of a launch file",
        "Send the text as the launch's record holds it, byte for byte.",
    ),
    ProblemKind(
        "invalid_address",
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "Not an address",
        "Copy the address again, with its checksum.",
    ),
    ProblemKind(
        "listing_signature_refused",
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "Not the seller's signature",
        "`cause` says why. Sign the prepared typed data as it is, or store it on the chain.",
    ),
    ProblemKind(
        "offer_signature_refused",
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "Not the buyer's signature",
        "`cause` says why. Sign the prepared typed data as it is.",
    ),
    ProblemKind(
        "sign_in_message_malformed",
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "Not a sign-in message",
        "Sign the prepared message (EIP-4361) as it is, with a new nonce.",
    ),
    ProblemKind(
        "sign_in_signature_malformed",
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "Not a signature",
        "Send 65 bytes r, s, v in hex with 0x, v of 27 or 28 and the low s, with a new nonce.",
    ),
    ProblemKind(
        "digest_differs",
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "The upload is not what was announced",
        "Nothing was kept. Send it again with its own digest.",
    ),
    ProblemKind(
        "webhook_address_refused",
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "Nothing is sent to such an address",
        "Name an https address on a public host, without a name, password or fragment.",
    ),
    ProblemKind(
        "streams_busy",
        HTTPStatus.TOO_MANY_REQUESTS,
        "Too many streams",
        "Close one.",
        retry_after_s=30,
    ),
    ProblemKind(
        "internal",
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "Our mistake",
        "Tell the operator the `request_id`.",
        shows_sentence=False,
    ),
    ProblemKind(
        "storage",
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "Our database refused",
        "Tell the operator the `request_id`.",
        shows_sentence=False,
    ),
    ProblemKind(
        "storage_unreachable",
        HTTPStatus.SERVICE_UNAVAILABLE,
        "Our database does not answer",
        "Try again; whether a change was made has to be looked up.",
        shows_sentence=False,
        retry_after_s=5,
    ),
    ProblemKind(
        "storage_locked",
        HTTPStatus.SERVICE_UNAVAILABLE,
        "Our database is busy",
        "Nothing was done. Try again.",
        shows_sentence=False,
        retry_after_s=1,
    ),
    ProblemKind(
        "storage_version",
        HTTPStatus.SERVICE_UNAVAILABLE,
        "Our database is of another version",
        "The operator has to bring it up.",
        shows_sentence=False,
        retry_after_s=60,
    ),
    ProblemKind(
        "chain_unavailable",
        HTTPStatus.SERVICE_UNAVAILABLE,
        "The chain does not answer",
        "Try again.",
        shows_sentence=False,
        retry_after_s=5,
    ),
    ProblemKind(
        "mirror_missing",
        HTTPStatus.SERVICE_UNAVAILABLE,
        "There is no copy of the chain yet",
        "Try again; the operator has to start the indexer.",
        shows_sentence=False,
        retry_after_s=5,
    ),
    ProblemKind(
        "wallet_unanswered",
        HTTPStatus.SERVICE_UNAVAILABLE,
        "The contract wallet does not answer",
        "This is no denial. Try again; signing in needs a new nonce.",
        retry_after_s=2,
    ),
    ProblemKind(
        "wrong_node",
        HTTPStatus.SERVICE_UNAVAILABLE,
        "Our node is of another chain",
        "The operator has to look; what the mirror knows is answered meanwhile.",
        shows_sentence=False,
        retry_after_s=60,
    ),
    ProblemKind(
        "mirror_inconsistent",
        HTTPStatus.SERVICE_UNAVAILABLE,
        "Our copy of the chain has stopped",
        "The operator has to look; nothing is decided until then.",
        shows_sentence=False,
        retry_after_s=60,
    ),
    ProblemKind(
        "mirror_behind",
        HTTPStatus.SERVICE_UNAVAILABLE,
        "Our copy of the chain is behind",
        "This is no denial. Ask again after Retry-After.",
        retry_after_s=1,
    ),
    ProblemKind(
        "receipts_off",
        HTTPStatus.SERVICE_UNAVAILABLE,
        "No decisions are signed here",
        "The operator sets a key; ask without a receipt meanwhile.",
        retry_after_s=60,
    ),
    ProblemKind(
        "webhooks_off",
        HTTPStatus.SERVICE_UNAVAILABLE,
        "No webhooks are sent here",
        "The operator sets SEATS_API_WEBHOOK_KEY; until then, listen to GET /v1/events.",
        retry_after_s=60,
    ),
    ProblemKind(
        "media_off",
        HTTPStatus.SERVICE_UNAVAILABLE,
        "No recordings are kept here",
        "The operator sets where they are kept.",
        retry_after_s=60,
    ),
    ProblemKind(
        "media_unavailable",
        HTTPStatus.SERVICE_UNAVAILABLE,
        "A recording cannot be kept or read",
        "Try again; the operator was told.",
        shows_sentence=False,
        retry_after_s=5,
    ),
    ProblemKind(
        "uploads_busy",
        HTTPStatus.SERVICE_UNAVAILABLE,
        "Too many uploads are under way",
        "Nothing was kept. Send the recording again after Retry-After.",
        retry_after_s=30,
    ),
    ProblemKind(
        "not_ready",
        HTTPStatus.SERVICE_UNAVAILABLE,
        "Not ready",
        "`checks` names what fails. Send requests elsewhere until it passes.",
        retry_after_s=1,
    ),
)

PROBLEMS: Final[Mapping[str, ProblemKind]] = {kind.code: kind for kind in _KINDS}
"""Every row, by its code, in the order of the status."""

INTERNAL: Final = PROBLEMS["internal"]


def kind_of(error: Exception) -> ProblemKind:
    """The row of an error: its own, or that of the nearest class above it, or `internal`."""
    for cls in type(error).__mro__:
        code = vars(cls).get("code")
        if isinstance(code, str) and code in PROBLEMS:
            return PROBLEMS[code]
    return INTERNAL
