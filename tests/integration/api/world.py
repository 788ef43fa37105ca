"""What tests of the API share: a clock that stands, a mirror that says what it is told, wallets.

Owns the fakes of the API's ports. The store is never faked: tests run on both databases.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import httpx
from eth_account import Account
from eth_account.messages import encode_defunct
from pydantic import SecretStr
from sqlalchemy import create_engine

from api.app import create_app
from api.gate.values import BlockFacts, DropFacts, Facts, SeatFacts
from api.origin import Origin
from api.parts import Parts
from api.process import chain_of
from api.settings import ApiSettings
from marketplace.domain.addresses import ChecksumAddress
from tests.integration.api.documented import faults_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from eth_account.signers.local import LocalAccount
    from fastapi import FastAPI
    from sqlalchemy import Engine
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from api.gate.ports import Question
    from marketplace.storage.errors import StorageError

ORIGIN: Final = "https://seats.example"
START: Final = datetime(2027, 3, 1, 18, 0, tzinfo=UTC)
CONTRACT: Final = ChecksumAddress("0x9fE46736679d2D9a65F0992F2272dE9f3c7fa6e0")
UNLIMITED: Final = dict.fromkeys(
    ("limit_sign_in", "limit_writes", "limit_preparing", "limit_reads", "limit_checks"), 0
)
"""A test's clock may stand, so no quota would come back: tests of limits set them."""
NO_NODE: Final = "http://127.0.0.1:9"
"""The discard port: nobody listens there."""
PATIENCE_S: Final = 60
"""Seconds that a client waits for bytes: on a busy machine an answer may take more than five."""
BLOCK: Final = BlockFacts(100, "0x" + "ab" * 32, 98, 96, 1)


class InProcess(httpx.BaseTransport):
    """Calls an application without a server, so that https and its cookies are as in a browser.

    A stream of events is left as soon as it has begun. Each answer must be one that the document
    of the API has.
    """

    def __init__(self, app: FastAPI) -> None:
        self._app = app

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer, path = asyncio.run(self._answer(request))
        faults = faults_of(_document(), request.method, path, answer)
        assert not faults, faults
        return answer

    async def _answer(self, request: httpx.Request) -> tuple[httpx.Response, str]:
        asked: list[str] = []

        async def noting(scope: Scope, receive: Receive, send: Send) -> None:
            try:
                await self._app(scope, receive, send)
            finally:
                asked.append(getattr(scope.get("route"), "path", ""))

        answer = await httpx.ASGITransport(_left_early(noting)).handle_async_request(request)
        content = await answer.aread()
        found = httpx.Response(answer.status_code, headers=answer.headers, content=content)
        return found, "".join(asked)


@cache
def _document() -> dict[str, Any]:
    return create_app(parts_for(create_engine("sqlite://"), Clock())).openapi()


def _left_early(app: ASGIApp) -> ASGIApp:
    async def answering(scope: Scope, receive: Receive, send: Send) -> None:
        begun, streams = asyncio.Event(), False

        async def sent(message: Message) -> None:
            nonlocal streams
            if message["type"] == "http.response.start":
                head = dict(message["headers"])
                streams = head.get(b"content-type", b"").startswith(b"text/event-stream")
            elif streams:
                begun.set()
            await send(message)

        async def received() -> Message:
            if not streams:
                return await receive()
            await begun.wait()
            return {"type": "http.disconnect"}

        await app(scope, received, sent)
        if streams:
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    return answering


@dataclass(slots=True)
class Clock:
    """A clock that moves when it is told to."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass(slots=True)
class ToldMirror:
    """A mirror that knows what a test tells it."""

    at: BlockFacts | None = BLOCK
    drops: tuple[DropFacts, ...] = ()
    seats: tuple[SeatFacts, ...] = ()
    fault: StorageError | None = None

    def require_current(self) -> None:
        if self.fault is not None:
            raise self.fault

    def block(self, now: int) -> BlockFacts | None:
        del now
        return self.at

    def facts(self, question: Question) -> Facts:
        return Facts(
            block=self.at,
            drops=tuple(one for one in self.drops if one.drop in question.drops),
            seats=tuple(one for one in self.seats if one.owner == question.account),
            allowed_lag_s=question.allowed_lag_s,
            least_block=question.least_block,
        )

    def facts_of_each(
        self, question: Question, accounts: Collection[ChecksumAddress]
    ) -> Mapping[ChecksumAddress | None, Facts]:
        return {
            account: self.facts(replace(question, account=account)) for account in (None, *accounts)
        }


@dataclass(slots=True)
class Wallet:
    """An account with a key."""

    signer: LocalAccount = field(default_factory=Account.create)

    @property
    def address(self) -> ChecksumAddress:
        return ChecksumAddress(self.signer.address)

    def sign(self, text: str) -> str:
        """As `personal_sign` does it."""
        return "0x" + bytes(self.signer.sign_message(encode_defunct(text=text)).signature).hex()


def settings_for(store: Engine, **changes: object) -> ApiSettings:
    """Settings of an API at `ORIGIN` over one database."""
    url = store.url.render_as_string(hide_password=False)
    given = {
        "database_url": SecretStr(url),
        "public_url": ORIGIN,
        "node_url": SecretStr(NO_NODE),
        "contract": CONTRACT,
        **UNLIMITED,
    }
    return ApiSettings.model_validate(given | changes)


def parts_for(
    store: Engine, clock: Clock, mirror: ToldMirror | None = None, **changes: object
) -> Parts:
    """The parts of an API at `ORIGIN`."""
    settings = settings_for(store, **changes)
    origin = Origin.parse(settings.public_url or ORIGIN)
    told = mirror or ToldMirror()
    return Parts(settings, origin, store, told, store, chain_of(settings), clock)


def browser(parts: Parts) -> httpx.Client:
    """A browser with a cookie jar of its own, in front of an application in this process."""
    return in_front_of(create_app(parts), parts.origin.url)


def in_front_of(app: FastAPI, url: str) -> httpx.Client:
    """A browser in front of any application in this process."""
    return httpx.Client(
        transport=InProcess(app), base_url=url, headers={"Origin": url}, timeout=PATIENCE_S
    )


def ask_nonce(client: httpx.Client, wallet: Wallet, session: str = "cookie") -> dict[str, str]:
    """Open an attempt; the answer's members."""
    answer = client.post("/v1/auth/nonce", json={"session": session, "account": wallet.address})
    assert answer.status_code == 201, answer.text
    members: dict[str, str] = answer.json()
    return members


def verify(
    client: httpx.Client, message: str, signature: str, attempt: str | None = None
) -> httpx.Response:
    """Show a signed message."""
    body = {"message": message, "signature": signature, "attempt": attempt}
    return client.post("/v1/auth/verify", json=body)


def sign_in(client: httpx.Client, wallet: Wallet) -> dict[str, str]:
    """Sign a browser in; the answer's members."""
    message = ask_nonce(client, wallet)["message"]
    answer = verify(client, message, wallet.sign(message))
    assert answer.status_code == 201, answer.text
    members: dict[str, str] = answer.json()
    return members


def sign_in_client(client: httpx.Client, wallet: Wallet) -> str:
    """Sign in without cookies; the bearer token."""
    asked = ask_nonce(client, wallet, "bearer")
    answer = verify(client, asked["message"], wallet.sign(asked["message"]), asked["attempt"])
    assert answer.status_code == 201, answer.text
    token: str = answer.json()["token"]
    return token


def code_of(answer: httpx.Response) -> str:
    """The code of a problem, which must have the one shape."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    members: dict[str, object] = answer.json()
    assert {"type", "title", "status", "detail", "code", "request_id"} <= members.keys()
    assert members["status"] == answer.status_code
    assert members["request_id"] == answer.headers["x-request-id"]
    return str(members["code"])
