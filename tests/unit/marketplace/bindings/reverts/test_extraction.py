"""Every form in which a provider is known to report one revert."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest
from eth_abi.abi import encode
from eth_tester.exceptions import TransactionFailed
from web3.exceptions import (
    ContractCustomError,
    ContractLogicError,
    ContractPanicError,
    OffchainLookup,
    Web3RPCError,
)

from marketplace.bindings.reverts import (
    Granted,
    Panicked,
    RevertedSilently,
    RevertedUnknown,
    RevertedWithText,
    revert_entries,
    revert_in,
)
from marketplace.domain.ids import SeatId

if TYPE_CHECKING:
    from web3.types import RPCResponse

DATA = revert_entries()["SeatMarket_Granted"].encode_call([7_200_013])
HEX = f"0x{DATA.hex()}"
GRANTED = Granted(SeatId(7_200_013))
TEXT = f"0x08c379a0{encode(['string'], ['no']).hex()}"
PANIC = f"0x4e487b71{encode(['uint256'], [0x12]).hex()}"


def answered(**error: object) -> Web3RPCError:
    """What web3 raises for an error in a JSON-RPC answer."""
    return Web3RPCError(repr(error), cast("RPCResponse", {"id": 1, "error": error}))


@pytest.mark.parametrize(
    "error",
    [
        ContractCustomError(HEX, data=HEX),
        ContractLogicError("execution reverted", data=f"Reverted {HEX}"),
        ContractLogicError("execution reverted", data={"data": HEX}),
        answered(code=3, message="execution reverted", data=HEX),
        answered(code=-32000, message="execution reverted", data=HEX),
        answered(code=-32015, message="VM execution error.", data=f"Reverted {HEX}"),
        answered(code=-32603, message="Internal error", data={"data": HEX, "message": "x"}),
        answered(code=-32000, message="VM Exception", data={"result": HEX}),
        TransactionFailed(str(DATA)),
        TransactionFailed(f"execution reverted: {DATA!r}"),
        TransactionFailed(DATA),
        TransactionFailed(ValueError(DATA)),
    ],
    ids=lambda error: f"{type(error).__name__}: {str(error)[:40]}",
)
def test_one_revert_in_any_form_is_one_error(error: Exception) -> None:
    assert revert_in(error) == GRANTED


@pytest.mark.parametrize(
    ("error", "found"),
    [
        (ContractPanicError("Panic error 0x12", data=PANIC), Panicked(0x12)),
        (answered(code=3, message="execution reverted: no", data=TEXT), RevertedWithText("no")),
        (TransactionFailed("execution reverted: no"), RevertedWithText("no")),
        (TransactionFailed("no"), RevertedWithText("no")),
        (
            ContractLogicError("execution reverted", data="no data"),
            RevertedSilently("execution reverted"),
        ),
        (ContractLogicError(None, data=None), RevertedSilently("nothing")),
        (answered(code=3, message="execution reverted"), RevertedSilently("execution reverted")),
        (OffchainLookup({}, data="0x556f1830aa"), RevertedUnknown(bytes.fromhex("556f1830aa"))),
    ],
)
def test_other_reverts_are_told_apart(error: Exception, found: Exception) -> None:
    assert revert_in(error) == found


@pytest.mark.parametrize(
    "error",
    [
        ValueError("b'\\x01'"),
        answered(code=-32000, message="insufficient funds for gas * price + value"),
        answered(code=-32601, message="the method does not exist", data=None),
        Web3RPCError("no answer at all"),
    ],
)
def test_what_is_no_revert_is_left_alone(error: Exception) -> None:
    assert revert_in(error) is None
