from __future__ import annotations

import os
import signal
import threading
from time import monotonic

from indexer.process import stopping_by_signal
from indexer.waking import Stopper, Term

LONG_S = 20.0


def test_word_of_a_head_ends_a_rest_once() -> None:
    stopper = Stopper()
    stopper.wake()
    stopper.wake()

    assert stopper.rest(LONG_S)
    assert not stopper.rest(0.001)


def test_word_of_a_head_ends_no_wait_and_is_not_forgotten_over_it() -> None:
    stopper = Stopper()
    stopper.wake()
    began = monotonic()

    stopper.wait(0.05)

    assert monotonic() - began >= 0.05
    assert stopper.rest(LONG_S)


def test_the_wish_to_stop_ends_both() -> None:
    stopper = Stopper()
    threading.Timer(0.01, stopper.stop).start()

    stopper.wait(LONG_S)
    assert stopper.is_stopped()
    assert not stopper.rest(LONG_S)


def test_a_signal_ends_a_wait() -> None:
    stopper = Stopper()
    with stopping_by_signal(stopper):
        threading.Timer(0.01, os.kill, (os.getpid(), signal.SIGTERM)).start()
        stopper.wait(LONG_S)

    assert stopper.is_stopped()


def test_a_word_from_another_thread_ends_a_rest() -> None:
    stopper = Stopper()
    threading.Timer(0.01, stopper.wake).start()

    assert stopper.rest(LONG_S)


def test_what_is_found_without_a_word_is_counted_until_the_next_word() -> None:
    stopper = Stopper()
    stopper.found_unheard()
    stopper.found_unheard()
    assert stopper.unheralded == 2

    stopper.wake()

    assert stopper.unheralded == 0
    stopper.found_unheard()
    stopper.heed()
    assert stopper.unheralded == 0


def test_a_term_ends_with_the_process_or_with_the_lead() -> None:
    stopper = Stopper()
    lost, stopped = Term(stopper), Term(stopper)
    lost.lose()
    assert (lost.is_stopped(), stopped.is_stopped()) == (True, False)

    stopper.stop()

    assert stopped.is_stopped()
    assert not stopped.is_lost


def test_a_term_hears_what_its_process_hears() -> None:
    stopper = Stopper()
    term = Term(stopper)
    term.found_unheard()
    assert stopper.unheralded == 1
    stopper.wake()

    assert term.rest(LONG_S)
