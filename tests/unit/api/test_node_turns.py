from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from threading import Event
from typing import TYPE_CHECKING, Final

import pytest

from api.node_turns import (
    MAX_AT_ONCE,
    MAX_BEHIND,
    MAX_BEHIND_ONE,
    MAX_SHARING,
    MAX_SHOWN_AT_ONCE,
    MAX_SILENT,
    MAX_STRANGERS_AT_ONCE,
    SILENCE_S,
    Asked,
    NodeBusy,
    NodeTurns,
    StrangerSilent,
)
from marketplace.domain.addresses import ChecksumAddress
from tests.unit.api.gate.test_decide import ADA, BO

if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE_S: Final = 20


def account(number: int) -> ChecksumAddress:
    return ChecksumAddress(f"0x{number:040d}")


def accepted(whose: ChecksumAddress, name: bytes = b"a session") -> Asked:
    return Asked(whose, name, accepted=True)


def shown(whose: ChecksumAddress, name: bytes = b"by somebody") -> Asked:
    return Asked(whose, name, accepted=False)


def turns(timeout_s: float = PATIENCE_S, passed: Callable[[], float] = lambda: 0) -> NodeTurns:
    return NodeTurns(timeout_s, passed)


class Waiting(NodeTurns):
    """Says when somebody waits behind another."""

    def __init__(self) -> None:
        super().__init__(PATIENCE_S, lambda: 0)
        self.waits = Event()

    def _wait(self, asked: Asked) -> None:
        # Whoever is told so finds the lock free only when this one really waits.
        self.waits.set()
        super()._wait(asked)

    def wait_for_one(self) -> None:
        assert self.waits.wait(PATIENCE_S)
        self.waits.clear()
        with self._changed:
            pass


def test_strangers_take_few_of_the_places_at_the_node() -> None:
    found = turns()
    with ExitStack() as held:
        for number in range(MAX_STRANGERS_AT_ONCE):
            held.enter_context(found.of_stranger(accepted(account(number))))
        for refused in (shown(ADA), accepted(ADA)):
            with pytest.raises(NodeBusy), found.of_stranger(refused):
                pass
        for _ in range(MAX_AT_ONCE):
            held.enter_context(found.any())
        with pytest.raises(NodeBusy), found.any():
            pass
    with found.of_stranger(shown(ADA)), found.any():
        pass


def test_who_fills_the_node_with_other_things_keeps_no_wallet_from_being_asked() -> None:
    found = turns()
    with ExitStack() as held:
        for _ in range(MAX_AT_ONCE):
            held.enter_context(found.any())
        with pytest.raises(NodeBusy), found.any():
            pass
        with found.of_stranger(accepted(ADA)), found.of_stranger(shown(BO)):
            pass


def test_what_anybody_shows_leaves_a_place_for_what_wallets_have_accepted() -> None:
    found = turns()
    with ExitStack() as held:
        for number in range(MAX_SHOWN_AT_ONCE):
            held.enter_context(found.of_stranger(shown(account(number))))
        with pytest.raises(NodeBusy), found.of_stranger(shown(BO)):
            pass
        with found.of_stranger(accepted(ADA)):
            pass


def test_of_one_accounts_contract_one_thing_is_asked_at_a_time() -> None:
    found = turns()
    with found.of_stranger(shown(ADA)):
        for name in (b"by somebody", b"by somebody else"):
            with pytest.raises(NodeBusy), found.of_stranger(shown(ADA, name)):
                pass
        # Neither its own sessions nor other accounts wait for that.
        with found.of_stranger(accepted(ADA)), found.of_stranger(shown(BO)):
            pass
    with found.of_stranger(shown(ADA)):
        pass


def test_what_a_wallet_has_accepted_waits_for_its_turn() -> None:
    found, done = Waiting(), list[str]()

    def ask() -> None:
        with found.of_stranger(accepted(ADA, b"another session")):
            done.append("second")

    with ThreadPoolExecutor(1) as thread:
        with found.of_stranger(accepted(ADA)):
            second = thread.submit(ask)
            found.wait_for_one()
            done.append("first")
        second.result(PATIENCE_S)
    assert done == ["first", "second"]


def test_whoever_waited_for_no_answer_is_told_so() -> None:
    found = Waiting()

    def ask() -> None:
        with found.of_stranger(accepted(ADA)):
            pytest.fail("it was asked again")

    with ThreadPoolExecutor(1) as thread:
        with found.of_stranger(accepted(ADA)):
            second = thread.submit(ask)
            found.wait_for_one()
            found.note_silence(accepted(ADA))
        with pytest.raises(StrangerSilent):
            second.result(PATIENCE_S)


def test_few_wait_behind_one_account_and_few_in_all() -> None:
    found = Waiting()

    def ask(whose: ChecksumAddress) -> None:
        with found.of_stranger(accepted(whose, b"another session")):
            pass

    crowd = [account(number) for number in range(MAX_STRANGERS_AT_ONCE)]
    with ThreadPoolExecutor(MAX_BEHIND) as threads:
        with ExitStack() as held:
            for whose in crowd:
                held.enter_context(found.of_stranger(accepted(whose)))
            waiting = []
            for number in range(MAX_BEHIND):
                waiting.append(threads.submit(ask, crowd[number // MAX_BEHIND_ONE]))
                found.wait_for_one()
            for full in (crowd[0], crowd[-1]):
                with pytest.raises(NodeBusy):
                    ask(full)
        for one in waiting:
            one.result(PATIENCE_S)
    ask(crowd[0])


def test_those_who_wait_with_the_same_question_are_counted_apart() -> None:
    found = Waiting()

    def ask(name: bytes) -> None:
        with found.of_stranger(accepted(ADA, name)):
            pass

    with ThreadPoolExecutor(MAX_SHARING + MAX_BEHIND_ONE) as threads:
        with found.of_stranger(accepted(ADA, b"asked")):
            waiting = []
            for name in (*[b"asked"] * MAX_SHARING, *[b"another"] * MAX_BEHIND_ONE):
                waiting.append(threads.submit(ask, name))
                found.wait_for_one()
            for full in (b"asked", b"another"):
                with pytest.raises(NodeBusy):
                    ask(full)
        for one in waiting:
            one.result(PATIENCE_S)
    ask(b"asked")


def test_a_turn_is_not_waited_for_longer_than_for_an_answer() -> None:
    found = turns(timeout_s=0.05)
    own = accepted(ADA)
    with found.of_stranger(own), pytest.raises(NodeBusy), found.of_stranger(own):
        pytest.fail("it was asked beside the first")
    with found.of_stranger(own):
        pass


def test_a_silence_is_remembered_for_some_seconds() -> None:
    seconds = [0.0]
    found = turns(passed=lambda: seconds[0])
    found.note_silence(shown(ADA))
    seconds[0] = SILENCE_S - 0.1
    with pytest.raises(StrangerSilent, match=ADA), found.of_stranger(shown(ADA)):
        pass
    for other in (shown(BO), shown(ADA, b"by somebody else"), accepted(ADA, b"by somebody")):
        with found.of_stranger(other):
            pass
    seconds[0] = SILENCE_S
    with found.of_stranger(shown(ADA)):
        pass


def test_so_many_silences_are_remembered_and_the_oldest_goes() -> None:
    found = turns()
    for number in (0, 1, 0, *range(2, MAX_SILENT + 1)):
        found.note_silence(shown(account(number)))
    with found.of_stranger(shown(account(1))):
        pass
    for number in (0, 2, MAX_SILENT):
        with pytest.raises(StrangerSilent), found.of_stranger(shown(account(number))):
            pass
