"""What is asked of a node once, before it is followed.

Owns the checks that a setting can fail: the chain, the node's abilities, the clock, the contract.
What is held against one head is held against one answer: the next may be another machine's. Refuses
to judge availability: a node that is silent now is asked again by the loop, and so is one that
lacks what is final in the mirror.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from indexer.rpc.consistency import require_belonging, require_complete, tidied
from indexer.rpc.errors import (
    AnswerMalformed,
    ChainDiffers,
    ClockAhead,
    ClockWrong,
    ContractMissing,
    NodeRefused,
    NodeUnfit,
    StartTooLate,
    ViewChanged,
)

if TYPE_CHECKING:
    from indexer.rpc.values import BlockHeader, Identity, Mark, Node, View
    from marketplace.domain.addresses import ChecksumAddress

NO_SUCH_BLOCK: Final = "0x" + "5ea7" * 16
"""A hash that no block has: a node that passes over `blockHash` gives the head's logs for it."""

YOUNG: Final = 10_000
"""Blocks that may be followed one by one when a chain has finalized none yet."""

_LOOKED_AT: Final = 100
"""Blocks before the head of which one that bears logs is looked for, in one request."""

# JSON-RPC: the request, the method or the parameters are not known.
_NOT_HONOURED: Final = frozenset({-32600, -32601, -32602})


def require_chain(node: Node, chain_id: int, genesis_hash: str | None) -> Identity:
    """Return the node's chain when it is the expected one; no genesis: any of that id.

    Raises:
        ChainDiffers: the id or the genesis is another's, as after a development chain was wiped.
        ChainUnavailable: the node does not answer.
    """
    found = node.identity()
    if found.chain_id != chain_id:
        raise ChainDiffers("chain id", str(chain_id), str(found.chain_id))
    if genesis_hash is not None and found.genesis.hash != genesis_hash:
        raise ChainDiffers("genesis block", genesis_hash, found.genesis.hash)
    return found


def last_final(view: View) -> Mark | None:
    """The last final block that an answer names.

    None where that is genesis, and the chain is long: it is final of itself, whatever the node
    knows of the blocks after it.
    """
    known = view.finalized is not None and (view.finalized.number or view.head.number <= YOUNG)
    return view.finalized if known else None


def require_reached(view: View, finalized: int) -> None:
    """Return when a node's answer has the block that is final in the mirror.

    One that has not is reading its chain anew, or has just been started: it has no code yet where
    the contract stands, or calls no block final, and none of that is for ever.

    Raises:
        ViewChanged: it has not, or calls nothing final though something is.
    """
    if view.head.number < finalized:
        raise ViewChanged(
            f"the node is at block {view.head.number}, and block {finalized} is final here"
        )
    if finalized and last_final(view) is None and view.head.number > YOUNG:
        raise ViewChanged(f"the node calls no block final, and block {finalized} was")


def require_abilities(node: Node, view: View) -> None:
    """Return when the node has named a finalized block, and answers for logs by a block's hash.

    Where the head bears no logs, one block before it that bears some is held against its bloom.

    Raises:
        NodeUnfit: it does not; the sentence says which.
        ChainUnavailable: the node does not answer.
    """
    if last_final(view) is None and view.head.number > YOUNG:
        raise NodeUnfit(
            f"it has {view.head.number} blocks and calls none of them finalized, so that all of "
            "them could be taken back"
        )
    _require_logs_by_hash(node, view.head)


def require_clock(view: View, asked_at: float, now: float, most_ahead_s: int | None) -> None:
    """Return when the clock agrees with an answer; None: however far they may be apart.

    Args:
        view: The answer.
        asked_at: The Unix second before it was asked for: an answer may come as late as it likes.
        now: The one at which it was there.
        most_ahead_s: How far one may be ahead of the other.

    A clock that is behind would call the mirror younger than it is. By one that is ahead it would
    be level in the future, which no reader believes. A head that is old says nothing of that, since
    a chain may stand still; so the clock of whoever answered is held against ours, where the answer
    names it. A young head says that ours is right.

    Raises:
        ClockWrong: the head is further in the future than that.
        ClockAhead: the answer, and the head with it, is further in the past.
    """
    if most_ahead_s is None:
        return
    ahead_s = view.head.timestamp_s - int(now)
    if ahead_s > most_ahead_s:
        raise ClockWrong(ahead_s, most_ahead_s)
    if view.answered_at is not None:
        ahead_s = int(asked_at) - max(view.answered_at, view.head.timestamp_s)
        if ahead_s > most_ahead_s:
            raise ClockAhead(ahead_s, most_ahead_s)


def require_contract(
    node: Node, address: ChecksumAddress, chain_id: int, *, is_mirrored: bool = False
) -> None:
    """Return when there is code at the address; `is_mirrored`: and final blocks of it are mirrored.

    Raises:
        ContractMissing: there is none.
        ViewChanged: there is none now. What was final had some: the node is another machine than
            the one that named its head, and behind it.
        ChainUnavailable: the node does not answer.
    """
    if node.code(address):
        return
    if is_mirrored:
        raise ViewChanged(f"the node has no contract at {address}, whose events are mirrored")
    raise ContractMissing(address, chain_id)


def require_start(node: Node, address: ChecksumAddress, start_block: int) -> None:
    """Return when the contract was not there before its start block, as far as the node knows.

    Raises:
        StartTooLate: it was, so that its first events would be missing.
        ChainUnavailable: the node does not answer.
    """
    # A node that has that state no longer is passed over: most have the newest states alone.
    if start_block == 0 or not node.code_then(address, start_block - 1):
        return
    # So is one that has code there in the first block too: some give the newest state, whichever
    # block they are asked about.
    if not node.code_then(address, 0):
        raise StartTooLate(address, start_block)


def _require_logs_by_hash(node: Node, head: BlockHeader) -> None:
    try:
        node.block_logs([head.hash])
    except NodeRefused as refusal:
        if refusal.rpc_code not in _NOT_HONOURED:
            raise
        raise NodeUnfit(f"asked for logs by a block's hash, it said {refusal.said!r}") from refusal
    try:
        answered = node.block_logs([NO_SUCH_BLOCK])
    except (NodeRefused, AnswerMalformed):
        return
    if any(answered[0]):
        raise NodeUnfit("asked for the logs of a block that does not exist, it gave some")
    if not head.logs_bloom:
        # Whoever passes over the hash gave the head's logs there, and it has none.
        _require_own_logs(node, head)


def _require_own_logs(node: Node, head: BlockHeader) -> None:
    """Hold one block before the head against its bloom, if one of the last ones bears logs."""
    numbers = range(max(0, head.number - _LOOKED_AT), head.number)
    found = (header for header in node.headers(numbers) if header is not None)
    # The oldest: of several machines behind one address none is likely to be that far behind.
    bearing = next((header for header in found if header.logs_bloom), None)
    if bearing is None or _gives_logs_of(node, bearing) or _gives_logs_of(node, bearing):
        return
    if node.header(bearing.hash) is None:
        raise ViewChanged(f"a machine that answers does not know block {bearing.number} yet")
    raise NodeUnfit(
        f"asked twice for the logs of block {bearing.number} by its hash, it gave others than "
        "the block's bloom holds"
    )


def _gives_logs_of(node: Node, header: BlockHeader) -> bool:
    (answer,) = node.block_logs([header.hash])
    try:
        logs = tidied(answer)
        require_belonging(logs, {header.number: header})
        require_complete(header, logs)
    except ViewChanged:
        return False
    return True
