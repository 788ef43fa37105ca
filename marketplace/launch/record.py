"""Owns the record of a launch: a file beside the launch file that says what was created, and where.

It is the memory that keeps one file from being launched twice by accident, and it holds the
canonical terms, without which nobody could show later what the hash on the chain stands for.

Refuses to be guessed at: a record that cannot be read stops a launch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from marketplace.domain.errors import RuleViolated

if TYPE_CHECKING:
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


class Launched(_Strict):
    """One launch of the file.

    Attributes:
        chain_id: The chain's EIP-155 id.
        contract: Address of the market.
        drop: The id that the contract gave.
        block: Its number, with its hash.
        terms: The canonical terms whose keccak256 is `terms_hash`.
    """

    chain_id: int
    contract: str
    drop: Annotated[int, Field(ge=1)]
    mentor: str
    transaction_hash: Hash
    block: Annotated[int, Field(ge=0)]
    block_hash: Hash
    terms_hash: Hash
    terms: str


class LaunchRecord(_Strict):
    """All launches of one file, in their order."""

    form: Literal["seatmarket launch record 1"] = "seatmarket launch record 1"
    launches: list[Launched] = []

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


def add_launch(path: Path, launched: Launched) -> None:
    """Append a launch; readers see the old record or the new one, never a part.

    Raises:
        RecordUnreadable: If what is there is no record.
    """
    record = read_record(path)
    grown = LaunchRecord(launches=[*record.launches, launched])
    beside = path.with_name(path.name + ".new")
    beside.write_text(grown.model_dump_json(indent=2) + "\n", encoding="utf-8")
    beside.replace(path)
