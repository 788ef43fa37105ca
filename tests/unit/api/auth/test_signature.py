from __future__ import annotations

import pytest

from api.auth.errors import SignInSignatureMalformed
from api.auth.signature import MAX_BYTES, fault_of_key, octets_of

ORDER = 0xFFFFFFFF_FFFFFFFF_FFFFFFFF_FFFFFFFE_BAAEDCE6_AF48A03B_BFD25E8C_D0364141


def written(r: int = 1, s: int = 1, v: int = 27) -> str:
    return "0x" + (r.to_bytes(32) + s.to_bytes(32) + bytes([v])).hex()


@pytest.mark.parametrize("v", [27, 28])
@pytest.mark.parametrize("s", [1, ORDER // 2])
def test_the_low_half_with_the_two_usual_marks_is_taken(s: int, v: int) -> None:
    assert fault_of_key(octets_of(written(s=s, v=v))) is None


@pytest.mark.parametrize(
    "signature",
    [
        written(s=ORDER // 2 + 1),
        written(s=ORDER - 1),
        written(s=ORDER),
        written(s=0),
        written(r=0),
        written(r=ORDER),
        *(written(v=v) for v in (0, 1, 26, 29, 37, 38, 255)),
        written()[:-2],
        "0x" + "11" * 64,
        "0x" + "11" * 66,
        "0x",
    ],
)
def test_no_key_signs_in_another_form(signature: str) -> None:
    assert fault_of_key(octets_of(signature))


@pytest.mark.parametrize(
    "signature",
    [
        "0x1",
        "",
        written()[2:],
        "0X" + written()[2:],
        written() + " ",
        written() + "\n",
        written().replace("0x", "0x "),
        "0x" + "\u0660" * 130,
    ],
)
def test_every_other_spelling_is_refused(signature: str) -> None:
    with pytest.raises(SignInSignatureMalformed):
        octets_of(signature)


def test_a_wallets_signature_may_be_long_and_not_longer() -> None:
    assert len(octets_of("0x" + "11" * MAX_BYTES)) == MAX_BYTES
    with pytest.raises(SignInSignatureMalformed, match="8192 is the most"):
        octets_of("0x" + "11" * (MAX_BYTES + 1))
