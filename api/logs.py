"""How the API logs: one JSON object a line, each with the id of the request it belongs to.

Owns the form and the id. Refuses headers, bodies and query strings, which hold tokens; and ids
that clients send, which could forge lines of others.
"""

from __future__ import annotations

import json
import logging
import sys
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Final, TextIO
from uuid import uuid4

from opentelemetry.trace import format_trace_id, get_current_span

NO_REQUEST: Final = "-"
request_id: Final[ContextVar[str]] = ContextVar("request_id", default=NO_REQUEST)
"""The id of the request that is being answered."""

ACCESS: Final = logging.getLogger("api.access")
FAULTS: Final = logging.getLogger("api.faults")


def new_request_id() -> str:
    """Make an id that no other request has."""
    return uuid4().hex


class JsonLines(logging.Formatter):
    """Formats a record as one line of JSON: at, level, logger, message, request, and `extra`.

    `trace_id` is there when the request is traced.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Give the line."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            "request": getattr(record, "request", request_id.get()),
        }
        context = get_current_span().get_span_context()
        if context.is_valid:
            line["trace_id"] = format_trace_id(context.trace_id)
        line |= getattr(record, "seen", {})
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)


def log_to(stream: TextIO = sys.stderr, level: int = logging.INFO) -> None:
    """Send everything that this process logs to one stream; called once, by the process."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
