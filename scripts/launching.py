"""Owns creating a drop from a launch file once, whatever happens in between.

Before a transaction is handed to a node, the record holds it as an intention. The next run asks the
chain what became of it: mined, it is completed; waiting, it is waited for; impossible, it is
forgotten. One that the node does not know can still be mined from elsewhere, so a new transaction
takes the same nonce: of both, a block can hold one only.

Refuses to believe itself: the drop's id and terms hash are read from the event that was mined.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from marketplace.bindings.addresses import parse_address
from marketplace.bindings.events import DropCreated
from marketplace.chain.fate import Fate
from marketplace.chain.receipts import Sent
from marketplace.domain.errors import (
    ChainUnavailable,
    ContractReverted,
    MirrorInconsistent,
    typed_error,
)
from marketplace.domain.money import Wei
from marketplace.launch.record import (
    Intention,
    Launched,
    ListedAccounts,
    RecordMoved,
    complete,
    forget,
    intend,
    read_record,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from marketplace.bindings.seats import SeatsContract
    from marketplace.bindings.transactions import Mined
    from marketplace.chain.heads import Head
    from marketplace.chain.sender import BeforeSending, Sender
    from marketplace.domain.ids import DropId
    from marketplace.launch.file import LaunchFile
    from marketplace.launch.record import LaunchRecord
    from scripts.market import Market


@typed_error
class DropNotAnnounced(MirrorInconsistent):
    """The transaction succeeded and the contract did not announce the drop that was sent."""

    code = "drop_not_announced"

    transaction_hash: bytes

    def _sentence(self) -> str:
        return (
            f"0x{self.transaction_hash.hex()} succeeded and announces no drop with the terms that "
            "were sent: look at it on the chain before you launch again."
        )


@typed_error
class LaunchUnsettled(ChainUnavailable):
    """An earlier launch of the file may still be mined beside a new one."""

    code = "launch_unsettled"

    transaction_hash: str
    mentor: str
    nonce: int

    def _sentence(self) -> str:
        return (
            f"An earlier run signed {self.transaction_hash} for {self.mentor} with nonce "
            f"{self.nonce}; this node does not know it, and it may still be mined, so nothing was "
            "sent. Ask the node that it was sent to, or wait until that account has used the "
            "nonce, and run the same command again; --again launches a second drop regardless."
        )


@dataclass(frozen=True, slots=True)
class CreatedDrop:
    """A drop as the chain announced it; `terms_hash` is 32 bytes."""

    drop: DropId
    terms_hash: bytes
    mined: Mined


@dataclass(frozen=True, slots=True)
class Settled:
    """What the intentions of a record have come to.

    Attributes:
        launched: Those that were found mined, now in the record as launches.
        open: Those that can still be mined.
    """

    launched: tuple[Launched, ...]
    open: tuple[Intention, ...]


def create_drop(
    seats: SeatsContract,
    sender: Sender,
    file: LaunchFile,
    before_sending: BeforeSending = lambda _: None,
) -> CreatedDrop:
    """Create a file's drop; the sender becomes its mentor.

    Raises DropNotAnnounced and whatever the sender raises.
    """
    mined = sender.send(seats.create_drop(file.drop), before_sending)
    return created_in(seats, mined, file.drop.terms.terms_hash)


def created_in(seats: SeatsContract, mined: Mined, terms_hash: bytes) -> CreatedDrop:
    """The drop with these terms that a transaction created. Raises DropNotAnnounced."""
    for log in seats.events_of(mined):
        event = log.event
        if isinstance(event, DropCreated) and event.terms_hash == terms_hash:
            return CreatedDrop(event.drop, event.terms_hash, mined)
    raise DropNotAnnounced(mined.transaction_hash)


def settle(market: Market, sender: Sender, record: Path) -> Settled:
    """Find out what became of every intention on this chain, and keep the record up with it.

    Raises ReceiptTimedOut and TransactionStuck while one waits, DropNotAnnounced, and as
    `Market.fate`.
    """
    launched: list[Launched] = []
    unknown: list[Intention] = []
    for intention in _intentions_here(market, record):
        sent = _sent(intention)
        fate = market.fate(sent)
        if fate is Fate.UNKNOWN:
            unknown.append(intention)
            continue
        if fate is not Fate.IMPOSSIBLE:
            found = _found(market, sender, intention)
            if found is not None:
                launched.append(found)
                complete(record, found, [intention])
                continue
        forget(record, [intention])
    # One that was unknown a moment ago is impossible once a rival was found in a block.
    ended = [one for one in unknown if market.fate(_sent(one)) is Fate.IMPOSSIBLE]
    if ended:
        forget(record, ended)
    return Settled(tuple(launched), tuple(one for one in unknown if one not in ended))


def launch_once(
    market: Market,
    sender: Sender,
    file: LaunchFile,
    record: Path,
    known: LaunchRecord,
    rivals: Sequence[Intention],
) -> Launched:
    """Create a file's drop, with the record always ahead of the chain.

    Args:
        market: Where to.
        sender: Of the mentor.
        file: What is launched.
        record: Its record.
        known: What the record held when the launch was decided on.
        rivals: Intentions that can still be mined; the new transaction must take their place.

    Raises:
        LaunchUnsettled: If it could be mined beside one of them; nothing was sent.
        RecordMoved: If another process writes the record; nothing was sent.
        RecordUnwritable: If the record cannot be kept; before anything was sent.
    """
    settled = market.settled()
    noted: list[Intention] = []

    def note(sent: Sent) -> None:
        for one in rivals:
            if (one.mentor, one.nonce) != (sent.sender, sent.nonce):
                raise LaunchUnsettled(one.transaction_hash, one.mentor, one.nonce)
        if noted:
            # The node refused its nonce: what it has not taken, it will not mine.
            forget(record, noted)
            noted.clear()
        # The lock is on the file, and an editor that saves puts another file in its place.
        if read_record(record) != known:
            raise RecordMoved(record)
        intention = _intention(market, sent, file, settled)
        intend(record, intention)
        noted.append(intention)

    created = create_drop(market.seats, sender, file, note)
    launched = _launched(created, noted[-1])
    complete(record, launched, [*noted, *rivals])
    return launched


def _intentions_here(market: Market, record: Path) -> Sequence[Intention]:
    """The intentions of a record on this very chain, not on one that has its id alone."""
    of_contract = read_record(record).intended_on(market.seats.chain_id, market.seats.address)
    return [
        one
        for one in of_contract
        if market.holds(
            one.settled_block, _octets(one.settled_block_hash), _octets(one.transaction_hash)
        )
    ]


def _found(market: Market, sender: Sender, intention: Intention) -> Launched | None:
    """What an intention created, once it is mined; None when it failed there."""
    try:
        mined = sender.wait(_sent(intention))
    except ContractReverted:
        return None
    created = created_in(market.seats, mined, _octets(intention.terms_hash))
    return _launched(created, intention)


def _intention(market: Market, sent: Sent, file: LaunchFile, settled: Head) -> Intention:
    return Intention(
        chain_id=market.seats.chain_id,
        contract=market.seats.address,
        mentor=sent.sender,
        nonce=sent.nonce,
        max_fee=str(sent.max_fee),
        transaction_hash=_hex(sent.transaction_hash),
        settled_block=settled.number,
        settled_block_hash=_hex(settled.hash),
        terms_hash=_hex(file.drop.terms.terms_hash),
        terms=file.document,
        allowlists=[
            ListedAccounts(phase=phase, accounts=sorted(listed.accounts))
            for phase, listed in file.allowlists.items()
        ],
    )


def _launched(created: CreatedDrop, intention: Intention) -> Launched:
    mined = created.mined
    return Launched(
        chain_id=intention.chain_id,
        contract=intention.contract,
        drop=created.drop,
        mentor=intention.mentor,
        transaction_hash=_hex(mined.transaction_hash),
        block=mined.block_number,
        block_hash=_hex(mined.block_hash),
        gas_used=mined.gas_used,
        terms_hash=_hex(created.terms_hash),
        terms=intention.terms,
        allowlists=intention.allowlists,
    )


def _sent(intention: Intention) -> Sent:
    return Sent(
        _octets(intention.transaction_hash),
        parse_address(intention.mentor),
        intention.nonce,
        Wei(int(intention.max_fee)),
    )


def _octets(text: str) -> bytes:
    return bytes.fromhex(text.removeprefix("0x"))


def _hex(octets: bytes) -> str:
    return f"0x{octets.hex()}"
