"""Registers the command `seats` for unit tests."""

from __future__ import annotations

from tests.seats_command import seats

__all__ = ["seats"]
