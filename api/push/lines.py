"""Server-sent events as text (WHATWG HTML, 9.2.6).

Owns the spelling. Each block ends with an empty line; what is told is one line of JSON. Refuses to
know what is told.
"""

from __future__ import annotations

MEDIA_TYPE = "text/event-stream"


def event(seq: int, name: str, data: str) -> str:
    """One event; `data` is a single line."""
    return f"id: {seq}\nevent: {name}\ndata: {data}\n\n"


def told(name: str, data: str) -> str:
    """One event that there is no number to come back with; `data` is a single line."""
    return f"event: {name}\ndata: {data}\n\n"


def alive() -> str:
    """Show that the connection lives, where no number is moved on."""
    return ": alive\n\n"


def reached(seq: int) -> str:
    """Move a client's last id on, and show that the connection lives; nothing is dispatched."""
    return f": alive\nid: {seq}\n\n"


def retry(milliseconds: int) -> str:
    """Say how long to wait before coming back."""
    return f"retry: {milliseconds}\n\n"


def end(reason: str) -> str:
    """Say why the stream ends; it has no id, so that the last one stays."""
    return told("end", f'{{"reason":"{reason}"}}')
