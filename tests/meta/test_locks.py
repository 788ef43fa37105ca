from __future__ import annotations

import json
import re
import tomllib
from typing import Any

import pytest

from tests.meta.repository import ROOT, read, with_suffix

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PACKAGE_LOCK: dict[str, Any] = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
PACKAGE: dict[str, Any] = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
GROUPS: dict[str, list[str]] = PYPROJECT["dependency-groups"]
LOCKED = {
    "requirements.lock": [*PYPROJECT["project"]["dependencies"], *GROUPS["build"]],
    "requirements-dev.lock": [
        *PYPROJECT["project"]["dependencies"],
        *GROUPS["build"],
        *GROUPS["dev"],
    ],
    "requirements-node.lock": GROUPS["node"],
}
ENTRY = re.compile(
    r"^(?P<name>[a-z0-9-]+)==(?P<version>[^ ;\\]+)[^\\\n]*\\\n(?P<hashes>(?: +--hash=.*\n)+)",
    re.MULTILINE,
)


def entries(lock: str) -> dict[str, str]:
    """Name and version of each package that is pinned with at least one hash."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    return {found["name"]: found["version"] for found in ENTRY.finditer(text)}


def name_of(requirement: str) -> str:
    """The normalised name that a requirement begins with."""
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert found is not None, requirement
    return re.sub(r"[-_.]+", "-", found[0]).lower()


def test_no_lock_holds_an_address() -> None:
    locks = [*with_suffix(".lock"), *(p for p in with_suffix(".json") if "lock" in p.name)]
    assert len(locks) >= 4
    assert [str(lock) for lock in locks if re.search(r"https?:|git\+|file:", read(lock))] == []


@pytest.mark.parametrize("lock", LOCKED)
def test_every_dependency_is_locked_with_a_hash(lock: str) -> None:
    missing = {name_of(requirement) for requirement in LOCKED[lock]} - entries(lock).keys()
    assert missing == set(), f"run `make lock`: {lock} lacks {missing}"


@pytest.mark.parametrize("lock", LOCKED)
def test_every_line_of_a_lock_is_a_pin_a_hash_or_a_comment(lock: str) -> None:
    lines = (ROOT / lock).read_text(encoding="utf-8").splitlines()
    odd = [line for line in lines if not re.match(r"[a-z0-9-]+==| +--hash=sha256:| *#", line)]
    assert odd == []
    assert len(entries(lock)) == sum("==" in line and not line.startswith(" ") for line in lines)


def test_the_runtime_is_locked_to_the_versions_that_the_tests_use() -> None:
    everything = entries("requirements-dev.lock")
    runtime = entries("requirements.lock")
    assert {name: everything.get(name) for name in runtime} == runtime


def test_the_build_back_end_is_pinned_and_locked() -> None:
    required: list[str] = PYPROJECT["build-system"]["requires"]
    assert required == GROUPS["build"]
    runtime = entries("requirements.lock")
    assert required == [f"{name_of(one)}=={runtime[name_of(one)]}" for one in required]


def test_npm_packages_are_pinned_and_locked_with_integrity() -> None:
    kinds = ("dependencies", "devDependencies", "optionalDependencies")
    asked = {name: version for kind in kinds for name, version in PACKAGE[kind].items()}
    locked = {
        path.removeprefix("node_modules/"): entry
        for path, entry in PACKAGE_LOCK["packages"].items()
        if path
    }
    assert {name: locked[name]["version"] for name in asked} == asked
    assert [name for name, entry in locked.items() if "integrity" not in entry] == []
