from __future__ import annotations

import pytest

from api.auth.errors import ContractWalletRefused, SignInSignatureMalformed
from api.auth.signature import require_canonical

ORDER = 0xFFFFFFFF_FFFFFFFF_FFFFFFFF_FFFFFFFE_BAAEDCE6_AF48A03B_BFD25E8C_D0364141


def written(r: int = 1, s: int = 1, v: int = 27) -> str:
    return "0x" + (r.to_bytes(32) + s.to_bytes(32) + bytes([v])).hex()


@pytest.mark.parametrize("v", [27, 28])
@pytest.mark.parametrize("s", [1, ORDER // 2])
def test_the_low_half_with_the_two_usual_marks_is_taken(s: int, v: int) -> None:
    assert require_canonical(written(s=s, v=v))[64] == v


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
        require_canonical(signature)


@pytest.mark.parametrize("size", [0, 66, 130, 4_096])
def test_what_only_a_contract_could_check_is_called_that(size: int) -> None:
    with pytest.raises(ContractWalletRefused):
        require_canonical("0x" + "11" * size)
