"""Waiting for a seat on resale.

Owns one method for each thing that can be done in a wait-list, signed in as whoever waits. Refuses
to promise a seat: a turn is the order book's courtesy, and whoever has a listing can fill it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketplace.client import routes
from marketplace.client.questions import ApiQuestions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from marketplace.client.answers.waiting import WaitList, WaitPlaces
    from marketplace.domain.ids import DropId, SeatId


class WaitingCalls(ApiQuestions):
    """What `SeatmarketClient` can do in wait-lists; errors are drawn there."""

    def wait_list(self, drop: DropId, tier: int) -> WaitList:
        """How many wait for a seat of a tier, and the caller's own place and turn.

        Nobody is told of a turn by a push: ask again after `ask_again_in_s`.
        """
        return self._transport.ask(routes.WAIT_LIST, _named(drop, tier))

    def my_places(self) -> WaitPlaces:
        """The caller's places in all wait-lists, those that ended in the last 60 days too."""
        return self._transport.ask(routes.MY_PLACES)

    def join_wait_list(self, drop: DropId, tier: int) -> WaitList:
        """Take a place behind all others; who has one keeps it."""
        return self._transport.ask(routes.JOIN_WAIT_LIST, _named(drop, tier))

    def leave_wait_list(self, drop: DropId, tier: int) -> None:
        """Give the place up, and the turn that it has."""
        self._transport.whole(routes.LEAVE_WAIT_LIST, _named(drop, tier))

    def pass_turn_on(self, seat: SeatId) -> None:
        """Let the next have the seat of one's turn, and keep one's place.

        Refused with `not_found` when there is no turn on that seat: asked again, it ends no other.
        """
        named = _named(seat.drop, seat.tier)
        self._transport.whole(routes.PASS_TURN_ON, named, query={"seat": int(seat)})


def _named(drop: DropId, tier: int) -> Mapping[str, str | int]:
    return {"drop": drop, "tier": tier}
