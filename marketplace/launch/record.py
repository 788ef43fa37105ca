"""Owns the record of a launch: a file beside the launch file that says what was created, and where.

It is the memory that keeps one file from being launched twice by accident, and it holds the
canonical terms, without which nobody could show later what the hash on the chain stands for. An
intention is written before anything is sent, so that a process that dies leaves behind what the
next one needs to find out how far it came.

Refuses to be guessed at: a record that cannot be read or written stops a launch.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from marketplace.domain.errors import RuleViolated

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from marketplace.domain.addresses import ChecksumAddress

SUFFIX: Final = ".launch.json"


class RecordUnreadable(RuleViolated):
    """The record is there and says nothing that can be relied on."""

    code = "launch_record_unreadable"

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(
            f"The launch record {path} cannot be read ({why}): find out on the chain what was "
            "launched, then mend the record or move it away."
        )


class RecordUnwritable(RuleViolated):
    """The record cannot be kept."""

    code = "launch_record_unwritable"

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(
            f"The launch record {path} cannot be written ({why}): free its place or your "
            "permissions, then run the same command again; it finds out what was done."
        )


class RecordMoved(RuleViolated):
    """Somebody else writes the record."""

    code = "launch_record_moved"

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"The launch record {path} has changed since this run read it: another one launches "
            "the same file, and nothing was sent here. Wait until it has ended, then look at the "
            "record."
        )


class AlreadyLaunched(RuleViolated):
    """The file was launched on this contract before."""

    code = "already_launched"

    def __init__(self, launched: Launched, path: Path) -> None:
        super().__init__(
            f"This file was launched as drop {launched.drop} in block {launched.block} of chain "
            f"{launched.chain_id}, says {path}. Look at it with `seats show {launched.drop}`; "
            "to sell a second drop with the same terms, say --again."
        )


Hash = Annotated[str, Field(pattern=r"^0x[0-9a-fA-F]{64}$")]
"""32 bytes in hexadecimal."""


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class ListedAccounts(_Strict):
    """Whom the allowlist of a phase named when it was launched: its root says no account."""

    phase: Annotated[int, Field(ge=0)]
    accounts: Annotated[list[str], Field(min_length=1)]


class Launched(_Strict):
    """One launch of the file.

    Attributes:
        chain_id: The chain's EIP-155 id.
        contract: Address of the market.
        drop: The id that the contract gave.
        block: Its number, with its hash.
        gas_used: By the whole transaction.
        terms: The canonical terms whose keccak256 is `terms_hash`.
        allowlists: Those that the file named by a file of their own.
    """

    chain_id: int
    contract: str
    drop: Annotated[int, Field(ge=1)]
    mentor: str
    transaction_hash: Hash
    block: Annotated[int, Field(ge=0)]
    block_hash: Hash
    gas_used: Annotated[int, Field(ge=0)]
    terms_hash: Hash
    terms: str
    allowlists: list[ListedAccounts] = []


class Intention(_Strict):
    """A launch that was signed and of which nobody has said yet what became of it.

    Attributes:
        nonce: Of the transaction. Only one transaction of an account can ever have it.
        max_fee: The highest fee that it pays, in wei per gas, as decimal digits.
        settled_block: A block of the chain that was final then, with its hash: a chain that does
            not have it is another one.
    """

    chain_id: int
    contract: str
    mentor: str
    nonce: Annotated[int, Field(ge=0)]
    max_fee: Annotated[str, Field(pattern=r"^[0-9]{1,78}$")]
    transaction_hash: Hash
    settled_block: Annotated[int, Field(ge=0)]
    settled_block_hash: Hash
    terms_hash: Hash
    terms: str
    allowlists: list[ListedAccounts] = []


class LaunchRecord(_Strict):
    """All launches of one file, in their order, and those of which the end is not known."""

    form: Literal["seatmarket launch record 1"] = "seatmarket launch record 1"
    launches: list[Launched] = []
    intentions: list[Intention] = []

    def intended_on(self, chain_id: int, contract: ChecksumAddress) -> tuple[Intention, ...]:
        """The intentions on a contract, oldest first; each may be of another chain, as launches."""
        return tuple(
            one for one in self.intentions if (one.chain_id, one.contract) == (chain_id, contract)
        )

    def on(self, chain_id: int, contract: ChecksumAddress) -> tuple[Launched, ...]:
        """The launches on a contract, newest first.

        Two chains can share an id and the contract's address: each launch may be of another one.
        """
        return tuple(
            one
            for one in reversed(self.launches)
            if (one.chain_id, one.contract) == (chain_id, contract)
        )


def record_path(launch_file: Path) -> Path:
    """Where the record of a launch file lies: `drop.toml` has `drop.launch.json`."""
    return launch_file.with_name(launch_file.stem + SUFFIX)


def read_record(path: Path) -> LaunchRecord:
    """Read a record; an empty one where there is no file.

    Raises:
        RecordUnreadable: If what is there is no record.
    """
    try:
        return LaunchRecord.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return LaunchRecord()
    except OSError as error:
        raise RecordUnreadable(path, error.strerror or str(error)) from error
    except ValidationError as error:
        first = error.errors()[0]
        raise RecordUnreadable(path, f"{first['msg']}") from error


def intend(path: Path, intention: Intention) -> None:
    """Note what is about to be sent; on return it is on the disk. Raises as `_write`."""
    record = read_record(path)
    _write(path, record.model_copy(update={"intentions": [*record.intentions, intention]}))


def forget(path: Path, ended: Collection[Intention]) -> None:
    """Take intentions back of which nothing came or can come; raises as `_write`."""
    record = read_record(path)
    left = [one for one in record.intentions if one not in ended]
    _write(path, record.model_copy(update={"intentions": left}))


def complete(path: Path, launched: Launched, ended: Collection[Intention]) -> None:
    """Append what came of an intention, and take it and its rivals back; raises as `_write`."""
    record = read_record(path)
    left = [one for one in record.intentions if one not in ended]
    _write(path, LaunchRecord(launches=[*record.launches, launched], intentions=left))


def _write(path: Path, record: LaunchRecord) -> None:
    """Replace the record; readers see the old one or the new one, never a part.

    Raises:
        RecordUnreadable: If what is there is no record.
        RecordUnwritable: If it cannot be kept.
    """
    beside = path.with_name(path.name + ".new")
    try:
        with beside.open("w", encoding="utf-8") as file:
            file.write(record.model_dump_json(indent=2) + "\n")
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
        _sync_folder(path)
    except OSError as error:
        raise RecordUnwritable(path, error.strerror or str(error)) from error


def _sync_folder(path: Path) -> None:
    # Without it, a machine that loses its power may come back with the old name.
    handle = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
