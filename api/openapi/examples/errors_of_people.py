"""Errors for the document's examples: what is wrong with who asks, or with how.

Refuses what is asked for: `errors_of_market` and `errors_of_rooms` have it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from api.auth.cookies import forgotten_session
from api.auth.errors import (
    ContractWalletRefused,
    CrossSiteRequest,
    CsrfTokenWrong,
    SessionEnded,
    SignInAttemptUnknown,
    SignInMessageMalformed,
    SignInMessageRefused,
    SignInRequired,
    SignInSignatureMalformed,
    SignInSignatureWrong,
)
from api.auth.wallets import Refusal
from api.errors import (
    BodyTooLarge,
    BodyTooSlow,
    FieldFault,
    InvalidRequest,
    LongBodyUnderWay,
    MalformedBody,
    UnsupportedMediaType,
)
from api.hosting.errors import CoHostRemoved, TooManyCoHosts
from api.idempotency.asking import LASTS_S
from api.idempotency.errors import AnswerSealed, IdempotencyKeyInUse, IdempotencyKeyReused
from api.keys.errors import (
    ApiKeyEnded,
    ApiKeyRequired,
    KeyLimited,
    KeyNotTakenHere,
    KeyOfOtherDrops,
    NotAnOperator,
    ScopeMissing,
    TooManyKeys,
)
from api.keys.values import Scope
from api.limits.classes import RouteClass
from api.limits.errors import TooManyRequests
from api.limits.quotas import SECOND, WINDOW_S, Quota, Taken
from api.market.errors import AnotherAccount
from api.openapi.examples.story import DAN, DROP, EVE, MENTOR
from api.programme.errors import MentorRequired
from api.settings import ApiSettings

if TYPE_CHECKING:
    from collections.abc import Mapping

_LIMITS: Final = {
    RouteClass.SIGN_IN: "limit_sign_in",
    RouteClass.WRITES: "limit_writes",
    RouteClass.PREPARING: "limit_preparing",
    RouteClass.READS: "limit_reads",
    RouteClass.CHECKS: "limit_checks",
}
"""The settings of quotas."""


def usual(setting: str) -> int:
    """What a number of the settings is unless an operator sets another."""
    found: int = ApiSettings.model_fields[setting].default
    return found


def errors_of_people() -> Mapping[str, Exception]:
    """Each under its example's name."""
    return {**_asking(), **_signing_in(), **_with_keys(), **_again()}


def _asking() -> dict[str, Exception]:
    faults = FieldFault("/query/colour", "this parameter is unknown here")
    return {
        "invalid_request": InvalidRequest((faults,)),
        "malformed_body": MalformedBody("it cannot be decoded"),
        "unsupported_media_type": UnsupportedMediaType("text/plain"),
        "body_too_large": BodyTooLarge(usual("max_body_bytes")),
        "body_too_slow": BodyTooSlow(usual("body_timeout_s")),
        "long_body_under_way": LongBodyUnderWay(),
        **{
            f"too_many_requests.{kind.value}": TooManyRequests(
                # A moment ago the last of them was asked for.
                Taken(
                    allowed=False, full_in=WINDOW_S * SECOND, quota=Quota(kind.value, usual(name))
                )
            )
            for kind, name in _LIMITS.items()
        },
    }


def _signing_in() -> dict[str, Exception]:
    return {
        "sign_in_required": SignInRequired(),
        "session_ended": SessionEnded(),
        "session_ended.cookie": SessionEnded(forgotten_session()),
        "cross_site_request": CrossSiteRequest(),
        "csrf_token_wrong": CsrfTokenWrong(),
        "sign_in_attempt_unknown": SignInAttemptUnknown(),
        "sign_in_message_malformed": SignInMessageMalformed(
            "its first line is no invitation to sign in"
        ),
        "sign_in_message_refused": SignInMessageRefused("domain", "must be seats.example"),
        "sign_in_signature_malformed": SignInSignatureMalformed(
            "it is not 0x and pairs of hex digits"
        ),
        "sign_in_signature_wrong": SignInSignatureWrong(),
        "contract_wallet_refused": ContractWalletRefused(
            Refusal.SAYS_NO.value, Refusal.SAYS_NO.fault
        ),
        "another_account": AnotherAccount(EVE, DAN),
        "mentor_required": MentorRequired(DROP, MENTOR),
        "co_host_removed": CoHostRemoved(DROP),
        "too_many_co_hosts": TooManyCoHosts(DROP, usual("max_co_hosts")),
    }


def _with_keys() -> dict[str, Exception]:
    return {
        "api_key_required": ApiKeyRequired(Scope.ACCESS_CHECK.value),
        "api_key_ended": ApiKeyEnded(),
        "api_key_refused.no_key": KeyNotTakenHere(),
        "api_key_refused.other_drops": KeyOfOtherDrops(DROP),
        "api_key_refused.limited": KeyLimited("Make one without a limit."),
        "api_key_refused.not_an_operator": NotAnOperator(DAN),
        "api_key_refused.limited_operator": KeyLimited("Make one without drops."),
        "api_key_refused.limited_endpoint": KeyLimited(
            "Name the drops that the endpoint shall hear of."
        ),
        **{
            f"api_key_refused.{one.value.replace(':', '_')}": ScopeMissing(one.value)
            for one in Scope
        },
        "too_many_api_keys": TooManyKeys(usual("max_api_keys")),
    }


def _again() -> dict[str, Exception]:
    return {
        "idempotency_key_in_use": IdempotencyKeyInUse(LASTS_S),
        "idempotency_key_reused": IdempotencyKeyReused(),
        "answer_sealed": AnswerSealed(),
    }
