"""The one table of actions: path, function of the contract, request, who may, and the plan.

Owns which function of the contract is prepared where, and why a few are prepared nowhere; a test
holds the table to the ABI. Refuses plans of more than a line: those are in modules by subject.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from api.actions import creating, drop_orders, holding, minting, orders, steering
from api.actions.steps import Step
from marketplace.domain.ids import DropId, SeatId

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from api.actions.steps import Site


@dataclass(frozen=True, slots=True)
class Action:
    """One action of the contract.

    Attributes:
        path: Under /v1/tx.
        function: Its signature in the ABI, without parameters where the name is its only one.
        order: The request's body.
        does: What it does, for the API's document.
        who: Whom the contract lets do it.
        plan: Gives the step of an order, of the class `order`.
    """

    path: str
    function: str
    order: type[orders.Order]
    does: str
    who: str
    plan: Callable[[Site, Any], Step]


_OWNER: Final = "the seat's owner"
_MENTOR: Final = "the drop's mentor"
_GUARDIAN: Final = "the guardian"
_ANYBODY: Final = "anybody"

ACTIONS: Final = (
    Action(
        "mint",
        "mint",
        orders.MintOrder,
        "mints seats of a phase for exactly their price",
        "whom the phase admits",
        minting.mint,
    ),
    Action(
        "mint-many",
        "mintMany",
        orders.MintManyOrder,
        "mints seats of several phases, in any drops, all or nothing",
        "whom every phase admits",
        minting.mint_many,
    ),
    Action(
        "gift",
        "safeTransferFrom(address,address,uint256)",
        orders.GiftOrder,
        "gives a seat away for exactly its toll",
        _OWNER,
        holding.gift,
    ),
    Action(
        "cancel-listings",
        "cancelListings",
        orders.SeatOrder,
        "kills every listing of a seat, signed or stored",
        _OWNER,
        lambda site, order: Step(site.seats.cancel_listings(SeatId(order.seat))),
    ),
    Action(
        "bump-counter",
        "bumpCounter",
        orders.Order,
        "kills every listing and offer of the account at once",
        _ANYBODY,
        lambda site, _: Step(site.seats.bump_counter()),
    ),
    Action(
        "cancel-offer",
        "cancelOffer",
        orders.NonceOrder,
        "kills the account's offers with a nonce",
        _ANYBODY,
        lambda site, order: Step(site.seats.cancel_offer(order.nonce)),
    ),
    Action(
        "refund",
        "refund",
        orders.SeatOrder,
        "gives a seat back for its face less the penalty, inside the refund window",
        _OWNER,
        holding.refund,
    ),
    Action(
        "claim",
        "claim",
        orders.SeatOrder,
        "pays out a seat of a cancelled, failed or disputed drop, to its owner",
        _ANYBODY,
        holding.claim,
    ),
    Action(
        "collect",
        "collect",
        orders.SeatOrder,
        "releases to the mentor what waits with a seat of a delivered drop",
        _ANYBODY,
        holding.collect,
    ),
    Action(
        "withdraw",
        "withdraw",
        orders.WithdrawOrder,
        "takes credit out, all of it unless an amount is named",
        "the credit's owner",
        holding.withdraw,
    ),
    Action(
        "check-in",
        "checkIn",
        orders.CheckInOrder,
        "checks the holder in, by the signatures of those who do not send it",
        "anybody with both signatures; holder and verifier without their own",
        holding.check_in,
    ),
    Action(
        "object",
        "objectTo",
        orders.SeatOrder,
        "contests, inside the challenge window, that the drop was delivered",
        _OWNER,
        holding.object_to,
    ),
    Action(
        "create-drop",
        "createDrop",
        drop_orders.CreateDropOrder,
        "creates a drop, whose mentor the account becomes",
        _ANYBODY,
        creating.create_drop,
    ),
    Action(
        "grant",
        "grant",
        orders.GrantOrder,
        "gives new seats away for nothing",
        _MENTOR,
        steering.grant,
    ),
    Action(
        "lower-cap",
        "lowerCap",
        orders.CapOrder,
        "lowers a tier's cap for ever",
        _MENTOR,
        steering.lower_cap,
    ),
    Action(
        "set-verifier",
        "setVerifier",
        orders.VerifierOrder,
        "names who checks people in",
        _MENTOR,
        steering.set_verifier,
    ),
    Action(
        "postpone",
        "postpone",
        orders.PostponeOrder,
        "moves a drop that has not started; it ends the penalty and every listing",
        _MENTOR,
        steering.postpone,
    ),
    Action(
        "cancel-drop",
        "cancelDrop",
        orders.DropOrder,
        "cancels a drop for ever: everybody gets everything back",
        _MENTOR,
        lambda site, order: Step(site.seats.cancel_drop(DropId(order.drop))),
    ),
    Action(
        "assert",
        "assertDelivery",
        orders.EvidenceOrder,
        "says that everything was delivered",
        _MENTOR,
        steering.assert_delivery,
    ),
    Action(
        "fail-drop",
        "failDrop",
        orders.DropOrder,
        "declares a drop failed that was not delivered in time",
        _ANYBODY,
        lambda site, order: Step(site.seats.fail_drop(DropId(order.drop))),
    ),
    Action(
        "settle",
        "settle",
        orders.DropOrder,
        "pays the mentor after the challenge window, or opens the dispute",
        _ANYBODY,
        lambda site, order: Step(site.seats.settle(DropId(order.drop))),
    ),
    Action(
        "resolve",
        "resolve",
        orders.ResolveOrder,
        "decides a dispute within 14 days",
        "the drop's resolver",
        steering.resolve,
    ),
    Action(
        "resolve-by-default",
        "resolveByDefault",
        orders.DropOrder,
        "ends a dispute that the resolver has left open for 14 days",
        _ANYBODY,
        lambda site, order: Step(site.seats.resolve_by_default(DropId(order.drop))),
    ),
    Action(
        "pause",
        "pause",
        orders.PauseOrder,
        "stops minting and sales of a drop for at most 72 hours",
        _GUARDIAN,
        lambda site, order: Step(site.seats.pause(DropId(order.drop), order.until)),
    ),
    Action(
        "unpause",
        "unpause",
        orders.DropOrder,
        "ends a pause early",
        _GUARDIAN,
        lambda site, order: Step(site.seats.unpause(DropId(order.drop))),
    ),
)

OF_THE_MARKET: Final[Mapping[str, str]] = {
    "acceptSeatOffer": "/v1/tx/accept-offer",
    "acceptTierOffer": "/v1/tx/accept-offer",
    "buy": "/v1/tx/buy",
    "buyMany": "/v1/tx/buy-many",
    "list": "/v1/tx/list",
}
"""Functions that are prepared with a signed order at hand, and where."""

_APPROVING: Final = (
    "An approval lets another account take seats for nothing, and selling here needs none: a "
    "market elsewhere that wants one prepares it in its own name."
)
_OPERATING: Final = (
    "The platform's owner acts rarely, with a key that should see no web page, through the "
    "bindings or any wallet that knows the ABI: there is no route and no command for it."
)

UNPREPARED: Final[Mapping[str, str]] = {
    "buyFor": "The contract calls it itself, for one listing of several.",
    "transferFrom": "A gift asks a receiving contract whether it takes seats; this does not.",
    "safeTransferFrom(address,address,uint256,bytes)": (
        "The bytes are for a receiving contract of one's own, which knows its ABI."
    ),
    "approve": _APPROVING,
    "setApprovalForAll": _APPROVING,
    "setPlatform": _OPERATING,
    "setCurrency": _OPERATING,
    "setGuardian": _OPERATING,
    "transferOwnership": _OPERATING,
    "acceptOwnership": _OPERATING,
}
"""Functions that are prepared nowhere, and why."""
