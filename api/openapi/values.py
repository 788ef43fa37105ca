"""What each value of an enumeration means.

Owns the meanings, one table for each set of values, wherever the set stands: two enumerations with
the same values mean the same by them. Refuses values that are in no enumeration of the document.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from api.openapi.schemas import enumerated

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.openapi.schemas import Json

VALUES: Final[Mapping[str, Mapping[str, str]]] = {
    "level": {
        "latest": "the newest block; a reorganisation may take it back",
        "safe": "the last block that the node calls safe",
        "finalized": "the last block that the node calls final; nothing takes it back",
    },
    "action of the gate": {
        "enter_session": "enter the room of a session",
        "watch_recording": "watch a recording",
        "see_resale": "see the drop's resale listings and offers",
    },
    "reason of the gate": {
        "mirror_empty": "nothing is known: the mirror still reads history",
        "mirror_lags": "nothing is known: the mirror is older than is allowed",
        "mirror_behind": "nothing is known: the mirror has not reached the block that was named",
        "mirror_contradicts": "nothing is known: the mirror contradicts itself",
        "drop_unknown": "nothing is known: the drop is not there, or another has its number",
        "delegations_missing": "nothing is known: who is whose delegate has not been read yet",
        "not_signed_in": "nobody is signed in",
        "no_seat": "the account has no seat of a drop that opens this",
        "other_tier": "its seats are of tiers that do not open this",
        "not_settled": "the seat, or the delegation, came in a block that is too young",
        "not_open_yet": "it is too early",
        "closed": "it is over",
        "drop_ended": "the drop was cancelled or has failed",
        "not_the_mentor": "no seat opens it, and the account is not the mentor",
        "operators_stay_out": "operators enter no room; never said over HTTP",
        "admitted": "they are let in",
    },
    "what let somebody in": {
        "seat": "a seat of their own",
        "delegate": "a seat whose owner lets them act for it",
        "mentor": "they are the drop's mentor",
        "co_host": "the drop's mentor has named them",
        "verifier": "they check people in at the drop",
        "operator": "they run the platform, and look at what is for sale by a key",
        "open_to_all": "it is open to everybody",
    },
    "remedy": {
        "sign_in": "sign in",
        "buy_seat": "own a seat of `drop`, of one of `tiers`",
        "wait_until": "come back at `at`",
        "wait_for_block": "ask again when `block` is as settled as `level` says",
        "retry_soon": "ask again in `after_s` seconds",
        "claim_refund": "nothing opens it: `drop` will not happen, and its money is to be had",
        "choose_another": "nothing opens it: this has ended",
        "act_as_holder": "come as an account with a seat, or as the mentor",
    },
    "carrier of a session": {
        "cookie": "a browser, by a cookie that no script can read",
        "bearer": "any other client, by a token in `Authorization`",
    },
    "scope of an API key": {
        "access:check": "ask whether any account gets in, and hear who has to leave a room",
        "recordings:write": "add recordings",
        "recordings:remove": "take recordings back, whoever has added them",
        "webhooks:manage": "do all that the account can with webhook endpoints",
        "events:read": "hear what concerns the account",
        "resales:read": "see every drop's listings and offers, for accounts that run the platform",
    },
    "state of a drop": {
        "none": "there is no such drop; never sent",
        "live": "it sells, or has sold, and no delivery was reported yet",
        "asserted": "the mentor has reported delivery, and holders may object",
        "disputed_narrow": "few have objected: their seats alone are in dispute",
        "disputed_wide": "many have objected: all seats are in dispute",
        "split_narrow": "the objectors' dispute was decided with a share for them",
        "split_wide": "the dispute about all seats was decided with a share for their holders",
        "settled": "it ended as delivered, and the mentor is paid",
        "cancelled": "the mentor has cancelled it: holders get everything back",
        "failed": "no delivery was reported in time: holders get everything back",
    },
    "state of a seat's session": {
        "attended": "the seat was in it, whoever owned it then",
        "past": "it is over, and the seat was not in it",
        "to_come": "it goes on, or will be",
        "void": "it will not be: the drop was cancelled or has failed, or the seat is gone",
    },
    "policy of seats": {
        "market_only": "by sale here, or as their owner's gift",
        "open": "as any ERC-721 token",
        "bound": "never",
    },
    "gate of a phase": {
        "public": "nothing is asked for",
        "allowlist": "the account is on a list, and brings its proof",
        "pass": "the account brings a pass that was signed for it",
        "seat": "the account holds a seat of another drop, which opens it once",
    },
    "audience of resales": {
        "anyone": "everybody is shown them",
        "holders": "holders of seats of the drop are shown them",
        "wait_list": "whoever waits is offered them in turn, and then everybody",
    },
    "format": {
        "drop session": "one live session about one thing",
        "sprint cohort": "several weeks with a group",
    },
    "order of listings": {
        "price": "the cheapest first, and of one price by seat",
        "newest": "the last that came first",
    },
    "what signed an order": {
        "key": "the account's own key",
        "wallet": "a contract wallet (ERC-1271), which may change its mind",
    },
    "how a seat came to its owner": {
        "mint": "it was bought from the mentor, or granted",
        "sale": "it was bought from its owner",
        "gift": "its owner gave it away",
        "burn": "it was given back, and nobody owns it",
    },
    "end of a place": {
        "left": "the account gave it up",
        "bought": "a seat of the tier came to the account",
        "missed": "another turn was missed, a day or more after one that was",
        "drop_over": "the drop sells nothing any more",
    },
    "end of a turn": {
        "missed": "its time ran out, and the seat could be bought",
        "passed": "the account passed it on, which costs nothing",
        "listing_gone": "no listing of the seat lives any more, which costs nothing",
        "place_ended": "the account's place ended",
    },
    "type of a message": {
        "seat.moved": "a seat has changed hands, was minted or given back",
        "seat.sold": "a seat was resold",
        "seat.refunded": "a seat was given back for money",
        "seat.checked_in": "a holder was checked in",
        "drop.changed": "a drop was created, changed or has ended",
        "access.revoked": "somebody has lost a seat, and whatever it opened",
    },
    "state of a delivery": {
        "waiting": "it is to be sent, or sent again",
        "delivered": "the endpoint has answered 2xx",
        "failed": "it was tried for three days, or given up; it can be replayed",
        "overtaken": "what it tells was taken back before it arrived: it is not sent any more",
    },
    "fault of an attempt": {
        "unreachable": "no connection could be made that may be used",
        "too_slow": "no answer came in time",
        "broken_off": "the answer broke off, or never came to its body",
        "unwanted": "the endpoint names other drops since an edit",
    },
    "why an endpoint is disabled": {
        "failing": "nothing has arrived for days",
        "gone": "it has answered 410",
        "owner": "its owner said so",
    },
}
"""By what the values are of; each says the meaning of every value."""


def say_values(document: Json) -> None:
    """Add to every enumeration what its values mean, as a list."""
    for _, described, values in enumerated(document):
        meanings = meanings_of(values)
        said = described.get("description", "")
        listed = "\n".join(f"- `{value}`: {meanings[value]}" for value in values)
        described["description"] = f"{said}\n\n{listed}".strip()


def meanings_of(values: list[str]) -> Mapping[str, str]:
    """What each of these values means. Raises ValueError for values that have no table."""
    for meanings in VALUES.values():
        if set(meanings) == set(values):
            return meanings
    raise ValueError(f"nothing says what {', '.join(values)} mean")
