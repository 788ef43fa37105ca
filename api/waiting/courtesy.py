"""What the order book shows and sells while a seat is somebody's turn, and to whom.

Owns that courtesy, and its sentences. Refuses more: the contract knows no turns, and a listing for
one taker is not a wait-list's matter, since the contract itself holds it.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from api.errors import NotFound
from api.market.errors import AnotherAccount
from api.market.values import Skipped
from api.programme.errors import TermsUnpublished
from api.waiting.errors import TurnOfAnother
from api.waiting.settling import go_on, settle, wait_list_of, waiting_about
from api.waiting.values import COURTESY
from indexer.queries import MirrorMissing
from marketplace.domain.addresses import ZERO_ADDRESS
from marketplace.domain.times import utc_text
from marketplace.launch.units import duration
from marketplace.orders.advice import Warned

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from api.market.values import BookListing
    from api.parts import Parts
    from api.waiting.values import Turn
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.ids import DropId, SeatId, TierIndex

_WARNING: Final = "turns_are_a_courtesy"


@dataclass(frozen=True, slots=True)
class Turns:
    """The turns of one drop as they are now.

    Attributes:
        by_seat: None where the drop's terms give none.
    """

    by_seat: Mapping[SeatId, Turn] | None

    def on(self, found: BookListing) -> Turn | None:
        """The turn that holds a listing back from all but one account; None: none does."""
        turn = self._of(found)
        return None if turn is None or turn.account is None else turn

    def shows(self, found: BookListing, viewer: ChecksumAddress | None) -> bool:
        """Whether a listing may be among those that are shown to somebody."""
        if self.by_seat is None or found.listing.taker != ZERO_ADDRESS:
            return True
        if viewer is not None and viewer == found.listing.seller:
            return True
        turn = self._of(found)
        # Of what has just come nobody knows yet whose turn it is.
        return turn is not None and turn.account in {None, viewer}

    def require(self, found: BookListing, viewer: ChecksumAddress | None, now: int) -> None:
        """Refuse a listing that is another account's turn. Raises TurnOfAnother.

        What no turn is known of passes: it is dead, and is told so.
        """
        turn = self.on(found)
        if turn is not None and turn.ends_at is not None and not self.shows(found, viewer):
            raise TurnOfAnother(found.listing.seat, int(turn.ends_at.timestamp()), now)

    def require_buyer(
        self,
        found: BookListing,
        viewer: ChecksumAddress | None,
        account: ChecksumAddress,
        now: int,
    ) -> None:
        """As `require`, for an account that is about to buy.

        Raises AnotherAccount too: with one account's turn no other buys.
        """
        self.require(found, viewer, now)
        turn = self.on(found)
        if turn is not None and viewer is not None and account != viewer:
            raise AnotherAccount(account, viewer)

    def warnings_for_buyer(self, found: BookListing) -> tuple[Warned, ...]:
        """What somebody should know who buys in their turn."""
        turn = self.on(found)
        if turn is None or turn.ends_at is None:
            return ()
        until = utc_text(int(turn.ends_at.timestamp()))
        return (Warned(_WARNING, f"Your turn on this seat ends at {until}. {COURTESY}"),)

    def _of(self, found: BookListing) -> Turn | None:
        if self.by_seat is None or found.listing.taker != ZERO_ADDRESS:
            return None
        turn = self.by_seat.get(found.listing.seat)
        return None if turn is None or turn.epoch != found.listing.epoch else turn


NO_TURNS: Final = Turns(None)
"""Of a drop whose listings are nobody's turn."""


def turns_of(parts: Parts, drop: DropId, *, must: bool = True) -> Turns:
    """Bring a drop's wait-lists up to date, and give its turns.

    Args:
        parts: Of the API.
        drop: Which.
        must: As `settle` takes it. By what is stored a listing may be held back from whoever may
            have it by now, and shown to whose turn is just over.

    Raises:
        NotFound, TermsUnpublished: nothing is known of its terms.
        MirrorMissing, StorageError: nothing can be read.
    """
    waiting = wait_list_of(parts, drop)
    return NO_TURNS if waiting is None else Turns(settle(parts, waiting, must=must).turns())


def those_of(
    turns: Mapping[DropId, Turns],
    found: Iterable[BookListing],
    viewer: ChecksumAddress | None,
    account: ChecksumAddress,
    now: int,
) -> tuple[list[BookListing], list[Skipped]]:
    """Those of several listings that an account may buy now, and those that it may not yet."""
    shown: list[BookListing] = []
    held_back: list[Skipped] = []
    for one in found:
        try:
            turns[one.listing.seat.drop].require_buyer(one, viewer, account, now)
        except (TurnOfAnother, AnotherAccount) as error:
            held_back.append(Skipped.by(one.id, error))
        else:
            shown.append(one)
    return shown, held_back


def give_turns(parts: Parts, drop: DropId) -> None:
    """Give the turns that begin now that a listing has come; where that fails, the next look does.

    Of a drop without known terms nothing is to be done. Raises StorageError.
    """
    with suppress(NotFound, TermsUnpublished, MirrorMissing):
        waiting = wait_list_of(parts, drop)
        if waiting is not None:
            go_on(parts, waiting)


def warnings_for_seller(
    parts: Parts, drop: DropId, tier: TierIndex, taker: ChecksumAddress
) -> tuple[Warned, ...]:
    """What a seller should know before listing a seat, of a drop whose terms are known.

    Raises StorageError.
    """
    if taker != ZERO_ADDRESS:
        return ()
    with suppress(NotFound, TermsUnpublished, MirrorMissing):
        waiting = wait_list_of(parts, drop)
        if waiting is not None:
            count = waiting_about(parts, waiting, tier)
            each = duration(timedelta(seconds=waiting.turn_s))
            wait = "1 account waits" if count == 1 else f"{count} accounts wait"
            sentence = (
                f"{wait} for a seat of this tier. One after the other is shown this listing alone, "
                f"for {each} each, and then everybody is. {COURTESY} To bind the chain, name the "
                "buyer as its taker."
            )
            return (Warned(_WARNING, sentence),)
    return ()
