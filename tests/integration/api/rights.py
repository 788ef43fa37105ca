"""What each role of `everybody` may do with whose things, said without the API's own words.

Owns the calls' form and the expected answers of every guarded address. Refuses to make requests.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, TypeAlias

from tests.integration.api.everybody import CLIENTS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


ACTS_FOR: Final = dict.fromkeys(CLIENTS, "mentor") | {
    "client that oversees": "verifier of another drop"
}
TAKES_KEYS: Final = {
    "POST /v1/drops/{drop}/sessions/{session}/recordings": "recordings:write",
    "DELETE /v1/recordings/{recording}": "recordings:remove",
    "GET /v1/me/events": "events:read",
    "GET /v1/drops/{drop}/listings": "resales:read",
    "GET /v1/drops/{drop}/offers": "resales:read",
    "GET /v1/drops/{drop}/sessions/{session}/presences": "access:check",
    **{
        f"{method} /v1/webhook-endpoints{path}": "webhooks:manage"
        for method, path in (
            ("GET", ""),
            ("POST", ""),
            ("GET", "/{endpoint}"),
            ("PATCH", "/{endpoint}"),
            ("DELETE", "/{endpoint}"),
            ("POST", "/{endpoint}/rotate-secret"),
            ("GET", "/{endpoint}/deliveries"),
            ("POST", "/{endpoint}/deliveries/{delivery}/replay"),
        )
    },
}
"""By the scope that they name; every other address of `RIGHTS` refuses keys."""
SEATED: Final = {"owners": "one", "eves": "eves"}
"""Of which drop a seat is."""
HELD: Final = {"one": "owner", "eves": "another holder"}
LENT: Final = {"one": "delegate"}
HOSTED: Final = {
    "one": "co-host",
    "cohort": "co-host",
    "eves": "co-host of another drop",
}
CHECKED: Final = {
    "one": "verifier",
    "cohort": "verifier",
    "eves": "verifier of another drop",
    "turns": "verifier",
}
LED: Final = {
    "one": "mentor",
    "cohort": "mentor",
    "eves": "another mentor",
    "turns": "mentor",
}
TURN: Final = "owner"
"""Whose turn the seat is that is listed of the drop with turns; its seller has no role here."""


@dataclass(frozen=True)
class Call:
    """One request of one role; `ids` are the names of what it names, `about` is another role."""

    method: str
    path: str
    ids: Mapping[str, str]
    role: str
    query: Mapping[str, str] = field(default_factory=dict)
    for_another: bool = False
    about: str | None = None

    @property
    def operation(self) -> str:
        """Method and path."""
        return f"{self.method} {self.path}"

    def __str__(self) -> str:
        about = "" if self.about is None else f" about {self.about}"
        return f"{self.role}: {self.operation} {dict(self.ids)} {dict(self.query)}{about}"

    @property
    def subject(self) -> Call:
        """The same request, as if whoever it is about had made it."""
        return self if self.about is None else replace(self, role=self.about)


Expected: TypeAlias = "set[int | str] | None"
"""Statuses, or codes of problems; None: whatever is documented."""


def watches(call: Call, drop: str) -> bool:
    """Whether the caller may watch what belongs to a drop."""
    return call.role in {HELD.get(drop), LED.get(drop), LENT.get(drop), HOSTED.get(drop)}


def enters(call: Call, drop: str) -> bool:
    """Whether the caller may enter a drop's room; the cohort's is open to those who open it."""
    return watches(call, drop) or call.role == CHECKED.get(drop)


def gated(call: Call, good: int, *, opened: bool, exists: bool = True) -> Expected:
    """What somebody gets who must be signed in."""
    if call.role == "signed out":
        return {"sign_in_required"}
    if call.role == "dead token":
        return {"session_ended"}
    if refuses_the_key(call):
        return {"api_key_refused"}
    if not exists:
        return {"not_found"}
    return {good} if opened else {"access_denied", "mentor_required"}


def refuses_the_key(call: Call) -> bool:
    """Whether a client comes where its key is not good for anything."""
    return call.role in CLIENTS and CLIENTS[call.role] != TAKES_KEYS.get(call.operation)


def shown(call: Call, good: int, *, opened: bool, exists: bool = True) -> Expected:
    """What somebody gets who need not be signed in, and may then be told no."""
    if call.role == "dead token":
        return {"session_ended"}
    if refuses_the_key(call):
        return {"api_key_refused"}
    if not exists:
        return {"not_found"}
    return {good} if opened else {"access_denied"}


def sees_resales(call: Call, drop: str) -> bool:
    """The cohort's are for those who hold drop 1 or 2, its mentor, and who runs the platform."""
    return drop != "cohort" or call.role in {"owner", "mentor", "client that oversees"}


def of_a_listing(call: Call) -> Expected:
    listing = call.ids["listing"]
    if listing == "private":
        told = call.role in {"owner", "another holder"}
        return shown(call, 200, opened=True, exists=told)
    seen = listing != "gated" or sees_resales(call, "cohort")
    wanted = shown(call, 200, opened=seen, exists=listing != "none")
    if wanted == {200} and listing == "turn" and call.role != TURN:
        return {"turn_of_another"}
    return wanted


def of_a_purchase(call: Call) -> Expected:
    wanted, listing = of_a_listing(call), call.ids["listing"]
    if wanted != {200}:
        return wanted
    if call.for_another:
        return {"another_account"}
    # Nobody buys from themselves.
    own = (call.role, listing) in {("owner", "private"), ("another holder", "open")}
    return {"contract_reverted"} if own else {200}


def of_a_basket(call: Call) -> Expected:
    # What somebody may not buy is left out of a basket with its reason, and the rest is dead.
    wanted = of_a_purchase(call)
    dead = (
        *({"not_found"}, {"contract_reverted"}, {"turn_of_another"}),
        *({"access_denied"}, {"another_account"}, {"terms_unpublished"}),
    )
    return {"listing_dead"} if wanted in dead else wanted


def of_an_offer(call: Call) -> Expected:
    offer = call.ids["offer"]
    seen = offer != "gated" or sees_resales(call, "cohort")
    return shown(call, 200, opened=seen, exists=offer != "none")


def of_an_acceptance(call: Call) -> Expected:
    wanted, offer = of_an_offer(call), call.ids["offer"]
    # Nobody of these owns the gated seat, and the open offer wants to know which seat it gets.
    refused: dict[str, Expected] = {"gated": {"contract_reverted"}, "open": {"invalid_request"}}
    return refused[offer] if wanted == {200} else wanted


def of_a_bid(call: Call) -> Expected:
    wanted = shown(call, 200, opened=True, exists=call.ids["seat"] in SEATED)
    # Who has no wrapped ether cannot offer it, and nobody offers for their own seat.
    return {200, "rule_violated", "offer_dead"} if wanted == {200} else wanted


def about_another(call: Call, *, led: Expected) -> Expected:
    """What somebody gets who asks about somebody else; `led` where they may."""
    if call.role == "dead token":
        return {"session_ended"}
    if call.role not in CLIENTS:
        return {"api_key_required"}
    return led if call.role == "client at a door" else {"api_key_refused"}


def of_a_check(call: Call) -> Expected:
    drop, recording = call.ids["drop"], call.ids.get("recording")
    there = drop != "none" and call.ids.get("session") != "none" and recording in {None, drop}
    if call.about is not None:
        own = LED.get(drop) == ACTS_FOR.get(call.role)
        led: Expected = ({200} if own else {"mentor_required"}) if there else {"not_found"}
        return about_another(call, led=led)
    return shown(call, 200, opened=True, exists=there)


def of_a_batch(call: Call) -> Expected:
    if call.about is not None:
        return about_another(call, led={200})
    return shown(call, 200, opened=True)


def of_a_session_id(call: Call) -> Expected:
    return gated(call, 204, opened=True, exists=call.ids["session_id"] == call.role)


def of_naming_a_drop(good: int) -> Callable[[Call], Expected]:
    """What somebody gets who wants something for a drop of theirs, or for all of them."""

    def right(call: Call) -> Expected:
        drop = call.ids.get("drop")
        leads = drop is None or LED.get(drop) == owner_of(call)
        return gated(call, good, opened=leads, exists=drop != "none")

    return right


def of_a_key(call: Call) -> Expected:
    return gated(call, 204, opened=True, exists=call.ids["key"] == call.role)


def of_an_upload(call: Call) -> Expected:
    there = call.ids["drop"] != "none" and call.ids["session"] != "none"
    mentor, co_host = LED.get(call.ids["drop"]), HOSTED.get(call.ids["drop"])
    adds = mentor in {call.role, ACTS_FOR.get(call.role)} or co_host == call.role
    return gated(call, 201, opened=adds, exists=there)


def of_a_join(call: Call) -> Expected:
    there = call.ids["drop"] != "none" and call.ids["session"] != "none"
    return gated(call, 201, opened=enters(call, call.ids["drop"]), exists=there)


def of_presences(call: Call) -> Expected:
    drop = call.ids["drop"]
    if call.role not in CLIENTS:
        return {"api_key_required"}
    if refuses_the_key(call):
        return {"api_key_refused"}
    if drop != "none" and LED[drop] != ACTS_FOR[call.role]:
        return {"mentor_required"}
    return {"not_found"} if "none" in {drop, call.ids["session"]} else {200}


def of_a_recording(call: Call) -> Expected:
    found = call.ids["recording"]
    return shown(call, 200, opened=watches(call, found), exists=found != "none")


def of_taking_back(call: Call) -> Expected:
    found = call.ids["recording"]
    takes_back = LED.get(found) in {call.role, ACTS_FOR.get(call.role)}
    wanted = gated(call, 204, opened=takes_back, exists=found != "none")
    # A mentor and a program of theirs both may: the later one finds nothing.
    return {204, "not_found"} if wanted == {204} else wanted


def of_terms(call: Call) -> Expected:
    drop = call.ids["drop"]
    return gated(call, 200, opened=LED.get(drop) == call.role, exists=drop != "none")


def of_co_hosts(call: Call) -> Expected:
    drop = call.ids["drop"]
    sees = call.role in {LED.get(drop), HOSTED.get(drop)}
    return gated(call, 200, opened=sees, exists=drop != "none")


def of_a_removal(call: Call) -> Expected:
    drop = call.ids["drop"]
    return gated(call, 204, opened=LED.get(drop) == call.role, exists=drop != "none")


def of_an_allowlist(call: Call) -> Expected:
    wanted = of_terms(call)
    # Everybody may mint in the phases of these drops.
    return {"phase_without_list"} if wanted == {200} else wanted


def of_a_book(call: Call) -> Expected:
    drop, seat = call.ids["drop"], call.ids.get("seat")
    wanted = shown(call, 200, opened=sees_resales(call, drop), exists=drop != "none")
    # Only who may see the book is told that the seat is of another drop.
    astray = seat is not None and SEATED.get(seat) != drop
    return {"invalid_request"} if wanted == {200} and astray else wanted


def waits(call: Call) -> bool:
    """Whether what is named is a wait-list."""
    return call.ids["drop"] == "turns" and call.ids["tier"] == "first"


def of_a_wait_list(call: Call) -> Expected:
    return shown(call, 200, opened=True, exists=waits(call))


def of_a_place(good: int) -> Callable[[Call], Expected]:
    return lambda call: gated(call, good, opened=True, exists=waits(call))


def of_a_turn(call: Call) -> Expected:
    wanted = gated(call, 204, opened=True, exists=waits(call))
    theirs = call.role == TURN and call.ids["waited"] == "turns"
    return {"not_found"} if wanted == {204} and not theirs else wanted


def owner_of(call: Call) -> str:
    """As whom the caller acts."""
    return ACTS_FOR.get(call.role, call.role)


def owns_the_endpoint(call: Call) -> bool:
    return (owner_of(call), call.ids["endpoint"]) in {
        ("mentor", "mentors"),
        ("another mentor", "eves"),
    }


def of_an_endpoint(good: int) -> Callable[[Call], Expected]:
    def right(call: Call) -> Expected:
        return gated(call, good, opened=True, exists=owns_the_endpoint(call))

    return right


def of_an_edit(call: Call) -> Expected:
    there = of_an_endpoint(200)(call)
    return of_naming_a_drop(200)(call) if there == {200} else there


def of_an_endpoints_end(call: Call) -> Expected:
    wanted = of_an_endpoint(204)(call)
    # The mentor, who comes first, may have ended it.
    return {204, "not_found"} if wanted == {204} and call.role in CLIENTS else wanted


def of_a_delivery(call: Call) -> Expected:
    there = owns_the_endpoint(call) and call.ids["delivery"] == call.ids["endpoint"]
    return gated(call, 202, opened=True, exists=there)


def of_oneself(call: Call) -> Expected:
    return gated(call, 200, opened=True)


RIGHTS: Final[Mapping[str, Callable[[Call], Expected]]] = {
    "GET /v1/auth/session": of_oneself,
    "GET /v1/auth/sessions": of_oneself,
    "DELETE /v1/auth/sessions/{session_id}": of_a_session_id,
    "POST /v1/api-keys": of_naming_a_drop(201),
    "GET /v1/api-keys": of_oneself,
    "DELETE /v1/api-keys/{key}": of_a_key,
    "POST /v1/auth/sign-out": lambda call: gated(call, 204, opened=True),
    "PUT /v1/drops/{drop}/terms": of_terms,
    "PUT /v1/drops/{drop}/phases/{phase}/allowlist": of_an_allowlist,
    "GET /v1/drops/{drop}/co-hosts": of_co_hosts,
    "PUT /v1/drops/{drop}/co-hosts/{account}": of_terms,
    "DELETE /v1/drops/{drop}/co-hosts/{account}": of_a_removal,
    "GET /v1/me/seats": of_oneself,
    "GET /v1/events": lambda call: shown(call, 410, opened=True),
    "GET /v1/me/events": lambda call: gated(call, 410, opened=True),
    "GET /v1/webhook-endpoints": of_oneself,
    "POST /v1/webhook-endpoints": of_naming_a_drop(201),
    "GET /v1/webhook-endpoints/{endpoint}": of_an_endpoint(200),
    "PATCH /v1/webhook-endpoints/{endpoint}": of_an_edit,
    "DELETE /v1/webhook-endpoints/{endpoint}": of_an_endpoints_end,
    "POST /v1/webhook-endpoints/{endpoint}/rotate-secret": of_an_endpoint(200),
    "GET /v1/webhook-endpoints/{endpoint}/deliveries": of_an_endpoint(200),
    "POST /v1/webhook-endpoints/{endpoint}/deliveries/{delivery}/replay": of_a_delivery,
    "POST /v1/tx/buy": of_a_purchase,
    "POST /v1/tx/buy-many": of_a_basket,
    "GET /v1/drops/{drop}/listings": of_a_book,
    "GET /v1/drops/{drop}/offers": of_a_book,
    "GET /v1/offers/{offer}": of_an_offer,
    "POST /v1/tx/accept-offer": of_an_acceptance,
    "POST /v1/tx/offer": of_a_bid,
    "GET /v1/listings/{listing}": of_a_listing,
    "GET /v1/me/places": of_oneself,
    "GET /v1/drops/{drop}/wait-lists/{tier}": of_a_wait_list,
    "PUT /v1/drops/{drop}/wait-lists/{tier}/place": of_a_place(200),
    "DELETE /v1/drops/{drop}/wait-lists/{tier}/place": of_a_place(204),
    "DELETE /v1/drops/{drop}/wait-lists/{tier}/turn": of_a_turn,
    "POST /v1/drops/{drop}/sessions/{session}/join": of_a_join,
    "GET /v1/drops/{drop}/sessions/{session}/presences": of_presences,
    "POST /v1/drops/{drop}/sessions/{session}/recordings": of_an_upload,
    "DELETE /v1/recordings/{recording}": of_taking_back,
    "GET /v1/recordings/{recording}/stream": of_a_recording,
    "HEAD /v1/recordings/{recording}/stream": of_a_recording,
    "GET /v1/access/check": of_a_check,
    "GET /v1/access/receipt": of_a_check,
    "POST /v1/access/check:batch": of_a_batch,
    "POST /v1/admissions": lambda call: (
        {"ticket_spent"} if call.ids["ticket"] == "none" else {201, "ticket_spent"}
    ),
    "POST /v1/admissions/renew": lambda call: (
        {"admission_ended"} if call.ids["admission"] == "none" else {200}
    ),
}
"""What is guarded. A ticket and an admission are credentials: whoever brings one may use it."""
