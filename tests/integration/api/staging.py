"""A drop with sessions on a stage: terms are published, and the mirror says what a test tells it.

The drop is the example of a drop session, launched and mirrored; its session is open to tiers 0 and
1. Everything but the gate's facts and the clock is real. Refuses assertions about the API.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Final

import httpx
from sqlalchemy import update

from api.app import create_app
from api.gate.values import DropFacts, SeatFacts
from api.recordings.places import open_media
from api.recordings.uploads import sweep
from api.server import listen, origin_of, serving
from indexer.store.fold_tables import drop_states
from marketplace.domain.drop import DropState
from marketplace.domain.ids import SeatId, TierIndex
from marketplace.storage.transactions import writing
from tests.integration.api.live import EXAMPLES, SESSION, LiveChain, live_api, wallet
from tests.integration.api.world import (
    BLOCK,
    PATIENCE_S,
    Clock,
    InProcess,
    ToldMirror,
    Wallet,
    sign_in_client,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine

    from api.parts import Parts

VIDEO: Final = (EXAMPLES / "workshop-1.webm").read_bytes()
DROP: Final = SESSION
SEAT: Final = SeatId.of(DROP, TierIndex(0), 13)
SECOND_SEAT: Final = SeatId.of(DROP, TierIndex(1), 4)
ROOM: Final = f"/v1/drops/{DROP}/sessions/1"
NOTHING_ELSE: Final = "0x" + "ee" * 32
"""A terms hash that nobody has published terms for."""


@dataclass
class Stage:
    """An API over the stage."""

    parts: Parts
    mirror: ToldMirror
    clock: Clock
    transport: httpx.BaseTransport
    url: str
    folder: Path
    terms_hash: str
    mentor: Wallet
    holder: Wallet = field(default_factory=Wallet)
    buyer: Wallet = field(default_factory=Wallet)
    _clients: dict[str, httpx.Client] = field(default_factory=dict)

    @cached_property
    def api(self) -> httpx.Client:
        """A client that nobody is signed in with."""
        return httpx.Client(transport=self.transport, base_url=self.url, timeout=PATIENCE_S)

    def client(self, wallet: Wallet) -> httpx.Client:
        """A client that a wallet is signed in with, by a bearer token."""
        if wallet.address not in self._clients:
            client = httpx.Client(transport=self.transport, base_url=self.url, timeout=PATIENCE_S)
            token = sign_in_client(client, wallet)
            client.headers["Authorization"] = f"Bearer {token}"
            self._clients[wallet.address] = client
        return self._clients[wallet.address]

    def give(self, wallet: Wallet, *seats: SeatId, since: int = 90) -> None:
        """Let a wallet own exactly these seats; nobody else owns them any more."""
        others = [one for one in self.mirror.seats if one.seat not in seats]
        kept = [one for one in others if one.owner != wallet.address]
        own = [SeatFacts(seat, wallet.address, since) for seat in seats]
        self.mirror.seats = (*kept, *own)

    def sell(self) -> None:
        """Let the holder's seat be the buyer's."""
        self.give(self.buyer, SEAT, since=BLOCK.number)

    def to_the_session(self) -> None:
        """Let the session have begun a minute ago."""
        answer = self.api.get(ROOM)
        assert answer.status_code == 200, answer.text
        session = answer.json()
        opens = datetime.fromisoformat(session["starts_at"])
        self.clock.now = opens + timedelta(minutes=1)

    def give_number_away(self, terms_hash: str = NOTHING_ELSE) -> None:
        """Let another drop have this one's number, as a reorganisation may."""
        with writing(self.parts.store) as connection:
            connection.execute(update(drop_states).values(terms_hash=terms_hash))
        self.mirror.drops = tuple(replace(one, terms_hash=terms_hash) for one in self.mirror.drops)

    def give_terms_away(self, mentor: Wallet) -> None:
        """Let another mentor's drop of the very same terms have this one's number."""
        with writing(self.parts.store) as connection:
            connection.execute(update(drop_states).values(mentor=mentor.address))
        own = self.mirror.drops
        self.mirror.drops = tuple(replace(one, mentor=mentor.address) for one in own)

    def upload(self, content: bytes = VIDEO, title: str = "Part one") -> str:
        """Upload a recording as the mentor; its id."""
        answer = self.client(self.mentor).post(
            f"{ROOM}/recordings",
            params={"title": title},
            content=content,
            headers={"Content-Type": "video/webm"},
        )
        assert answer.status_code == 201, answer.text
        recording: str = answer.json()["recording"]
        return recording

    def files(self) -> dict[str, list[str]]:
        """The names of all files in both places."""
        return {
            name: sorted(path.name for path in (self.folder / name).iterdir())
            for name in ("first", "second")
        }


@contextmanager
def staged(
    chain: LiveChain, database: Engine, folder: Path, *, served: bool = False, **changes: object
) -> Iterator[Stage]:
    """Put an API on the stage.

    Args:
        chain: That the drop was launched on.
        database: With both stores in it.
        folder: For recordings.
        served: Whether on a socket of the loopback, or in this process.
        changes: Settings of the API.
    """
    given = {
        "media_url": f"file://{folder}/first",
        "media_copy_url": f"file://{folder}/second",
        **({"port": 0, "public_url": None} if served else {}),
    }
    with live_api(chain, database, **given | changes) as live:
        live.publish()
        live.mirror()
        terms_hash = f"0x{live.files[DROP].drop.terms.terms_hash.hex()}"
        mentor = wallet("mentor")
        facts = DropFacts(DROP, mentor.address, DropState.LIVE, terms_hash)
        mirror, clock = ToldMirror(drops=(facts,)), Clock(live.clock())
        parts = replace(live.parts, mirror=mirror, clock=clock)
        if served:
            listener = listen(parts.settings)
            parts = replace(parts, origin=origin_of(parts.settings, listener))
            with serving(create_app(parts), parts.settings, listener) as url:
                transport: httpx.BaseTransport = httpx.HTTPTransport()
                with closing(transport):
                    yield Stage(parts, mirror, clock, transport, url, folder, terms_hash, mentor)
        else:
            transport, url = InProcess(create_app(parts)), parts.origin.url
            yield Stage(parts, mirror, clock, transport, url, folder, terms_hash, mentor)


def swept(stage: Stage) -> None:
    """Let the API remove what uploads have left."""
    media = open_media(stage.parts.settings)
    assert media is not None
    asyncio.run(sweep(stage.parts, media))


class Heard(logging.Handler):
    """What the API has logged, for tests that wait for it."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self._more = threading.Condition()

    def emit(self, record: logging.LogRecord) -> None:
        with self._more:
            self.lines.append(record.getMessage())
            self._more.notify_all()

    def wait_for(self, text: str) -> None:
        """Return once a line with this text has come."""
        with self._more:
            came = self._more.wait_for(lambda: any(text in line for line in self.lines), 20)
        assert came, self.lines


@contextmanager
def listening(*loggers: logging.Logger) -> Iterator[Heard]:
    """Hear what loggers say."""
    heard = Heard()
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.addHandler(heard)
        logger.setLevel(logging.INFO)
    try:
        yield heard
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.removeHandler(heard)
            logger.setLevel(level)
