from __future__ import annotations

import threading
from itertools import count

import pytest

from marketplace.chain.nonces import Nonces


def test_nonces_follow_one_another_without_asking_again() -> None:
    asked = count(7)
    nonces = Nonces(lambda: next(asked))
    taken = []
    for _ in range(3):
        with nonces.next() as nonce:
            taken.append(nonce)
    assert taken == [7, 8, 9]
    assert next(asked) == 8


def test_a_failure_spends_nothing_and_asks_the_node_again() -> None:
    answers = iter([7, 40])
    nonces = Nonces(lambda: next(answers))
    with pytest.raises(RuntimeError, match="refused with 7"):
        refuse(nonces)
    with nonces.next() as nonce:
        assert nonce == 40


def refuse(nonces: Nonces) -> None:
    with nonces.next() as nonce:
        raise RuntimeError(f"refused with {nonce}")


def test_threads_never_share_a_nonce() -> None:
    nonces = Nonces(lambda: 0)
    taken: list[int] = []

    def take() -> None:
        for _ in range(50):
            with nonces.next() as nonce:
                taken.append(nonce)

    threads = [threading.Thread(target=take) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert taken == list(range(400))
