"""What can go wrong on our side: the rows of the table with statuses from 500 on.

Owns them, by rising status. Refuses what is wrong with a request: `api.problems_asked` has it.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from api.problem_kind import ProblemKind

HERE: Final = (
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
        "mirror_incomplete",
        HTTPStatus.SERVICE_UNAVAILABLE,
        "Our copy of the chain is being built again",
        "Try again; this may take minutes.",
        shows_sentence=False,
        retry_after_s=5,
    ),
    ProblemKind(
        "wallet_unanswered",
        HTTPStatus.SERVICE_UNAVAILABLE,
        "The contract wallet does not answer",
        "This is no denial. Try again; signing in needs a new nonce.",
        retry_after_s=10,
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
        "long_bodies_busy",
        HTTPStatus.SERVICE_UNAVAILABLE,
        "Too many texts and lists wait",
        "Nothing was done. Send the text or list again after Retry-After.",
        retry_after_s=10,
    ),
    ProblemKind(
        "not_ready",
        HTTPStatus.SERVICE_UNAVAILABLE,
        "Not ready",
        "`checks` names what fails. Send requests elsewhere until it passes.",
        retry_after_s=1,
    ),
)
