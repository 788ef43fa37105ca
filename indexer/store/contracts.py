"""Which contracts a mirror is made of, and how far the history of each is filled in.

Owns those rows, and which change of them is allowed: a contract may come, none may change or go.
Refuses to ask a node.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from indexer.identity import Contract, Kind
from indexer.store.tables import mirrored_contracts
from marketplace.domain.errors import RuleViolated, typed_error

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

    from indexer.identity import Contracts, MirrorId
    from marketplace.domain.addresses import ChecksumAddress


@typed_error
class ContractsDiffer(RuleViolated):
    """A contract that the mirror was given before is named otherwise, or not at all."""

    code = "contracts_differ"

    kind: str
    stored: str
    start_block: int

    def _sentence(self) -> str:
        return (
            f"This mirror follows the contract {self.stored} ({self.kind}) from block "
            f"{self.start_block} on. A contract may be added to a mirror, but not be changed or "
            "left out: name it as it was, or another contract set to mirror anew."
        )


@dataclass(frozen=True, slots=True)
class Progress:
    """A contract of a mirror; `next_block` is the first one whose logs it lacks until it joins."""

    contract: Contract
    next_block: int
    joined: bool


def load(connection: Connection, mirror: MirrorId) -> Mapping[Kind, Progress]:
    """Read the contracts of a mirror; those of an older program are not noted yet."""
    rows = connection.execute(select(mirrored_contracts).filter_by(**mirror.columns)).mappings()
    return {
        Kind(row["kind"]): Progress(
            Contract(Kind(row["kind"]), row["address"], row["start_block"]),
            row["next_block"],
            bool(row["joined"]),
        )
        for row in rows
    }


def kinds(connection: Connection, mirror: MirrorId) -> dict[ChecksumAddress, Kind]:
    """Of which kind each contract of a mirror is, by its address."""
    found = load(connection, mirror)
    return {one.contract.address: kind for kind, one in found.items()}


def require_allowed(found: Mapping[Kind, Progress], contracts: Contracts) -> None:
    """Return when the contracts of a mirror are these, or some are new.

    Raises ContractsDiffer.
    """
    wanted = {one.kind: one for one in contracts.added}
    for kind, progress in found.items():
        stored = progress.contract
        if kind is not Kind.SEATS and wanted.get(kind) != stored:
            raise ContractsDiffer(kind, stored.address, stored.start_block)


def register(
    connection: Connection, mirror: MirrorId, contracts: Contracts, *, begun: bool
) -> None:
    """Note contracts that are not noted yet.

    Args:
        connection: Of a transaction that writes.
        mirror: Whose.
        contracts: All of them.
        begun: Whether the mirror exists already, so that what is added has a history to be filled
            in. A mirror that begins follows all from its first block on.
    """
    found = load(connection, mirror)
    first = Contract(Kind.SEATS, contracts.addresses[0], contracts.start_block)
    for one in (first, *contracts.added):
        if one.kind not in found:
            joined = not begun or one.kind is Kind.SEATS
            connection.execute(
                insert(mirrored_contracts).values(
                    **mirror.columns,
                    kind=one.kind.value,
                    address=one.address,
                    start_block=one.start_block,
                    next_block=one.start_block,
                    joined=int(joined),
                )
            )


def fill_to(
    connection: Connection, mirror: MirrorId, kind: Kind, next_block: int, *, joined: bool
) -> None:
    """Note how far a contract's history is filled in, and whether it is followed from now on."""
    connection.execute(
        update(mirrored_contracts)
        .filter_by(**mirror.columns, kind=kind.value)
        .values(next_block=next_block, joined=int(joined))
    )
