"""Owns the JSON-RPC 2.0 envelope: bodies in, bodies out, one request after another.

Refuses to run two requests at once: a lock holds the chain for the length of one request, so that
nobody ever sees half a block. A batch is not atomic, as on any node.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from math import isfinite
from threading import RLock
from typing import TYPE_CHECKING, Final

from marketplace.devnet.errors import (
    DevnetError,
    InternalError,
    InvalidParams,
    InvalidRequest,
    MethodNotFound,
    ParseError,
)
from marketplace.devnet.json_text import read_json
from marketplace.devnet.methods.table import METHODS, REFUSED, REFUSED_FAMILIES
from marketplace.devnet.params import Params

if TYPE_CHECKING:
    from marketplace.devnet.chain import DevChain
    from marketplace.devnet.quantities import Json

_log: Final = logging.getLogger(__name__)


class Node:
    """One chain behind JSON-RPC.

    Args:
        chain: The chain; whoever uses it beside the node holds `lock` meanwhile.
        max_batch: Most requests in one batch.
    """

    def __init__(self, chain: DevChain, max_batch: int | None = None) -> None:
        self.chain = chain
        self.lock = RLock()
        self._max_batch = chain.settings.max_batch if max_batch is None else max_batch

    def request(self, method: str, params: Json = ()) -> Json:
        """Run one method without an envelope.

        Raises:
            DevnetError: What the client would be answered as an error.
        """
        if not isinstance(params, list | tuple):
            raise InvalidParams("params must be an array: arguments have positions, not names.")
        run = METHODS.get(method)
        if run is None:
            raise _unknown(method)
        with self.lock:
            return run(self.chain, Params(params))

    def handle(self, body: bytes) -> bytes | None:
        """Answer a request body; None when it holds notifications alone."""
        try:
            decoded: Json = read_json(body)
        except ValueError as error:
            answer: Json = _failure(None, ParseError(f"The body is not JSON: {error}."))
        else:
            answer = self._batch(decoded) if isinstance(decoded, list) else self._one(decoded)
        return None if answer is None else json.dumps(answer, separators=(",", ":")).encode()

    def _batch(self, requests: list[Json]) -> Json:
        if not requests:
            return _failure(None, InvalidRequest("empty batch"))
        if len(requests) > self._max_batch:
            return _failure(
                None,
                InvalidRequest(
                    f"batch too large: {len(requests)} requests, at most {self._max_batch} fit"
                ),
            )
        answers = [answer for answer in map(self._one, requests) if answer is not None]
        return answers or None

    def _one(self, request: Json) -> Json:
        if not isinstance(request, Mapping):
            return _failure(None, InvalidRequest("A request is an object."))
        key = request.get("id")
        if isinstance(key, Mapping | list | bool) or (isinstance(key, float) and not isfinite(key)):
            return _failure(None, InvalidRequest("The id is a string, a number or null."))
        method = request.get("method")
        if request.get("jsonrpc") != "2.0" or not isinstance(method, str):
            return _failure(key, InvalidRequest('A request has jsonrpc "2.0" and a method.'))
        params = request.get("params")
        try:
            result = self.request(method, () if params is None else params)
        except DevnetError as error:
            answer = _failure(key, error)
        except Exception:  # noqa: BLE001 - the last resort, and it is logged
            # The client learns that the fault is here; the traceback is for whoever runs the chain.
            _log.exception("%s failed", method)
            answer = _failure(key, InternalError(f"{method} failed inside the development chain."))
        else:
            answer = {"jsonrpc": "2.0", "id": key, "result": result}
        return answer if "id" in request else None


def _unknown(method: str) -> MethodNotFound:
    said = f"the method {method} does not exist/is not available"
    advice = REFUSED.get(method)
    if advice is None:
        advice = next(
            (why for family, why in REFUSED_FAMILIES.items() if method.startswith(family)), None
        )
    return MethodNotFound(said if advice is None else f"{said}: {advice}")


def _failure(key: Json, error: DevnetError) -> dict[str, Json]:
    described: dict[str, Json] = {"code": error.code, "message": error.message}
    if error.data is not None:
        described["data"] = error.data
    return {"jsonrpc": "2.0", "id": key, "error": described}
