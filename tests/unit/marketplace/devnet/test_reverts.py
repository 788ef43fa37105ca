from __future__ import annotations

import pytest
from eth_abi import abi

from marketplace.devnet.reverts import revert_reason

ERROR = bytes.fromhex("08c379a0")
PANIC = bytes.fromhex("4e487b71")


def test_a_string_error_gives_its_sentence() -> None:
    assert revert_reason(ERROR + abi.encode(["string"], ["sold out"])) == "sold out"


def test_a_panic_gives_its_meaning_and_code() -> None:
    reason = revert_reason(PANIC + abi.encode(["uint256"], [0x11]))
    assert reason == "arithmetic underflow or overflow (0x11)"


def test_an_unknown_panic_still_gives_its_code() -> None:
    assert revert_reason(PANIC + abi.encode(["uint256"], [0x99])) == "unknown panic (0x99)"


@pytest.mark.parametrize(
    "output",
    [
        b"",
        b"\x01",
        bytes.fromhex("deadbeef") + bytes(32),
        ERROR,
        ERROR + bytes(31),
        ERROR + abi.encode(["uint256", "uint256"], [32, 2**255]),
        ERROR + abi.encode(["bytes"], [b"\xff\xfe"]),
        PANIC + b"\x01",
    ],
)
def test_other_bytes_have_no_reason(output: bytes) -> None:
    assert revert_reason(output) is None
