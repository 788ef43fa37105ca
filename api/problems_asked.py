"""What can be wrong with a request: the rows of the table with statuses below 500.

Owns them, by rising status. Refuses what is wrong with who asks, which is `api.problems_who`'s, and
what goes wrong on our side: `api.problems_here` has it.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from api.problem_kind import ProblemKind

ASKED: Final = (
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
        "upload_too_slow",
        HTTPStatus.REQUEST_TIMEOUT,
        "The upload hardly moves",
        "Nothing was kept. Send the recording again over a better connection.",
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
        "phase_without_list",
        HTTPStatus.CONFLICT,
        "No allowlist opens the phase",
        "Name the phase that was launched with the list.",
    ),
    ProblemKind(
        "allowlist_differs",
        HTTPStatus.CONFLICT,
        "Not the list that the phase was launched with",
        "Send the accounts whose root is the phase's gate data; `sent_root` is what came.",
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
        "turn_of_another",
        HTTPStatus.CONFLICT,
        "The seat is another account's turn",
        "Ask again after Retry-After; `until` is the turn's end. Or join the wait-list.",
    ),
    ProblemKind(
        "wait_list_closed",
        HTTPStatus.CONFLICT,
        "The drop is over",
        "Its seats are not sold any more: look for another drop.",
    ),
    ProblemKind(
        "seat_held",
        HTTPStatus.CONFLICT,
        "The account has such a seat",
        "The wait-list is for those who have none.",
    ),
    ProblemKind(
        "wait_list_full",
        HTTPStatus.CONFLICT,
        "As many wait as may",
        "Ask again later, or wait for a seat of another tier.",
    ),
    ProblemKind(
        "too_many_places",
        HTTPStatus.CONFLICT,
        "The account waits in as many places as it may",
        "Leave one with DELETE …/place, then join another.",
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
        "too_many_co_hosts",
        HTTPStatus.CONFLICT,
        "The drop has all the co-hosts that it may have",
        "Remove one with DELETE /v1/drops/{drop}/co-hosts/{account}, then name another.",
    ),
    ProblemKind(
        "idempotency_key_in_use",
        HTTPStatus.CONFLICT,
        "The first request with this key is under way",
        "Nothing was done now. Ask again after Retry-After, with the same key.",
    ),
    ProblemKind(
        "answer_sealed",
        HTTPStatus.CONFLICT,
        "It was done, and the answer was for another session",
        "Look for what was made. If you need its secret, end it and make another.",
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
        "idempotency_key_reused",
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "The key came with another request before",
        "Nothing was done. Make a new Idempotency-Key for each thing.",
    ),
    ProblemKind(
        "streams_busy",
        HTTPStatus.TOO_MANY_REQUESTS,
        "Too many streams",
        "Close one.",
        retry_after_s=30,
    ),
    ProblemKind(
        "long_body_under_way",
        HTTPStatus.TOO_MANY_REQUESTS,
        "One of yours is under way",
        "Nothing was done. Send the text or list again after Retry-After.",
        retry_after_s=5,
    ),
    ProblemKind(
        "too_many_requests",
        HTTPStatus.TOO_MANY_REQUESTS,
        "Too many requests",
        "Nothing was done. Ask again after Retry-After; `RateLimit` says what is left.",
        retry_after_s=1,
    ),
)
