"""Closes sockets for unit tests; Unix sockets stay open, since event loops wake up by one.

Refuses: any other fixture. A unit test that must listen on loopback says so with
`@pytest.mark.enable_socket`, or better, moves to tests/integration.
"""

from __future__ import annotations

from pathlib import Path

import pytest

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test below this folder, unless it carries a mark of its own."""
    for item in items:
        if HERE not in item.path.parents:
            continue
        if not any(item.get_closest_marker(mark) for mark in ("enable_socket", "allow_hosts")):
            item.add_marker(pytest.mark.disable_socket)
