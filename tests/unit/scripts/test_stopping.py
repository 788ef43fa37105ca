from __future__ import annotations

import os
import signal

import pytest

from scripts.stopping import Stopping, StopWished, stoppable

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def stop_myself(sent: signal.Signals) -> None:
    os.kill(os.getpid(), sent)


def wished_in(sent: signal.Signals, seen: list[Stopping]) -> None:
    with stoppable() as stopping:
        seen.append(stopping)
        stop_myself(sent)


@pytest.mark.parametrize("sent", SIGNALS)
def test_the_first_wish_is_raised_where_the_command_is(sent: signal.Signals) -> None:
    seen: list[Stopping] = []
    with pytest.raises(StopWished):
        wished_in(sent, seen)
    assert seen[0].is_wished


@pytest.mark.parametrize("sent", SIGNALS)
def test_putting_away_is_not_interrupted(sent: signal.Signals) -> None:
    put_away = []

    def command() -> None:
        with stoppable():
            try:
                stop_myself(sent)
            finally:
                for one in SIGNALS:
                    stop_myself(one)
                put_away.append(True)

    with pytest.raises(StopWished):
        command()
    assert put_away == [True]


def test_a_wish_that_is_noted_raises_nothing() -> None:
    with stoppable() as stopping, stopping.noted():
        assert not stopping.is_wished
        stop_myself(signal.SIGTERM)
        assert stopping.is_wished


def test_signals_mean_afterwards_what_they_meant_before() -> None:
    before = [signal.getsignal(one) for one in SIGNALS]
    with stoppable():
        assert [signal.getsignal(one) for one in SIGNALS] != before
    assert [signal.getsignal(one) for one in SIGNALS] == before


def test_a_command_that_shall_outlive_its_terminal_is_let() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with stoppable() as stopping:
            stop_myself(signal.SIGHUP)
            assert not stopping.is_wished
    finally:
        signal.signal(signal.SIGHUP, before)
