"""Owns every error that a client of the development chain can be answered with.

Refuses to hide what went wrong inside: an unexpected failure is logged with its traceback by the
endpoint and answered as `InternalError`, never as a rule of the chain.

    DevnetError (code, message, data)
    ├── ParseError          -32700  the body is not JSON
    ├── InvalidRequest      -32600  JSON, but not a JSON-RPC 2.0 request
    ├── MethodNotFound      -32601  no such method here; says what to do instead where it can
    ├── InvalidParams       -32602  the method exists, its arguments do not fit
    ├── InternalError       -32603  a defect of this chain
    ├── Rejected            -32000  the chain's rules say no (nonce, funds, gas, unknown state)
    └── ExecutionReverted        3  the contract said no; `data` holds its exact bytes

Sentences of `Rejected` begin with the words that Ethereum nodes use, because clients sort errors by
these beginnings.
"""

from __future__ import annotations

from typing import ClassVar


class DevnetError(Exception):
    """An answer that is not a result.

    Attributes:
        code: JSON-RPC error code.
        message: One sentence for people, with the beginning that clients look for.
        data: Optional machine-readable part, `0x` hex of the revert bytes for a revert.
    """

    code: ClassVar[int] = -32000

    def __init__(self, message: str, data: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.data = data


class ParseError(DevnetError):
    """The body is not JSON."""

    code = -32700


class InvalidRequest(DevnetError):
    """The body is JSON but no JSON-RPC 2.0 request."""

    code = -32600


class MethodNotFound(DevnetError):
    """The method does not exist on this chain."""

    code = -32601


class InvalidParams(DevnetError):
    """The method's arguments are missing, superfluous or malformed."""

    code = -32602


class InternalError(DevnetError):
    """A defect of the development chain itself."""

    code = -32603


class Rejected(DevnetError):
    """A rule of the chain was violated; nothing has changed."""

    code = -32000


class ExecutionReverted(DevnetError):
    """A call ended in REVERT.

    Attributes:
        output: The revert bytes, exactly as the contract returned them.
    """

    code = 3

    def __init__(self, output: bytes, reason: str | None) -> None:
        message = "execution reverted" if reason is None else f"execution reverted: {reason}"
        super().__init__(message, "0x" + output.hex())
        self.output = output
