from __future__ import annotations

import pickle
from contextlib import contextmanager
from dataclasses import FrozenInstanceError
from typing import TYPE_CHECKING

import pytest

from marketplace.domain.errors import (
    ChainUnavailable,
    ContractReverted,
    MirrorInconsistent,
    RuleViolated,
    SeatmarketError,
    typed_error,
)

if TYPE_CHECKING:
    from collections.abc import Iterator


@typed_error
class TooLate(RuleViolated):
    """An error as the market's packages declare them."""

    code = "too_late"

    second: int
    name: str

    def _sentence(self) -> str:
        return f"{self.name} came at second {self.second}: come earlier."


def test_the_sentence_is_built_from_the_fields() -> None:
    error = TooLate(7, "ada")
    assert str(error) == error.sentence == "ada came at second 7: come earlier."
    assert repr(error) == "TooLate(second=7, name='ada')"


def test_errors_with_equal_fields_are_equal() -> None:
    assert TooLate(7, "ada") == TooLate(7, "ada") != TooLate(8, "ada")
    assert len({TooLate(7, "ada"), TooLate(7, "ada")}) == 1


def test_a_field_cannot_be_changed() -> None:
    error = TooLate(7, "ada")
    with pytest.raises(FrozenInstanceError, match="second"):
        error.second = 8  # type: ignore[misc] # the point of the test
    assert error.second == 7


@contextmanager
def bystander() -> Iterator[None]:
    """Lets errors through, as any context manager does; Python then sets their traceback."""
    yield


def test_an_error_passes_through_a_context_manager() -> None:
    with pytest.raises(TooLate), bystander():
        raise TooLate(7, "ada")


def test_an_error_survives_the_way_between_processes() -> None:
    error = TooLate(7, "ada")
    assert pickle.loads(pickle.dumps(error)) == error  # noqa: S301 - our own bytes


def test_only_waiting_for_the_chain_is_worth_a_retry() -> None:
    roots = (RuleViolated, ContractReverted, ChainUnavailable, MirrorInconsistent)
    assert [root.retry_helps for root in roots] == [False, False, True, False]
    assert len({root.code for root in roots}) == len(roots)


def test_an_error_without_fields_keeps_the_words_it_was_given() -> None:
    error = SeatmarketError("Nothing works.")
    assert error.sentence == "Nothing works."
    assert str(pickle.loads(pickle.dumps(error))) == "Nothing works."  # noqa: S301 - our own bytes
