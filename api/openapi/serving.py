"""The address of the document.

Owns making its bytes: once for an application, when somebody first asks, and on a thread of their
own. That takes seconds, in which nobody else would be answered on the event loop, and the framework
would write a megabyte anew for each who asks. What fails is told to those who wait for it, and is
tried again for the next. Refuses to say anything in the document.
"""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import Future
from threading import Lock, Thread
from typing import TYPE_CHECKING, Final

from starlette.responses import Response

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.requests import Request

DOCUMENT_PATH: Final = "/v1/openapi.json"


def serve_document(app: FastAPI) -> None:
    """Let an application give its document."""
    document = _Document(app)
    app.add_route(DOCUMENT_PATH, document.answer, include_in_schema=False)


class _Document:
    """An application's document, as it is sent."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app
        self._beginning = Lock()
        self._written: Future[bytes] | None = None

    async def answer(self, _: Request) -> Response:
        """Give it, as soon as it is there."""
        octets = await asyncio.wrap_future(self._being_written())
        return Response(octets, media_type="application/json")

    def _being_written(self) -> Future[bytes]:
        with self._beginning:
            if self._written is None:
                written: Future[bytes] = Future()
                # Who stops waiting takes nothing from the others.
                written.set_running_or_notify_cancel()
                Thread(target=self._write, args=(written,), name="document", daemon=True).start()
                # Not before: of a thread that could not be started nobody waits for an end.
                self._written = written
            return self._written

    def _write(self, written: Future[bytes]) -> None:
        try:
            text = json.dumps(self._app.openapi(), ensure_ascii=False, separators=(",", ":"))
        except BaseException as error:  # noqa: BLE001 - raised where it is awaited
            with self._beginning:
                self._written = None
            written.set_exception(error)
        else:
            written.set_result(text.encode())
