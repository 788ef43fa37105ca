"""Owns the house: chain, contract, indexer and API in one process and one folder.

All of them live by the chain's clock, so that time can be turned forward to the evening of a
session. Refuses to outlive its caller, and to hide that a part has ended.
"""

from __future__ import annotations

import logging
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import httpx

from api.access.receipts import receipt_signer
from api.app import create_app
from api.gate.mirror import MirrorFacts
from api.logs import log_to
from api.parts import Parts
from api.process import chain_of
from api.process import upgrade as upgrade_api
from api.server import AddressTaken, listen, origin_of, serving
from indexer import process as indexing
from indexer.journal import Journal
from indexer.queries import MirrorId
from indexer.waking import Stopper
from marketplace.domain.errors import ChainUnavailable, typed_error
from marketplace.storage.engines import open_engine
from scripts.demo.settings import api_settings, indexer_settings, listening_settings
from scripts.demo.stage import PortUnavailable, stage
from scripts.demo.watch import Part, Watch

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator

    from api.settings import ApiSettings
    from scripts.demo.folder import Folder
    from scripts.demo.stage import Stage

START_S: Final = 30
_END_S: Final = 10
_POLL_S: Final = 0.02


@typed_error
class NotReadyInTime(ChainUnavailable):
    """The API did not become ready."""

    code = "not_ready_in_time"

    seconds: int
    log: str

    def _sentence(self) -> str:
        return (
            f"The API was not ready within {self.seconds} seconds: try again when the machine has "
            f"less to do; {self.log} says how far the index came."
        )


@typed_error
class PartSilent(ChainUnavailable):
    """A part that runs inside this process answers no more."""

    code = "part_silent"

    part: str

    def _sentence(self) -> str:
        return f"The {self.part} answers no more, so the demo has ended: start it again."


@dataclass(frozen=True, slots=True)
class House:
    """A market that is open; `url` is where its API is."""

    url: str
    stage: Stage
    folder: Folder
    watch: Watch

    def require_open(self) -> None:
        """Return while every part runs and answers.

        Raises:
            PartEnded, PartUnavailable: the indexer has ended.
            PartSilent: the API or the chain does not answer.
            ChainUnavailable: the same, in the words of whoever asked.
        """
        self.watch.require_whole()
        self.stage.market.head()
        if not _answers(f"{self.url}/health/live"):
            raise PartSilent("API")


@contextmanager
def house(folder: Folder, port: int = 0, rpc_port: int = 0, purse_wei: int = 0) -> Iterator[House]:
    """Open a market; it ends with the block.

    Args:
        folder: For databases, recordings and logs; holds none yet.
        port: TCP port of the API; 0 takes a free one.
        rpc_port: TCP port of the chain; 0 takes a free one.
        purse_wei: What every account has beyond what the chain's settings give it.

    Raises:
        PortUnavailable: somebody else listens there.
        SeatmarketError: a part cannot begin, in its own words.
        NotReadyInTime: the parts run, and are too slow.
    """
    with ExitStack() as closing:
        closing.enter_context(_logging_to(folder))
        listener = closing.enter_context(_listening(port))
        here = closing.enter_context(stage(rpc_port, purse_wei))
        _log_quietly()
        settings = api_settings(folder, here, listener.getsockname()[1])
        upgrade_api(settings)
        watch = Watch()
        closing.enter_context(_indexing(folder, here, watch))
        url = closing.enter_context(_serving(settings, here, listener))
        opened = House(url, here, folder, watch)
        _wait_until_ready(opened)
        yield opened


@contextmanager
def _indexing(folder: Folder, here: Stage, watch: Watch) -> Iterator[None]:
    settings = indexer_settings(folder, here)
    stopper = Stopper()
    with folder.indexer_log.open("w", encoding="utf-8") as log:
        journal = Journal(log, here.now)
        part = Part(
            "indexer",
            lambda: indexing.run(settings, journal, stopper, here.now),
            stopper.stop,
            watch,
        )
        try:
            part.start()
            yield
        finally:
            part.end(_END_S)


@contextmanager
def _serving(settings: ApiSettings, here: Stage, listener: socket.socket) -> Iterator[str]:
    with ExitStack() as closing:
        store = open_engine(settings.database_url.get_secret_value())
        closing.callback(store.dispose)
        mirror = open_engine((settings.mirror_url or settings.database_url).get_secret_value())
        closing.callback(mirror.dispose)
        parts = Parts(
            settings=settings,
            origin=origin_of(settings, listener),
            store=store,
            mirror=MirrorFacts(
                mirror, MirrorId(settings.chain_id, settings.contract_set), here.now
            ),
            reads=mirror,
            chain=chain_of(settings),
            clock=lambda: datetime.fromtimestamp(here.now(), UTC),
            receipts=receipt_signer(settings),
        )
        yield closing.enter_context(serving(create_app(parts), settings, listener))


@contextmanager
def _listening(port: int) -> Iterator[socket.socket]:
    try:
        listener = listen(listening_settings(port))
    except AddressTaken as error:
        raise PortUnavailable(error.port, "--port", error.fault) from error
    with listener:
        yield listener


def _wait_until_ready(opened: House) -> None:
    waited = 0.0
    while not _answers(f"{opened.url}/health/ready"):
        if waited > START_S:
            raise NotReadyInTime(START_S, str(opened.folder.indexer_log))
        opened.watch.wait(_POLL_S)
        waited += _POLL_S


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=START_S).is_success
    except httpx.TransportError:
        return False


@contextmanager
def _logging_to(folder: Folder) -> Iterator[None]:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    with folder.api_log.open("w", encoding="utf-8") as log:
        log_to(log)
        try:
            yield
        finally:
            root.handlers[:] = before
            root.setLevel(level)


def _log_quietly() -> None:
    """Let the servers' complaints go where everything else is told, and not into the story."""
    served = logging.getLogger("uvicorn")
    served.handlers.clear()
    served.propagate = True
    for talkative in ("httpx", "httpcore"):
        logging.getLogger(talkative).setLevel(logging.WARNING)
