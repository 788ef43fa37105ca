"""Owns the order of a demo: launch, mint, door, recording, resale, door again.

Refuses to go on past an act that did not happen: errors end it with their own sentence.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from scripts.demo import acts
from scripts.demo.acts import Doors
from scripts.demo.people import people
from scripts.demo.recording import TITLE
from scripts.demo.script import MENTOR
from scripts.views import demo as view

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from rich.console import Console

    from marketplace.client.answers.market import WholeOffer
    from marketplace.client.answers.sessions import DropSession, Recording
    from marketplace.domain.ids import SeatId
    from scripts.demo.acts import Launched, Minted, Sold
    from scripts.demo.house import House
    from scripts.demo.people import Person
    from scripts.demo.script import Script

INTO_THE_WORKSHOP: Final = timedelta(minutes=25)
_A_LITTLE: Final = 1_023
"""The last byte of what the seller watches before the sale."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What was played.

    Attributes:
        drops: The evening, then the cohort.
        seat: The one that was resold.
        watched: The bytes of the recording that its buyer received.
        left: A listing that stays in the order book.
        encore: The evening once more, on sale; None where the script ends without.
        image: The seat's picture.
        metadata: What wallets show of the seat.
        ends_at: When the workshop ends.
        tokens: The sessions' tokens, by name.
    """

    script: Script
    drops: tuple[Launched, Launched]
    minted: tuple[Minted, ...]
    seat: SeatId
    before: Doors
    after: Doors
    sold: Sold
    recording: Recording
    watched: bytes
    left: WholeOffer
    encore: Launched | None
    image: bytes
    metadata: bytes
    ends_at: datetime
    tokens: Mapping[str, str]


def play(opened: House, console: Console, script: Script) -> Story:
    """Play a script and tell it."""
    roles = (MENTOR, script.seller, script.buyer, script.keeper, script.stranger)
    with people(opened, roles) as met:
        return _Play(opened, console, script, met).whole()


class _Play:
    """One performance: who takes part, and what has come of it so far."""

    def __init__(
        self, opened: House, console: Console, script: Script, met: Mapping[str, Person]
    ) -> None:
        self._opened = opened
        self._console = console
        self._script = script
        self._people = met
        self._mentor = met[MENTOR]
        self._seller = met[script.seller]
        self._buyer = met[script.buyer]
        self._keeper = met[script.keeper]
        self._stranger = met[script.stranger]

    def whole(self) -> Story:
        view.opening(self._console, self._opened, self._mentor.client.chain_status())
        drops = self._launches()
        minted = self._mints(drops)
        seat = minted[1].seats[0].seat
        self._too_early(drops[1])
        session, tokens = self._evening(drops[1])
        recording, before = self._inside(drops[1])
        admission = acts.join(self._seller, drops[1].drop.drop, self._script.session)
        view.admitted(self._console, self._seller.name, admission)
        sold = self._sale(drops[1], seat)
        renewal = acts.renewal_refused(self._seller, admission)
        view.put_out(self._console, self._seller.name, renewal)
        after = self._doors(recording)
        view.doors(self._console, self._script, after)
        bought = acts.join(self._buyer, drops[1].drop.drop, self._script.session)
        view.admitted(self._console, self._buyer.name, bought)
        watched = acts.received(self._buyer, recording)
        view.watched(self._console, self._buyer.name, watched, recording)
        kept = minted[2].seats[0]
        left = acts.offer(self._keeper, kept.seat, kept.face_wei)
        encore = self._once_more(left) if self._script.encore else None
        return Story(
            script=self._script,
            drops=drops,
            minted=minted,
            seat=seat,
            before=before,
            after=after,
            sold=sold,
            recording=recording,
            watched=watched,
            left=left,
            encore=encore,
            image=self._buyer.client.image(seat).content,
            metadata=self._buyer.client.metadata(seat).content,
            ends_at=session.ends_at,
            tokens=tokens,
        )

    def _launches(self) -> tuple[Launched, Launched]:
        self._mentor.sign_in()
        view.launching(self._console, MENTOR)
        evening = acts.launch(self._opened, self._mentor, self._script.evening)
        view.launched(self._console, evening)
        cohort = acts.launch(self._opened, self._mentor, self._script.cohort)
        view.launched(self._console, cohort)
        return evening, cohort

    def _mints(self, drops: tuple[Launched, Launched]) -> tuple[Minted, Minted, Minted]:
        view.minting(self._console)
        evening, cohort = (launched.drop.drop for launched in drops)
        orders = (
            (self._buyer, evening, self._script.evening_seats),
            (self._seller, cohort, 1),
            (self._keeper, cohort, self._script.keeper_seats),
        )
        minted = []
        for person, drop, quantity in orders:
            person.sign_in()
            minted.append(acts.mint(self._opened, person, drop, quantity))
            view.minted(self._console, minted[-1])
        return minted[0], minted[1], minted[2]

    def _too_early(self, cohort: Launched) -> None:
        session = self._seller.client.session(cohort.drop.drop, self._script.session)
        view.door(self._console, session)
        for person in (self._seller, self._stranger):
            decision = acts.enter(person, cohort.drop.drop, self._script.session)
            view.entering(self._console, person.name, decision)

    def _evening(self, cohort: Launched) -> tuple[DropSession, Mapping[str, str]]:
        """Turn time forward into the workshop; who was signed in before has to sign in again."""
        session = self._seller.client.session(cohort.drop.drop, self._script.session)
        moment = session.starts_at + INTO_THE_WORKSHOP
        acts.travel(self._opened, self._mentor, int(moment.timestamp()))
        view.travelled(self._console, moment, session)
        return session, {name: person.sign_in() for name, person in self._people.items()}

    def _inside(self, cohort: Launched) -> tuple[Recording, Doors]:
        drop, number = cohort.drop.drop, self._script.session
        for person in (self._mentor, self._seller, self._buyer, self._stranger):
            view.entering(self._console, person.name, acts.enter(person, drop, number))
        path = self._opened.folder.upload
        path.write_bytes(self._script.recording)
        recording = acts.upload(self._mentor, drop, number, path, TITLE)
        view.uploaded(self._console, MENTOR, recording)
        piece = acts.received(self._seller, recording, _A_LITTLE)
        view.watched(self._console, self._seller.name, piece, recording)
        before = self._doors(recording)
        view.watching(self._console, self._buyer.name, before.buyer[1])
        return recording, before

    def _sale(self, cohort: Launched, seat: SeatId) -> Sold:
        drop = cohort.drop.drop
        view.selling(self._console, cohort, self._seller.name)
        face = self._seller.client.seat(seat).face_wei
        listed = acts.offer(self._seller, seat, face)
        view.listed(self._console, self._seller.name, listed)
        for person in (self._stranger, self._buyer):
            view.seeing(self._console, person.name, acts.see_resale(person, drop))
        found = self._buyer.client.listings(drop).listings
        view.found(self._console, self._buyer.name, found)
        sold = acts.buy(self._opened, self._buyer, self._seller, listed, self._script.session)
        history = self._buyer.client.history(seat)
        view.sold(self._console, self._script, sold, history)
        view.after_the_sale(self._console, self._seller.name, sold)
        return sold

    def _once_more(self, left: WholeOffer) -> Launched:
        view.encore(self._console, MENTOR)
        evening = acts.launch(self._opened, self._mentor, self._script.evening)
        view.launched(self._console, evening)
        view.listed(self._console, self._keeper.name, left)
        return evening

    def _doors(self, recording: Recording) -> Doors:
        drop, number = recording.drop, recording.session
        seller, buyer = (
            (acts.enter(person, drop, number), acts.watch(person, recording))
            for person in (self._seller, self._buyer)
        )
        return Doors(seller, buyer)
