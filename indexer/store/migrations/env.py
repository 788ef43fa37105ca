"""Alembic's entry to this history; what it does is the same for every store."""

from __future__ import annotations

from marketplace.storage.environment import run

run()
