"""Registers the fixtures that integration tests share; they are defined where they are named."""

from __future__ import annotations

from tests.databases import (
    database,
    databases,
    empty_database,
    postgres_databases,
    postgres_server,
)

__all__ = ["database", "databases", "empty_database", "postgres_databases", "postgres_server"]
