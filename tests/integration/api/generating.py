"""Requests that are generated from the OpenAPI document, sent by people who are there.

Owns who sends them, naming what there is instead of what was made up, signing what was prepared,
and what is wrong with an answer. Refuses to choose: what is asked, and how often, is a test's.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias
from urllib.parse import urlsplit

import schemathesis
from eth_account.messages import encode_defunct, encode_typed_data
from schemathesis.checks import load_all_checks
from schemathesis.config import SchemathesisConfig

from api.recordings.bodies import MEDIA_TYPES
from marketplace.devnet.accounts import account_named
from tests.integration.api.everybody import ACCOUNTS, Json, World
from tests.integration.api.trading import FACE
from tests.integration.api.world import ORIGIN, code_of
from tests.integration.marketplace.world import address_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from random import Random

    import httpx
    from schemathesis import BaseSchema

    from tests.integration.api.live import Live

AnyCase: TypeAlias = "schemathesis.Case[Any]"

load_all_checks()
schemathesis.serializer.alias([*MEDIA_TYPES], "application/octet-stream")

ROLES: Final = ("signed out", "owner", "mentor", "another holder", "client")
"""Of `everybody`; who asks with a dead token learns nothing from more kinds of questions."""
ENDLESS: Final = r"/(events|presences)$"
"""Streams: an answer that never ends is no answer to look at whole. `test_document_streams` has the
beginnings of events, `test_events` and `test_rooms` what streams tell."""
CONFORMS: Final = [
    schemathesis.checks.status_code_conformance,
    schemathesis.checks.content_type_conformance,
    schemathesis.checks.response_headers_conformance,
    schemathesis.checks.response_schema_conformance,
]
"""Every answer is one that the document has, in its shape."""
REFUSES: Final = schemathesis.checks.negative_data_rejection
"""What the document does not allow is refused."""
_CONFIG: Final[dict[str, Json]] = {
    # Who asks is chosen here, and made-up tokens are nobody's.
    "generation": {"mode": "positive", "with-security-parameters": False},
    # The document says what leads where; guesses are not followed.
    "phases": {"stateful": {"inference": {"algorithms": []}}},
}
_ACCOUNTS: Final = frozenset({"account", "seller", "holder"})
_PLAIN: Final[dict[str, Json]] = {
    "phase": 0,
    "tier": 0,
    "quantity": 1,
    "expires_in_s": 3_600,
    "price_wei": str(FACE),
    "recipient": address_of("dan"),
    "taker": None,
    "stored": False,
    "session": 1,
    "min_block": 0,
    "proof": None,
    "pass": None,
    "url": "http://127.0.0.1:9/",
}


def schema_of(live: Live) -> BaseSchema:
    """Everything of the document."""
    document = live.api.get("/v1/openapi.json").json()
    return schemathesis.openapi.from_dict(document, config=SchemathesisConfig.from_dict(_CONFIG))


def operations_of(world: World) -> BaseSchema:
    """Everything of the document that ends by itself."""
    return schema_of(world.live).exclude(path_regex=ENDLESS)


@dataclass
class Sender:
    """Sends generated requests.

    Attributes:
        world: Who and what there is.
        sent: How many requests had which status.
    """

    world: World
    sent: Counter[int] = field(default_factory=Counter)
    _kept: sqlite3.Connection = field(init=False)
    _files: dict[Path, bytes] = field(init=False)
    _changed: bool = False
    _messages: dict[str, str] = field(default_factory=dict)
    _prepared: dict[str, Json] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Keep the databases as they are, and the files of the recordings in them."""
        self._kept = sqlite3.connect(":memory:")
        settings = self.world.live.parts.settings
        urls = (settings.media_url, settings.media_copy_url)
        folders = [Path(urlsplit(url.get_secret_value()).path) for url in urls if url is not None]
        files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
        self._files = {path: path.read_bytes() for path in files}
        with closing(self._database()) as now:
            now.backup(self._kept)

    def afresh(self) -> None:
        """Put the databases back to where they were in the beginning, and what was removed."""
        if self._changed:
            for path, content in self._files.items():
                if not path.exists():
                    path.write_bytes(content)
            with closing(self._database()) as now:
                self._kept.backup(now)
        self._changed = False

    def close(self) -> None:
        """Forget what was kept."""
        self._kept.close()

    def name_real(
        self, case: AnyCase, role: str, random: Random, keep: Collection[str] = ()
    ) -> None:
        """Let a request name things that are there and its own account, but for the names kept."""
        if case.path == "/v1/auth/nonce" and isinstance(case.body, dict):
            case.body |= {"account": ""}
        for place in (case.path_parameters, case.query):
            for name in place or {}:
                if name == "min_block":
                    place[name] = 0
                elif name not in keep and name in self.world.things:
                    place[name] = self._there(name, random)
        if isinstance(case.body, dict):
            case.body = self._real(case.body, role, random, keep)

    def send(self, case: AnyCase, role: str) -> httpx.Response:
        """Send a request; what was prepared before is signed by whoever sends it."""
        client = self.world.clients[role]
        # What earlier requests have left there is of the past.
        client.cookies.clear()
        self._sign(case)
        made = case.as_transport_kwargs(base_url=ORIGIN)
        members = {"params", "headers", "json"} & made.keys()
        request = client.build_request(
            made["method"],
            made["url"],
            content=made.get("data"),
            **{name: made[name] for name in members},
        )
        answer = client.send(request)
        answer.elapsed = timedelta()
        self.sent[answer.status_code] += 1
        self._changed |= answer.is_success and case.method not in {"GET", "HEAD"}
        self._remember(case, role, answer)
        return answer

    def _real(self, body: Json, role: str, random: Random, keep: Collection[str]) -> Json:
        if isinstance(body, list):
            return [self._real(one, role, random, keep) for one in body]
        if not isinstance(body, dict):
            return body
        found = {}
        for name, value in body.items():
            if name in keep:
                found[name] = value
            elif name in _ACCOUNTS:
                found[name] = address_of(ACCOUNTS[role])
            elif name in _PLAIN:
                found[name] = _PLAIN[name]
            elif name in self.world.things:
                chosen = self._there(name, random)
                found[name] = int(chosen) if name == "drop" else chosen
            else:
                found[name] = self._real(value, role, random, keep)
        return found

    def _there(self, kind: str, random: Random) -> str:
        things = self.world.things[kind]
        return random.choice([one for name, one in things.items() if name != "none"])

    def _sign(self, case: AnyCase) -> None:
        body = case.body
        if not isinstance(body, dict):
            return
        match f"{case.method} {case.path}":
            case "POST /v1/auth/verify":
                text = body.get("message")
                name = self._messages.get(text) if isinstance(text, str) else None
                signable = None if name is None else encode_defunct(text=str(text))
            case "POST /v1/listings" | "POST /v1/offers":
                prepared = self._prepared.get(_unsigned(body))
                name, typed = prepared or (None, None)
                signable = typed and encode_typed_data(full_message=typed)
            case _:
                return
        if name is not None and signable is not None:
            signature = account_named(name).signer.sign_message(signable).signature
            body["signature"] = f"0x{signature.hex()}"

    def _remember(self, case: AnyCase, role: str, answer: httpx.Response) -> None:
        if not answer.is_success or case.method != "POST" or not answer.content:
            return
        said = answer.json()
        if not isinstance(said, dict):
            return
        if isinstance(said.get("message"), str):
            self._messages[said["message"]] = ACCOUNTS[role]
        elif said.get("typed_data"):
            what = said.get("listing") or {"offer": said.get("offer")}
            self._prepared[_unsigned(what)] = (ACCOUNTS[role], said["typed_data"])

    def _database(self) -> sqlite3.Connection:
        path = self.world.live.parts.store.url.database
        assert path is not None
        return sqlite3.connect(path)


def _unsigned(body: dict[str, Any]) -> str:
    what = {name: one for name, one in body.items() if name != "signature"}
    return json.dumps(what, sort_keys=True)


def faults_of(case: AnyCase, answer: httpx.Response, head: int) -> Iterator[str]:
    """What is wrong with an answer, beyond its conformity.

    Args:
        case: What was asked.
        answer: What came.
        head: The newest block of the mirror.
    """
    if case.method == "HEAD" or not answer.is_error:
        if answer.status_code >= 500:
            yield f"{answer.status_code}"
        return
    code = code_of(answer)
    if answer.status_code >= 500 and not (code == "mirror_behind" and _asked_block(case) > head):
        yield f"{answer.status_code} {code}: {answer.text}"
    said = case.operation.definition.raw["responses"].get(str(answer.status_code), {})
    if f"`{code}`" not in said.get("description", ""):
        yield f"{code} is not documented"


def _asked_block(case: AnyCase) -> int:
    body = case.body if isinstance(case.body, dict) else {}
    named = {**body, **(case.query or {})}
    return max(int(str(named.get(name) or 0)) for name in ("min_block", "block"))
