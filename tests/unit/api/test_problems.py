from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from api import errors
from api.auth import errors as auth_errors
from api.gate import asking
from api.problems import INTERNAL, PROBLEMS, kind_of
from marketplace.bindings.addresses import InvalidAddress
from marketplace.domain.errors import SeatmarketError
from marketplace.storage.errors import DatabaseLockedError, StorageError, StoreOutdatedError

if TYPE_CHECKING:
    from collections.abc import Iterator

DOCUMENT = Path(__file__).parents[3] / "docs" / "api.md"
ROW = re.compile(
    r"^\| `(?P<code>[a-z0-9_]+)` \| (?P<status>\d{3}) \| (?P<title>[^|]+) \| (?P<advice>[^|]+) \|$"
)


def below(root: type[Exception]) -> Iterator[type[Exception]]:
    """Every class below one, and the class itself."""
    yield root
    for child in root.__subclasses__():
        yield from below(child)


# Errors of programs that are not this one, and of files that are read before anything is served.
ELSEWHERE = ("tests.", "scripts.", "marketplace.client.", "marketplace.bindings.artifacts.")


def test_the_document_holds_the_table_word_for_word() -> None:
    rows = [ROW.match(line) for line in DOCUMENT.read_text(encoding="utf-8").splitlines()]
    told = [(r["code"], r["status"], r["title"], r["advice"]) for r in rows if r]
    assert told == [
        (kind.code, str(int(kind.status)), kind.title, kind.advice) for kind in PROBLEMS.values()
    ]


def test_the_table_is_in_the_order_of_the_status() -> None:
    statuses = [kind.status for kind in PROBLEMS.values()]
    assert statuses == sorted(statuses)


def test_every_error_of_the_api_that_is_raised_has_a_row_of_its_own() -> None:
    modules = {errors.__name__, auth_errors.__name__, asking.__name__}
    raised = [cls for cls in below(errors.ApiError) if cls.__module__ in modules]
    assert len(raised) > 15
    bases = {"refused", "unauthenticated", "sign_in_refused"}
    codes = {str(vars(cls)["code"]) for cls in raised if "code" in vars(cls)}
    assert codes - bases - PROBLEMS.keys() == set()


def test_every_error_of_the_project_has_a_row_that_is_not_ours_to_blame() -> None:
    roots = (SeatmarketError, StorageError)
    lost = [
        cls.__name__
        for root in roots
        for cls in below(root)
        if cls not in {SeatmarketError, errors.ApiError}
        and not issubclass(cls, errors.ApiError)
        and not cls.__module__.startswith(ELSEWHERE)
        and PROBLEMS.get(next((c for c in codes_of(cls) if c in PROBLEMS), "")) is None
    ]
    assert lost == []


def codes_of(cls: type[Exception]) -> Iterator[str]:
    """The codes of a class and of those above it, nearest first."""
    yield from (str(vars(base)["code"]) for base in cls.__mro__ if "code" in vars(base))


def test_an_error_without_a_row_is_shown_under_the_nearest_class_above() -> None:
    assert kind_of(DatabaseLockedError("db")).code == "storage_locked"
    assert kind_of(StoreOutdatedError("api", "db", "api_0001", "x")).code == "storage_version"
    assert kind_of(InvalidAddress("0x")).code == "invalid_address"
    assert kind_of(KeyError("x")) is INTERNAL


def test_nothing_about_databases_nodes_and_mistakes_is_shown() -> None:
    hidden = {code for code, kind in PROBLEMS.items() if not kind.shows_sentence}
    assert hidden == {
        "internal",
        "storage",
        "storage_unreachable",
        "storage_locked",
        "storage_version",
        "chain_unavailable",
        "wrong_node",
        "mirror_missing",
        "mirror_incomplete",
        "mirror_inconsistent",
        "media_unavailable",
    }


def test_whoever_may_try_again_is_told_when() -> None:
    waiting = {code for code, kind in PROBLEMS.items() if kind.retry_after_s is not None}
    assert waiting == {code for code, kind in PROBLEMS.items() if kind.status in {429, 503}}
