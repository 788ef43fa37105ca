from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from scripts.house.npm_lock import without_addresses

if TYPE_CHECKING:
    from collections.abc import Mapping

ENTRY = {"version": "1.0.0", "integrity": "sha512-abc"}


def lock(entry: Mapping[str, object]) -> str:
    """A lock of one package."""
    return json.dumps({"packages": {"": {"name": "x"}, "node_modules/a": entry}})


def test_addresses_are_left_out_and_the_hash_stays() -> None:
    addressed = {**ENTRY, "resolved": "somewhere", "funding": {"url": "elsewhere"}}
    assert json.loads(without_addresses(lock(addressed))) == json.loads(lock({**ENTRY}))


def test_a_lock_without_addresses_stays_as_npm_wrote_it() -> None:
    once = without_addresses(lock({**ENTRY}))
    assert without_addresses(once) == once
    assert once.startswith('{\n  "packages": {')
    assert once.endswith("}\n")


def test_a_package_known_by_its_address_alone_is_refused() -> None:
    with pytest.raises(ValueError, match="node_modules/a is locked by its address alone"):
        without_addresses(lock({"version": "1.0.0", "resolved": "somewhere"}))
