"""Finds the revert bytes in whatever a provider raised.

Owns what is known of providers: eth-tester puts a `repr` of the bytes into its message, web3 puts
hex into `.data`, nodes answer JSON-RPC error 3 with `data`, some wrap that in objects. Refuses to
import eth-tester, which only tests use: its exception is known by name.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from web3.exceptions import ContractLogicError, Web3RPCError

from marketplace.bindings.reverts.decoding import decode_revert
from marketplace.bindings.reverts.plain import RevertedWithText

if TYPE_CHECKING:
    from marketplace.domain.errors import ContractReverted

_REVERT_CODE: Final = 3
_HEX: Final = re.compile(r"(?:Reverted )?(0x(?:[0-9a-fA-F]{2})*)")
_BYTES_LITERAL: Final = re.compile(r"""b(['"]).*\1""", re.DOTALL)
_TESTER_PREFIX: Final = "execution reverted: "
_REVERT_WORDS: Final = ("execution reverted", "vm exception", "transaction reverted")


def revert_in(error: BaseException) -> ContractReverted | None:
    """The typed error inside an exception; None when it is not about a revert."""
    if isinstance(error, ContractLogicError):
        return decode_revert(_bytes_in(error.data) or b"", _said(error.message))
    if isinstance(error, Web3RPCError):
        return _in_answer(error.rpc_response)
    if type(error).__name__ == "TransactionFailed" and _comes_from_eth_tester(error):
        return _in_eth_tester(error)
    return None


def _in_answer(answer: object) -> ContractReverted | None:
    described = answer.get("error") if isinstance(answer, Mapping) else None
    if not isinstance(described, Mapping):
        return None
    said = _said(described.get("message"))
    data = _bytes_in(described.get("data"))
    reverted = described.get("code") == _REVERT_CODE or said.lower().startswith(_REVERT_WORDS)
    if not reverted and not data:
        return None
    return decode_revert(data or b"", said)


def _bytes_in(data: object) -> bytes | None:
    """Bytes given as hex, as themselves, or somewhere inside an object."""
    if isinstance(data, bytes):
        return data
    if isinstance(data, str):
        match = _HEX.fullmatch(data)
        return None if match is None else bytes.fromhex(match[1][2:])
    if isinstance(data, Mapping):
        found = (_bytes_in(data[key]) for key in ("data", "result", "return") if key in data)
        return next((one for one in found if one is not None), None)
    return None


def _comes_from_eth_tester(error: BaseException) -> bool:
    return type(error).__module__.partition(".")[0] == "eth_tester"


def _in_eth_tester(error: BaseException) -> ContractReverted:
    inside = error.args[0] if error.args else b""
    if isinstance(inside, BaseException):
        inside = inside.args[0] if inside.args else b""
    if isinstance(inside, bytes):
        return decode_revert(inside)
    text = str(inside).removeprefix(_TESTER_PREFIX)
    if _BYTES_LITERAL.fullmatch(text):
        literal = ast.literal_eval(text)
        return decode_revert(literal, text)
    # eth-tester has decoded Error(string) itself and kept the text alone.
    return RevertedWithText(text)


def _said(message: object) -> str:
    return message if isinstance(message, str) and message else "nothing"
