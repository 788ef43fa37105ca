"""Word of new heads, from a node's WebSocket.

Owns one socket and the thread that listens to it: subscribing, noticing that it has died or tells
of nothing, and opening another, ever more slowly while that fails. Refuses to believe what it
hears: a head is only a reason to ask, over HTTP, what there is. A socket that stalls, lies or is
refused costs the time until the next look and nothing else.

    no answer to a ping             another socket
    a frame that is no head         another socket
    heads found that were not told  another socket
    heads told that are not there   the loop's business: it asks again
"""

from __future__ import annotations

import json
import logging
from contextlib import contextmanager
from threading import Event, Thread
from time import monotonic
from typing import TYPE_CHECKING, Any, Final, Protocol

from pydantic import TypeAdapter, ValidationError
from websockets.exceptions import InvalidStatus, WebSocketException
from websockets.sync.client import ClientConnection, connect

from indexer.rpc.errors import HeadsUnheard

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MISSED: Final = 3
"""Heads in a row that were found by asking before a socket that is silent counts as deaf."""

PING_S: Final = 5.0
"""Between pings, and until one that is not answered counts as the socket's death."""

_TICK_S: Final = 0.5
_CLOSING_S: Final = 1.0
_GOOD_S: Final = 60.0
"""A socket that lasted so long was a good one, whether or not there were heads to tell of."""

_LARGEST: Final = 1_048_576
_ANYTHING: Final = TypeAdapter[Any](Any)
_ASKED: Final = json.dumps(
    {"jsonrpc": "2.0", "id": 1, "method": "eth_subscribe", "params": ["newHeads"]}
)
# The library writes to standard error what it also raises; that is the journal's.
_QUIET: Final = logging.getLogger("indexer.rpc.heads")
_QUIET.addHandler(logging.NullHandler())
_QUIET.propagate = False


class Ear(Protocol):
    """What is woken, and knows what was found without being told."""

    def wake(self) -> None:
        """There is word of a new head."""

    def heed(self) -> None:
        """Count anew what is found without a word of it."""

    @property
    def unheralded(self) -> int:
        """How often something was found since the last word."""


class HeadsWatcher(Protocol):
    """Is told what becomes of the socket, from the listening thread."""

    def listening(self) -> None:
        """The node promises to tell of new heads."""

    def unheard(self, error: HeadsUnheard, failures: int, wait_s: float) -> None:
        """It does not, or no longer; another socket is opened after the wait."""


class Heads:
    """Listens to one address. `after` gives the wait in seconds after so many failures in a row."""

    def __init__(
        self,
        url: str,
        ear: Ear,
        watcher: HeadsWatcher,
        after: Callable[[int], float],
        timeout_s: float,
        ping_s: float = PING_S,
    ) -> None:
        self._url = url
        self._ear = ear
        self._watcher = watcher
        self._after = after
        self._timeout_s = timeout_s
        self._ping_s = ping_s
        self._ended = Event()
        self._failures = 0

    @contextmanager
    def heard(self) -> Iterator[None]:
        """Listen for the length of the block."""
        thread = Thread(target=self._listen, name="heads", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._ended.set()
            # One that is still connecting is left alone: it ends with the process.
            thread.join(_TICK_S + 2 * _CLOSING_S)

    def _listen(self) -> None:
        while not self._ended.is_set():
            began = monotonic()
            try:
                with self._opened() as socket:
                    self._hear(socket)
            except HeadsUnheard as error:
                if monotonic() - began > _GOOD_S:
                    self._failures = 0
                self._failures += 1
                wait_s = self._after(self._failures)
                self._watcher.unheard(error, self._failures, wait_s)
                self._ended.wait(wait_s)

    @contextmanager
    def _opened(self) -> Iterator[ClientConnection]:
        try:
            socket = connect(
                self._url,
                # As for HTTP: nothing of the environment stands between a node and us.
                proxy=None,
                compression=None,
                user_agent_header=None,
                open_timeout=self._timeout_s,
                ping_interval=self._ping_s,
                ping_timeout=self._ping_s,
                close_timeout=_CLOSING_S,
                max_size=_LARGEST,
                logger=_QUIET,
            )
            try:
                yield socket
            finally:
                socket.close()
        except (WebSocketException, OSError) as error:
            raise HeadsUnheard(_short(error)) from error

    def _hear(self, socket: ClientConnection) -> None:
        """Subscribe and listen until the end; raises HeadsUnheard and what the socket raises."""
        socket.send(_ASKED)
        subscription = self._subscription(socket)
        self._ear.heed()
        self._watcher.listening()
        # What came between the last look and the subscription is not told.
        self._ear.wake()
        while not self._ended.is_set():
            if self._ear.unheralded >= MISSED:
                raise HeadsUnheard(f"{MISSED} heads were found that it did not tell of")
            try:
                frame = socket.recv(timeout=_TICK_S, decode=False)
            except TimeoutError:
                continue
            told = _told(frame)
            if told.get("method") != "eth_subscription":
                raise HeadsUnheard("it sent something that is no notice")
            if not _is_of(told, subscription):
                raise HeadsUnheard("it sent a notice that nobody asked for")
            self._failures = 0
            self._ear.wake()

    def _subscription(self, socket: ClientConnection) -> object:
        """The subscription's name, from the answer."""
        deadline = monotonic() + self._timeout_s
        while not self._ended.is_set():
            try:
                told = _told(socket.recv(timeout=_TICK_S, decode=False))
            except TimeoutError:
                if monotonic() > deadline:
                    raise HeadsUnheard("no answer in time") from None
                continue
            if told.get("id") == 1 and told.get("result"):
                return told["result"]
            if told.get("id") == 1:
                raise HeadsUnheard("it refuses to tell of new heads")
            # A notice may overtake the answer that names its subscription.
            if told.get("method") != "eth_subscription" or monotonic() > deadline:
                raise HeadsUnheard("it sent something that is no answer")
        return None


def _told(frame: bytes) -> dict[str, Any]:
    try:
        told = _ANYTHING.validate_json(frame)
    except ValidationError as error:
        raise HeadsUnheard("it sent something that is no JSON") from error
    if not isinstance(told, dict):
        raise HeadsUnheard("it sent something that is no JSON-RPC")
    return told


def _is_of(told: dict[str, Any], subscription: object) -> bool:
    params = told.get("params")
    return isinstance(params, dict) and params.get("subscription") == subscription


def _short(error: BaseException) -> str:
    """Name a failure without its text, which may hold the node's address."""
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, InvalidStatus):
        return f"HTTP status {error.response.status_code}"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return type(error).__name__
