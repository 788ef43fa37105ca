"""What wait-lists refuse.

    ApiError
    ├── TurnOfAnother      a seat is another account's to see and to buy, until a moment
    ├── WaitListClosed     the drop is over: no seat of it will be sold
    ├── SeatHeld           who has a seat of the tier does not wait for one
    ├── WaitListFull       the tier has all the places that it may have
    └── TooManyPlaces      the account has

Owns the classes and their sentences. Refuses status codes: `api.problems` maps each `code`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.errors import ApiError
from marketplace.domain.errors import typed_error
from marketplace.domain.times import utc_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.errors import Extension
    from marketplace.domain.ids import DropId, SeatId, TierIndex


@typed_error
class TurnOfAnother(ApiError):
    """A seat is offered to somebody who waits for one; `until` is a Unix second, `now` as well."""

    code = "turn_of_another"
    retry_helps = True

    seat: SeatId
    until: int
    now: int

    def _sentence(self) -> str:
        return (
            f"Seat {self.seat} is offered to an account of the wait-list until "
            f"{utc_text(self.until)}. Ask again then, or join the wait-list: "
            f"/v1/drops/{self.seat.drop}/wait-lists/{self.seat.tier}."
        )

    @property
    def extensions(self) -> Mapping[str, Extension]:
        """When the turn ends at the latest."""
        return {"until": utc_text(self.until)}

    @property
    def headers(self) -> Mapping[str, str]:
        """When it is worth asking again."""
        return {"Retry-After": str(max(self.until - self.now, 1))}


@typed_error
class WaitListClosed(ApiError):
    """A drop was cancelled, has failed or was split: its seats are not sold any more."""

    code = "wait_list_closed"

    drop: DropId

    def _sentence(self) -> str:
        return f"Drop {self.drop} is over, and its seats are not sold any more. Look for another."


@typed_error
class SeatHeld(ApiError):
    """An account that has a seat of a tier wants to wait for one."""

    code = "seat_held"

    drop: DropId
    tier: TierIndex

    def _sentence(self) -> str:
        return (
            f"You have a seat of tier {self.tier} of drop {self.drop}, and the wait-list is for "
            "those who have none. Buy another when one is for everybody."
        )


@typed_error
class WaitListFull(ApiError):
    """As many wait for a seat of a tier as may."""

    code = "wait_list_full"

    most: int

    def _sentence(self) -> str:
        return f"{self.most} accounts wait for such a seat, and no more may. Ask again later."


@typed_error
class TooManyPlaces(ApiError):
    """An account waits in as many places as it may."""

    code = "too_many_places"

    most: int

    def _sentence(self) -> str:
        return f"You wait in {self.most} wait-lists, and no more are possible. Leave one first."
