from __future__ import annotations

from dataclasses import replace

import pytest

from api.idempotency.sealing import Shown, seal, unseal
from api.idempotency.values import KeptAnswer, Place, hash_of
from indexer.queries import MirrorId

SHOWN = Shown("token", "key-1", b'{"name": "Door"}')
SECRET = b'{"key": "seats_key_1"}'


def test_the_same_request_opens_what_it_was_answered() -> None:
    assert unseal(SHOWN, seal(SHOWN, SECRET)) == SECRET


@pytest.mark.parametrize(
    "changed",
    [{"credential": "another"}, {"credential": ""}, {"key": "key-2"}, {"body": b"{}"}],
)
def test_whoever_lacks_one_part_of_it_opens_nothing(changed: dict[str, str]) -> None:
    assert unseal(replace(SHOWN, **changed), seal(SHOWN, SECRET)) is None  # type: ignore[arg-type] # each has its field's type


def test_what_was_altered_is_not_opened() -> None:
    sealed = seal(SHOWN, SECRET)
    for place in (0, 12, 28, len(sealed) - 1):
        altered = bytearray(sealed)
        altered[place] ^= 1
        assert unseal(SHOWN, bytes(altered)) is None
    for length in (0, 11, 12, 20, 28):
        assert unseal(SHOWN, sealed[:length]) is None


def test_two_answers_are_never_sealed_alike() -> None:
    assert seal(SHOWN, SECRET) != seal(SHOWN, SECRET)
    assert b"seats_key" not in seal(SHOWN, SECRET)


def test_an_answer_is_read_as_it_was_written() -> None:
    answer = KeptAnswer(201, '{"name": "Tür"}', {"ETag": '"1"'})
    assert KeptAnswer.of(answer.octets) == answer


def test_no_part_of_a_place_can_pass_for_another() -> None:
    place = Place(MirrorId(1, "seats"), "account 0x1", "POST", "/v1/a", "k")
    others = [
        replace(place, mirror=MirrorId(2, "seats")),
        replace(place, who="account 0x1POST"),
        replace(place, method="PUT"),
        replace(place, path="/v1/ak"),
        replace(place, key="kk"),
        replace(place, path="/v1/a", key="\nk"),
    ]
    assert len({one.hash for one in (place, *others)}) == 1 + len(others)
    assert hash_of("ab", "c") != hash_of("a", "bc")
