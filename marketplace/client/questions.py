"""What can be asked of the API.

Owns the connection and one method for each question. Refuses to change anything: what does is in
`marketplace.client.client`.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Literal, Self, TypeVar

from marketplace.client import access, media, routes
from marketplace.client.answers.drops import TermsText
from marketplace.client.answers.seats import Document
from marketplace.client.api_key import checked_key
from marketplace.client.errors import AnswerUnexpected
from marketplace.client.events import opened
from marketplace.client.origin import ApiOrigin
from marketplace.client.patience import Patience, until_mirrored
from marketplace.client.transport import Transport, media_type
from marketplace.client.wire import hash_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager
    from types import TracebackType

    import httpx

    from marketplace.client.access import Check, Receipt
    from marketplace.client.answers.access import Action, CheckAnswer, Decision
    from marketplace.client.answers.chain import ChainStatus, Level, Live, Ready
    from marketplace.client.answers.drops import Drop, DropsPage
    from marketplace.client.answers.eligibility import Eligibility
    from marketplace.client.answers.keys import ApiKeys
    from marketplace.client.answers.market import OffersPage, WholeOffer
    from marketplace.client.answers.mentors import Mentor, MentorsPage
    from marketplace.client.answers.offers import BuyersOffersPage, WholeBuyersOffer
    from marketplace.client.answers.problem import ProblemRow, ProblemRows
    from marketplace.client.answers.products import ProductsPage, WholeProduct
    from marketplace.client.answers.seats import Seat, SeatHistory, SeatsPage
    from marketplace.client.answers.sessions import DropSession, Recording, RecordingHead
    from marketplace.client.answers.sign_in import Session, Sessions
    from marketplace.client.events import EventStream
    from marketplace.client.prepared import MarketAddress
    from marketplace.client.routes import Route
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.ids import DropId, PhaseIndex, SeatId

_T = TypeVar("_T")


class ApiQuestions:
    """The questions that `SeatmarketClient` can ask; arguments and errors are drawn there."""

    def __init__(
        self,
        url: str,
        *,
        timeout: float = 10.0,
        market: MarketAddress | None = None,
        transport: httpx.BaseTransport | None = None,
        api_key: str | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._transport = Transport.to(
            ApiOrigin.parse(url), timeout, transport, checked_key(api_key)
        )
        self._market = market
        self._clock = clock

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<SeatmarketClient {self.url}>"

    @property
    def url(self) -> str:
        """The API's origin."""
        return self._transport.origin.url

    def close(self) -> None:
        """Close the connections; the session stays until it ends or `sign_out` ends it."""
        self._transport.http.close()

    def live(self) -> Live:
        """Whether the API's process answers."""
        return self._transport.ask(routes.LIVE)

    def ready(self) -> Ready:
        """Whether requests can be answered; ApiUnavailable names what is missing."""
        return self._transport.ask(routes.READY)

    def problems(self) -> ProblemRows:
        """Everything that the API can refuse."""
        return self._transport.ask(routes.PROBLEMS)

    def problem(self, code: str) -> ProblemRow:
        """What one code means."""
        return self._transport.ask(routes.PROBLEM, {"code": code})

    def who_am_i(self) -> Session:
        """The session of this client."""
        return self._transport.ask(routes.SESSION)

    def my_sessions(self) -> Sessions:
        """All sessions of the account."""
        return self._transport.ask(routes.SESSIONS)

    def chain_status(self) -> ChainStatus:
        """Which market this is, and how far the API's copy of the chain reaches."""
        return self._transport.ask(routes.CHAIN)

    def mentors(
        self, *, after: ChecksumAddress | None = None, limit: int | None = None
    ) -> MentorsPage:
        """Everybody who has created a drop, by rising address, from behind `after`."""
        return self._transport.ask(routes.MENTORS, query={"after": after, "limit": limit})

    def mentor(self, account: ChecksumAddress, *, level: Level | None = None) -> Mentor:
        """Since when somebody has been a mentor, and what became of their drops."""
        return self._transport.ask(routes.MENTOR, {"mentor": account}, query={"level": level})

    def products(
        self,
        *,
        mentor: ChecksumAddress | None = None,
        of_format: str | None = None,
        after: str | None = None,
        limit: int | None = None,
    ) -> ProductsPage:
        """What mentors sell again and again, the last listed first; `after`: a page's `next`."""
        query = {"mentor": mentor, "format": of_format, "after": after, "limit": limit}
        return self._transport.ask(routes.PRODUCTS, query=query)

    def product(self, product: str, *, level: Level | None = None) -> WholeProduct:
        """What a product is, and its drops with states, prices and when they sold."""
        return self._transport.ask(routes.PRODUCT, {"product": product}, query={"level": level})

    def drops(
        self,
        *,
        mentor: ChecksumAddress | None = None,
        after: DropId | None = None,
        limit: int | None = None,
    ) -> DropsPage:
        """Drops in the order of their numbers, from behind `after`."""
        query = {"mentor": mentor, "after": after, "limit": limit}
        return self._transport.ask(routes.DROPS, query=query)

    def drop(self, drop: DropId, *, level: Level | None = None) -> Drop:
        """A drop with tiers, phases and what was published about it."""
        return self._transport.ask(routes.DROP, {"drop": drop}, query={"level": level})

    def terms(self, drop: DropId) -> TermsText:
        """The canonical terms that were published for a drop, with the hash of their bytes.

        Compare the hash with the drop's own on the chain: the API could name any.
        """
        answer = self._transport.whole(routes.TERMS, {"drop": drop})
        terms_hash = hash_of(answer.body)
        if answer.headers.get("ETag", "").strip('"') != terms_hash:
            raise AnswerUnexpected(routes.TERMS.name, "its ETag is not the hash of its bytes")
        try:
            return TermsText(document=answer.body.decode(), terms_hash=terms_hash)
        except UnicodeDecodeError as error:
            raise AnswerUnexpected(routes.TERMS.name, "it is not UTF-8") from error

    def eligibility(
        self,
        drop: DropId,
        phase: PhaseIndex,
        account: ChecksumAddress,
        *,
        quantity: int = 1,
        opening_seat: SeatId | None = None,
    ) -> Eligibility:
        """Whether an account may mint now, what it would pay, and its proof of an allowlist."""
        query: dict[str, str | int | None] = {
            "account": account,
            "quantity": quantity,
            "opening_seat": _digits(opening_seat),
        }
        return self._transport.ask(routes.ELIGIBILITY, {"drop": drop, "phase": phase}, query=query)

    def seats(
        self,
        drop: DropId,
        *,
        level: Level | None = None,
        block: int | None = None,
        after: SeatId | None = None,
        limit: int | None = None,
    ) -> SeatsPage:
        """Seats of a drop as of one block, as `seat`, by their numbers from behind `after` on."""
        query = {"level": level, "block": block, "after": _digits(after), "limit": limit}
        return self._transport.ask(routes.DROP_SEATS, {"drop": drop}, query=query)

    def my_seats(self, *, after: SeatId | None = None, limit: int | None = None) -> SeatsPage:
        """Seats of the account that is signed in."""
        query = {"after": _digits(after), "limit": limit}
        return self._transport.ask(routes.MY_SEATS, query=query)

    def seat(self, seat: SeatId, *, level: Level | None = None, block: int | None = None) -> Seat:
        """A seat as of one block: the last of a level, or the one of a number."""
        query = {"level": level, "block": block}
        return self._transport.ask(routes.SEAT, {"seat": seat}, query=query)

    def history(
        self,
        seat: SeatId,
        *,
        level: Level | None = None,
        block: int | None = None,
        after: str | None = None,
        limit: int | None = None,
    ) -> SeatHistory:
        """Whose a seat was as of one block, as `seat`, and its sales; `after`: a page's `next`."""
        query = {"level": level, "block": block, "after": after, "limit": limit}
        return self._transport.ask(routes.HISTORY, {"seat": seat}, query=query)

    def metadata(self, seat: SeatId) -> Document:
        """What wallets show of a seat: the contract's own JSON."""
        return self._document(routes.METADATA, seat)

    def image(self, seat: SeatId) -> Document:
        """The picture of a seat: the contract's own SVG."""
        return self._document(routes.IMAGE, seat)

    def check_access(
        self,
        action: Action,
        drop: DropId,
        *,
        session: int | None = None,
        recording: str | None = None,
        account: ChecksumAddress | None = None,
        min_block: int | None = None,
        patience: Patience | None = None,
    ) -> Decision:
        """Ask whether the caller may, now, or another account; a no is an answer, not an error.

        `check` asks the same at a level.

        Args:
            action: What is asked for.
            drop: Whose session, recording or listings.
            session: Number of the session, counted from 1; not for `see_resale`.
            recording: Id of the recording; for `watch_recording` alone.
            account: Whom it is about, for a client with an API key that may ask about others.
            min_block: The newest block that the caller knows of, as after a mint of their own.
            patience: How long to ask again while the API has not mirrored `min_block`.
        """
        asked = access.Check(action, drop, session, recording)
        return self.check(asked, account=account, min_block=min_block, patience=patience)

    def check(
        self,
        check: Check,
        *,
        account: ChecksumAddress | None = None,
        min_block: int | None = None,
        patience: Patience | None = None,
    ) -> Decision:
        """Ask one question as `check_access` does, at the level that it names."""
        query = access.query_of(check, min_block) | {"account": account}
        return self._mirrored(
            lambda: self._transport.ask(routes.ACCESS, query=query), min_block, patience
        )

    def check_many(
        self,
        checks: Sequence[Check],
        *,
        account: ChecksumAddress | None = None,
        min_block: int | None = None,
        patience: Patience | None = None,
    ) -> tuple[CheckAnswer, ...]:
        """Ask up to 50 questions at once, all answered on one block, in their order.

        All are about the caller, or about `account`, as of `check_access`.
        """

        def ask() -> tuple[CheckAnswer, ...]:
            return access.check_many(self._transport, checks, min_block, account)

        return self._mirrored(ask, min_block, patience)

    def receipt(
        self, check: Check, *, min_block: int | None = None, patience: Patience | None = None
    ) -> Receipt:
        """Ask the same as `check_access`, and get the answer signed."""
        query = access.query_of(check, min_block)
        return self._mirrored(lambda: access.receipt(self._transport, query), min_block, patience)

    def my_api_keys(self) -> ApiKeys:
        """The live API keys of the account."""
        return self._transport.ask(routes.KEYS)

    def listings(
        self,
        drop: DropId,
        *,
        tier: int | None = None,
        after: str | None = None,
        limit: int | None = None,
        sort: Literal["price", "newest"] | None = None,
    ) -> OffersPage:
        """A drop's living listings; AccessDenied when the caller is not of its audience."""
        query = {"tier": tier, "after": after, "limit": limit, "sort": sort}
        return self._transport.ask(routes.OFFERS, {"drop": drop}, query=query)

    def listing(self, listing: str) -> WholeOffer:
        """One listing with all that buying takes; AccessDenied as of `listings`."""
        return self._transport.ask(routes.OFFER, {"listing": listing})

    def offers(
        self,
        drop: DropId,
        *,
        tier: int | None = None,
        seat: SeatId | None = None,
        after: str | None = None,
        limit: int | None = None,
    ) -> BuyersOffersPage:
        """A drop's living offers, the dearest first; with `seat` those that its owner could take.

        AccessDenied as of `listings`.
        """
        query = {"tier": tier, "seat": _digits(seat), "after": after, "limit": limit}
        return self._transport.ask(routes.BUYERS_OFFERS, {"drop": drop}, query=query)

    def offer(self, offer: str) -> WholeBuyersOffer:
        """One offer with all that accepting takes; AccessDenied as of `listings`."""
        return self._transport.ask(routes.BUYERS_OFFER, {"offer": offer})

    def session(self, drop: DropId, session: int) -> DropSession:
        """A meeting of a drop, by its number from 1, and its recordings."""
        return self._transport.ask(routes.DROP_SESSION, {"drop": drop, "session": session})

    def recording(self, recording: str) -> Recording:
        """What a recording is; not its bytes."""
        return self._transport.ask(routes.RECORDING, {"recording": recording})

    def recording_head(self, recording: str) -> RecordingHead:
        """How long a recording is and of which type, as its stream says it."""
        return media.head(self._transport, recording)

    def open_recording(
        self, recording: str, *, first: int = 0, last: int | None = None
    ) -> AbstractContextManager[media.RecordingStream]:
        """Open a recording from a byte on, counted from 0, to another or to its end."""
        return media.stream(self._transport, recording, first, last)

    def events(
        self, *, drop: DropId | None = None, seat: SeatId | None = None, after: int | None = None
    ) -> AbstractContextManager[EventStream]:
        """Open a stream of what the chain says, from now on or after an event that you have.

        Refused with `events_gone` when there would be a gap.
        """
        query = {"drop": drop, "seat": _digits(seat)}
        return opened(self._transport, routes.EVENTS, after, query)

    def my_events(
        self, *, drop: DropId | None = None, seat: SeatId | None = None, after: int | None = None
    ) -> AbstractContextManager[EventStream]:
        """The same of what concerns whoever is signed in, or the account of an API key."""
        query = {"drop": drop, "seat": _digits(seat)}
        return opened(self._transport, routes.MY_EVENTS, after, query)

    def _document(self, route: Route[bytes], seat: SeatId) -> Document:
        answer = self._transport.whole(route, {"seat": seat})
        block = answer.headers.get("Seats-As-Of-Block", "")
        return Document(
            media_type=media_type(answer.headers),
            etag=answer.headers.get("ETag"),
            as_of_block=int(block) if block.isascii() and block.isdecimal() else None,
            content=answer.body,
        )

    def _mirrored(
        self, ask: Callable[[], _T], min_block: int | None, patience: Patience | None
    ) -> _T:
        # Who knows of no block of their own has nothing to wait for.
        return ask() if min_block is None else until_mirrored(ask, patience or Patience())


def _digits(seat: SeatId | None) -> str | None:
    return None if seat is None else str(int(seat))
