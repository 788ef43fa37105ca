"""Every address of the API that this client knows, with what it answers.

Owns the one table; a test holds it equal to the API's own OpenAPI document, both ways. Refuses to
ask anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Generic, TypeVar
from urllib.parse import quote

from marketplace.client.answers.access import CheckAnswers, Decision
from marketplace.client.answers.chain import ChainStatus, Live, Ready
from marketplace.client.answers.drops import Drop, DropsPage, PublishedTerms
from marketplace.client.answers.eligibility import Eligibility, PublishedAllowlist
from marketplace.client.answers.hosting import CoHost, CoHosts
from marketplace.client.answers.keys import ApiKeys, MadeApiKey
from marketplace.client.answers.market import (
    OffersPage,
    Prepared,
    PreparedBuy,
    PreparedListing,
    WholeOffer,
)
from marketplace.client.answers.mentors import Mentor, MentorsPage
from marketplace.client.answers.offers import (
    BuyersOffersPage,
    CheckInMessage,
    PassMessage,
    PreparedOffer,
    WholeBuyersOffer,
)
from marketplace.client.answers.problem import ProblemRow, ProblemRows
from marketplace.client.answers.products import ProductsPage, WholeProduct
from marketplace.client.answers.seats import Seat, SeatHistory, SeatsPage
from marketplace.client.answers.sessions import (
    Admission,
    DropSession,
    Recording,
    Renewal,
    Ticket,
)
from marketplace.client.answers.sign_in import Nonce, Session, Sessions, SignedIn
from marketplace.client.answers.waiting import WaitList, WaitPlaces
from marketplace.client.answers.webhooks import (
    WebhookDeliveries,
    WebhookEndpoint,
    WebhookEndpoints,
    WebhookSecret,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Route(Generic[_T]):
    """One method of one address.

    Attributes:
        path: With its variable segments in braces, as OpenAPI writes it.
        answer: The dataclass of its JSON; `bytes` where the body is none, `NoneType` where there
            is no body.
        by: The method of the client that asks it.
        once: Whether it makes something, and takes a key by which it is made once however often
            it is sent.
    """

    method: str
    path: str
    answer: type[_T]
    by: str
    once: bool = False

    @property
    def name(self) -> str:
        """Method and path, for messages."""
        return f"{self.method} {self.path}"

    def at(self, segments: Mapping[str, str | int]) -> str:
        """The path with its segments filled in; none of them can lead elsewhere."""
        quoted = {name: quote(str(value), safe="") for name, value in segments.items()}
        return self.path.format(**quoted)


LIVE: Final = Route("GET", "/health/live", Live, "live")
READY: Final = Route("GET", "/health/ready", Ready, "ready")
PROBLEMS: Final = Route("GET", "/v1/problems", ProblemRows, "problems")
PROBLEM: Final = Route("GET", "/v1/problems/{code}", ProblemRow, "problem")

NONCE: Final = Route("POST", "/v1/auth/nonce", Nonce, "sign_in")
VERIFY: Final = Route("POST", "/v1/auth/verify", SignedIn, "sign_in")
SESSION: Final = Route("GET", "/v1/auth/session", Session, "who_am_i")
SESSIONS: Final = Route("GET", "/v1/auth/sessions", Sessions, "my_sessions")
END_SESSION: Final = Route("DELETE", "/v1/auth/sessions/{session_id}", bytes, "end_session")
SIGN_OUT: Final = Route("POST", "/v1/auth/sign-out", bytes, "sign_out")

CHAIN: Final = Route("GET", "/v1/chain/status", ChainStatus, "chain_status")
MENTORS: Final = Route("GET", "/v1/mentors", MentorsPage, "mentors")
MENTOR: Final = Route("GET", "/v1/mentors/{mentor}", Mentor, "mentor")
PRODUCTS: Final = Route("GET", "/v1/products", ProductsPage, "products")
PRODUCT: Final = Route("GET", "/v1/products/{product}", WholeProduct, "product")
DROPS: Final = Route("GET", "/v1/drops", DropsPage, "drops")
DROP: Final = Route("GET", "/v1/drops/{drop}", Drop, "drop")
PUBLISH_TERMS: Final = Route("PUT", "/v1/drops/{drop}/terms", PublishedTerms, "publish_terms")
TERMS: Final = Route("GET", "/v1/drops/{drop}/terms", bytes, "terms")
PUBLISH_ALLOWLIST: Final = Route(
    "PUT", "/v1/drops/{drop}/phases/{phase}/allowlist", PublishedAllowlist, "publish_allowlist"
)
ELIGIBILITY: Final = Route(
    "GET", "/v1/drops/{drop}/phases/{phase}/eligibility", Eligibility, "eligibility"
)
DROP_SEATS: Final = Route("GET", "/v1/drops/{drop}/seats", SeatsPage, "seats")
MY_SEATS: Final = Route("GET", "/v1/me/seats", SeatsPage, "my_seats")
SEAT: Final = Route("GET", "/v1/seats/{seat}", Seat, "seat")
HISTORY: Final = Route("GET", "/v1/seats/{seat}/history", SeatHistory, "history")
METADATA: Final = Route("GET", "/v1/seats/{seat}/metadata", bytes, "metadata")
IMAGE: Final = Route("GET", "/v1/seats/{seat}/image", bytes, "image")

ACCESS: Final = Route("GET", "/v1/access/check", Decision, "check_access")
ACCESS_BATCH: Final = Route("POST", "/v1/access/check:batch", CheckAnswers, "check_many")
RECEIPT: Final = Route("GET", "/v1/access/receipt", bytes, "receipt")

MAKE_KEY: Final = Route("POST", "/v1/api-keys", MadeApiKey, "make_api_key", once=True)
KEYS: Final = Route("GET", "/v1/api-keys", ApiKeys, "my_api_keys")
END_KEY: Final = Route("DELETE", "/v1/api-keys/{key}", bytes, "end_api_key")

MINT: Final = Route("POST", "/v1/tx/mint", Prepared, "prepare_mint")
LIST: Final = Route("POST", "/v1/tx/list", PreparedListing, "prepare_list")
BUY: Final = Route("POST", "/v1/tx/buy", PreparedBuy, "prepare_buy")
CANCEL: Final = Route("POST", "/v1/tx/cancel-listings", Prepared, "prepare_cancel")
KEEP_LISTING: Final = Route("POST", "/v1/listings", WholeOffer, "publish_listing", once=True)
OFFERS: Final = Route("GET", "/v1/drops/{drop}/listings", OffersPage, "listings")
OFFER: Final = Route("GET", "/v1/listings/{listing}", WholeOffer, "listing")

CHECK_IN: Final = Route("POST", "/v1/tx/check-in-message", CheckInMessage, "check_in_message")
PASS: Final = Route("POST", "/v1/tx/pass-message", PassMessage, "pass_message")
MAKE_OFFER: Final = Route("POST", "/v1/tx/offer", PreparedOffer, "sign_and_offer")
KEEP_OFFER: Final = Route("POST", "/v1/offers", WholeBuyersOffer, "publish_offer", once=True)
BUYERS_OFFERS: Final = Route("GET", "/v1/drops/{drop}/offers", BuyersOffersPage, "offers")
BUYERS_OFFER: Final = Route("GET", "/v1/offers/{offer}", WholeBuyersOffer, "offer")

WAIT_LIST: Final = Route("GET", "/v1/drops/{drop}/wait-lists/{tier}", WaitList, "wait_list")
MY_PLACES: Final = Route("GET", "/v1/me/places", WaitPlaces, "my_places")
JOIN_WAIT_LIST: Final = Route(
    "PUT", "/v1/drops/{drop}/wait-lists/{tier}/place", WaitList, "join_wait_list"
)
LEAVE_WAIT_LIST: Final = Route(
    "DELETE", "/v1/drops/{drop}/wait-lists/{tier}/place", bytes, "leave_wait_list"
)
PASS_TURN_ON: Final = Route(
    "DELETE", "/v1/drops/{drop}/wait-lists/{tier}/turn", bytes, "pass_turn_on"
)

ACTIONS: Final = {
    path: Route("POST", f"/v1/tx/{path}", Prepared, "prepare_action")
    for path in (
        "accept-offer",
        "assert",
        "bump-counter",
        "buy-many",
        "cancel-drop",
        "cancel-offer",
        "check-in",
        "claim",
        "collect",
        "create-drop",
        "fail-drop",
        "gift",
        "grant",
        "lower-cap",
        "mint-many",
        "object",
        "pause",
        "postpone",
        "refund",
        "resolve",
        "resolve-by-default",
        "set-verifier",
        "settle",
        "unpause",
        "withdraw",
        "wrap",
    )
}
"""Actions that have one shape: what the caller would send is compared with what was prepared."""

DROP_SESSION: Final = Route("GET", "/v1/drops/{drop}/sessions/{session}", DropSession, "session")
JOIN: Final = Route("POST", "/v1/drops/{drop}/sessions/{session}/join", Ticket, "join", once=True)
REDEEM: Final = Route("POST", "/v1/admissions", Admission, "redeem", once=True)
RENEW: Final = Route("POST", "/v1/admissions/renew", Renewal, "renew")
PRESENCES: Final = Route("GET", "/v1/drops/{drop}/sessions/{session}/presences", bytes, "presences")
UPLOAD: Final = Route(
    "POST", "/v1/drops/{drop}/sessions/{session}/recordings", Recording, "upload_recording"
)
RECORDING: Final = Route("GET", "/v1/recordings/{recording}", Recording, "recording")
REMOVE_RECORDING: Final = Route("DELETE", "/v1/recordings/{recording}", bytes, "remove_recording")
STREAM: Final = Route("GET", "/v1/recordings/{recording}/stream", bytes, "open_recording")
STREAM_HEAD: Final = Route("HEAD", "/v1/recordings/{recording}/stream", bytes, "recording_head")

CO_HOSTS: Final = Route("GET", "/v1/drops/{drop}/co-hosts", CoHosts, "co_hosts")
NAME_CO_HOST: Final = Route("PUT", "/v1/drops/{drop}/co-hosts/{account}", CoHost, "name_co_host")
REMOVE_CO_HOST: Final = Route(
    "DELETE", "/v1/drops/{drop}/co-hosts/{account}", bytes, "remove_co_host"
)

EVENTS: Final = Route("GET", "/v1/events", bytes, "events")
MY_EVENTS: Final = Route("GET", "/v1/me/events", bytes, "my_events")

REGISTER_WEBHOOK: Final = Route(
    "POST", "/v1/webhook-endpoints", WebhookSecret, "register_webhook", once=True
)
WEBHOOKS: Final = Route("GET", "/v1/webhook-endpoints", WebhookEndpoints, "webhooks")
WEBHOOK: Final = Route("GET", "/v1/webhook-endpoints/{endpoint}", WebhookEndpoint, "webhook")
EDIT_WEBHOOK: Final = Route(
    "PATCH", "/v1/webhook-endpoints/{endpoint}", WebhookEndpoint, "edit_webhook"
)
REMOVE_WEBHOOK: Final = Route("DELETE", "/v1/webhook-endpoints/{endpoint}", bytes, "remove_webhook")
ROTATE_WEBHOOK: Final = Route(
    "POST",
    "/v1/webhook-endpoints/{endpoint}/rotate-secret",
    WebhookSecret,
    "rotate_webhook_secret",
    once=True,
)
WEBHOOK_LOG: Final = Route(
    "GET", "/v1/webhook-endpoints/{endpoint}/deliveries", WebhookDeliveries, "webhook_deliveries"
)
REPLAY_WEBHOOK: Final = Route(
    "POST",
    "/v1/webhook-endpoints/{endpoint}/deliveries/{delivery}/replay",
    bytes,
    "replay_webhook",
)

ROUTES: Final = (
    *(one for one in tuple(vars().values()) if isinstance(one, Route)),
    *ACTIONS.values(),
)
"""All of them."""
