from __future__ import annotations

import pytest

from scripts.toolchain.mutation.effects import WHOLE, Effects, commute

WRITE = Effects(reads={".held"}, writes={".held"})


@pytest.mark.parametrize(
    "other",
    [
        Effects(),
        Effects(reads={".rules"}, writes={".rules"}),
        # A local of the same name is another thing.
        Effects(reads={"held"}, writes={"held"}),
        Effects(logs=True),
        Effects(refusals={"own"}),
        Effects(raw=True),
    ],
)
def test_what_knows_nothing_of_the_other_commutes(other: Effects) -> None:
    assert commute(WRITE, other)
    assert commute(other, WRITE)


@pytest.mark.parametrize(
    "other",
    [
        Effects(reads={".held"}),
        Effects(reads={".held"}, writes={".held"}),
        Effects(reads={WHOLE}),
        Effects(opaque=True),
    ],
)
def test_what_reads_or_writes_the_same_does_not(other: Effects) -> None:
    assert not commute(WRITE, other)
    assert not commute(other, WRITE)


def test_two_logs_do_not() -> None:
    assert not commute(Effects(logs=True), Effects(logs=True))


def test_two_refusals_do_not_unless_they_say_the_same() -> None:
    assert not commute(Effects(refusals={"own"}), Effects(refusals={"own"}))
    assert not commute(Effects(refusals={"index"}), Effects(refusals={"arithmetic"}))
    both = Effects(refusals={"index", "arithmetic"})
    assert not commute(both, both)
    assert commute(Effects(refusals={"index"}), Effects(refusals={"index"}))


def test_assembly_is_apart_from_no_memory() -> None:
    assert not commute(Effects(raw=True), Effects(raw=True))
    assert not commute(Effects(raw=True), Effects(named=True))
    assert commute(Effects(named=True), Effects(named=True))


def test_effects_add_up() -> None:
    whole = Effects(reads={"a"})
    flags = {"logs": True, "raw": True, "named": True, "opaque": True}
    whole.add(Effects({"b"}, {"b"}, {"own"}, **flags))
    assert whole == Effects({"a", "b"}, {"b"}, {"own"}, **flags)
