from __future__ import annotations

import pytest
from sqlalchemy import make_url

from api.store.scopes import Scopes
from marketplace.storage.errors import ValueRefusedError

SQLITE = make_url("sqlite://").get_dialect()()


def test_scopes_are_kept_sorted_so_that_equal_sets_are_equal_text() -> None:
    scopes = frozenset({"events:read", "access:check"})

    assert Scopes().process_bind_param(scopes, SQLITE) == "access:check events:read"


def test_scopes_come_back_as_a_set() -> None:
    assert Scopes().process_result_value("a b", SQLITE) == frozenset({"a", "b"})


@pytest.mark.parametrize(
    "value", ["access:check", ["a"], frozenset({"a b"}), frozenset({""}), frozenset({"A"})]
)
def test_what_is_not_a_set_of_scope_names_is_refused(value: object) -> None:
    with pytest.raises(ValueRefusedError, match="Scopes"):
        Scopes().process_bind_param(value, SQLITE)
