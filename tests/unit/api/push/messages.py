"""Messages of the outbox, as the indexer writes them."""

from __future__ import annotations

from typing import Literal

from indexer.queries import Mark, Message
from marketplace.domain.addresses import ChecksumAddress

ADA = "0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045"
BO = "0x9fE46736679d2D9a65F0992F2272dE9f3c7fa6e0"
NOBODY = "0x" + "0" * 40
SEAT = 7_200_013


def message(
    event: str, *, seq: int = 1, kind: Literal["apply", "retract"] = "apply", **arguments: str
) -> Message:
    """One message; a name that Python keeps to itself is written with a line after it."""
    return Message(
        seq=seq,
        kind=kind,
        block=Mark(9, "0x" + "ab" * 32),
        log_index=3,
        tx_hash="0x" + "cd" * 32,
        address=ChecksumAddress(BO),
        event=event,
        arguments={name.rstrip("_"): value for name, value in arguments.items()},
    )


def transfer(
    from_: str, to: str, *, seq: int = 1, kind: Literal["apply", "retract"] = "apply"
) -> Message:
    """A seat that changes hands."""
    return message("Transfer", seq=seq, kind=kind, from_=from_, to=to, id=str(SEAT))
