"""Holding a receipt against a chain, months later.

Owns which of a receipt's claims a chain can settle, and how. What rests on the chain (the block,
the seat, the delegation, the mentor, the verifier) is asked of a node; what does not (who was
signed in, what the terms say of listings, the hour but that it is not before the block's) rests on
the signature alone, and is said to. Refuses to trust the receipt for anything that can be looked
up, to look up a right whose claims contradict each other (`coherence`), and to reach a node itself:
`ChainAtBlock` does.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum, unique
from typing import TYPE_CHECKING, Final, Protocol

from marketplace.bindings.delegations import RIGHT_TO_ATTEND
from marketplace.chain.errors import HistoryForgotten
from marketplace.receipts.coherence import fault_of, unknown_word
from marketplace.receipts.messages import signer_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.ids import DropId, SeatId
    from marketplace.receipts.values import DecisionReceipt, SeenBlock, SignedReceipt


@unique
class Verdict(StrEnum):
    """What became of one claim."""

    HOLDS = "holds"
    FALSE = "false"
    UNPROVABLE = "unprovable"
    SIGNED_ONLY = "signed_only"


@dataclass(frozen=True, slots=True)
class Meant:
    """What whoever checks a receipt means by it, by their own knowledge.

    Attributes:
        signer: Whose signature counts.
        contract: The market that it must be of: one key may sign for several on one chain.
    """

    signer: ChecksumAddress
    contract: ChecksumAddress


@dataclass(frozen=True, slots=True)
class Finding:
    """One claim of a receipt: its name, what became of it, and a sentence."""

    claim: str
    verdict: Verdict
    sentence: str


CLOCKS_DIFFER_S: Final = 600
"""Seconds by which a gate's clock may be behind its chain's."""


class ChainAtBlock(Protocol):
    """What a chain can say about the block of a receipt.

    Each raises ChainUnavailable, and all but the first two HistoryForgotten.
    """

    def chain_id(self) -> int:
        """The EIP-155 id."""

    def block(self) -> SeenBlock | None:
        """The block with the receipt's number; None: there is none yet."""

    def owner(self, seat: SeatId) -> ChecksumAddress | None:
        """Who owned a seat after the block; None: nobody."""

    def seats(self, account: ChecksumAddress, drop: DropId) -> frozenset[SeatId]:
        """Which seats of a drop an account owned after the block."""

    def is_delegate(
        self, account: ChecksumAddress, owner: ChecksumAddress, seat: SeatId, rights: str
    ) -> bool:
        """Whether an account could act for an owner after the block."""

    def mentor(self, drop: DropId) -> ChecksumAddress | None:
        """Whose drop it is; None: there was no such drop."""

    def verifier(self, drop: DropId) -> ChecksumAddress | None:
        """Who checked people in after the block."""

    def terms_hash(self, drop: DropId) -> str | None:
        """The hash of its terms; None: there was no such drop."""


def findings(signed: SignedReceipt, meant: Meant, chain: ChainAtBlock) -> tuple[Finding, ...]:
    """Hold a receipt against a chain.

    Args:
        signed: The receipt.
        meant: Whose signature counts, and of which market.
        chain: At the receipt's block.

    Returns:
        What became of each claim. After a false signature, market, chain or block nothing else is
        asked: it would say nothing about this receipt.

    Raises:
        ChainUnavailable: the node does not answer.
    """
    found: list[Finding] = []
    for look in (_signature, _contract, _chain, _block):
        finding = look(signed, meant, chain)
        found.append(finding)
        if finding.verdict is not Verdict.HOLDS:
            return tuple(found)
    return (*found, *_claims(signed.receipt, chain))


def _signature(signed: SignedReceipt, meant: Meant, _: ChainAtBlock) -> Finding:
    signer, trusted = signer_of(signed), meant.signer
    if signer == trusted:
        return Finding("signature", Verdict.HOLDS, f"{trusted} signed it.")
    who = "nobody's key" if signer is None else signer
    return Finding(
        "signature",
        Verdict.FALSE,
        f"It was signed by {who} and not by {trusted}, or altered since.",
    )


def _contract(signed: SignedReceipt, meant: Meant, _: ChainAtBlock) -> Finding:
    of = signed.receipt.contract
    if of == meant.contract:
        return Finding("contract", Verdict.HOLDS, f"It is of the market {of}.")
    sentence = f"It is of the market {of}, and says nothing about {meant.contract}."
    return Finding("contract", Verdict.FALSE, sentence)


def _chain(signed: SignedReceipt, _: Meant, chain: ChainAtBlock) -> Finding:
    wanted, found = signed.receipt.chain_id, chain.chain_id()
    if wanted == found:
        return Finding("chain", Verdict.HOLDS, f"The node serves chain {found}.")
    sentence = f"It is of chain {wanted}, and the node serves chain {found}: ask another node."
    return Finding("chain", Verdict.UNPROVABLE, sentence)


def _block(signed: SignedReceipt, _: Meant, chain: ChainAtBlock) -> Finding:
    receipt = signed.receipt
    found = chain.block()
    named = f"block {receipt.block_number} ({receipt.block_hash})"
    if found is None:
        sentence = f"The node has not reached {named}: ask again, or another node."
        return Finding("block", Verdict.UNPROVABLE, sentence)
    if found.block_hash != receipt.block_hash:
        return Finding(
            "block",
            Verdict.FALSE,
            f"It rests on {named}, and the chain has {found.block_hash} there: a reorganisation "
            "took that block away, and with it what was decided on it.",
        )
    early_s = found.made_at - receipt.decided_at
    if early_s > CLOCKS_DIFFER_S:
        sentence = f"It was decided {early_s} seconds before {named} was made, on which it rests."
        return Finding("block", Verdict.FALSE, sentence)
    return Finding("block", Verdict.HOLDS, f"It rests on {named}, which the chain has.")


def _claims(receipt: DecisionReceipt, chain: ChainAtBlock) -> Iterator[Finding]:
    try:
        yield _terms(receipt, chain)
    except HistoryForgotten as error:
        yield Finding("terms", Verdict.UNPROVABLE, error.sentence)
    try:
        yield _right(receipt, chain)
    except HistoryForgotten as error:
        yield Finding("right", Verdict.UNPROVABLE, error.sentence)


def _right(receipt: DecisionReceipt, chain: ChainAtBlock) -> Finding:
    word = unknown_word(receipt)
    if word is not None:
        said = f"What {word} means is not known here: a later version of this program may."
        return Finding("right", Verdict.UNPROVABLE, said)
    fault = fault_of(receipt)
    if fault is not None:
        return Finding("right", Verdict.FALSE, fault)
    key = receipt.via if receipt.allow else receipt.reason
    look = _LOOKS.get(key)
    if look is not None:
        return look(receipt, chain)
    on = "what the drop's terms say" if receipt.allow else "the clock or on who was signed in"
    said = (
        f"That the answer was {key} rests on {on}: the signature answers for it, and no chain can."
    )
    return Finding("right", Verdict.SIGNED_ONLY, said)


def _terms(receipt: DecisionReceipt, chain: ChainAtBlock) -> Finding:
    found = chain.terms_hash(receipt.drop)
    if found == receipt.terms_hash:
        return Finding("terms", Verdict.HOLDS, f"Drop {receipt.drop} has the terms {found}.")
    has = "does not exist" if found is None else f"has the terms {found}"
    return Finding("terms", Verdict.FALSE, f"Drop {receipt.drop} {has}, not {receipt.terms_hash}.")


def _by_seat(receipt: DecisionReceipt, chain: ChainAtBlock) -> Finding:
    owner = chain.owner(receipt.seat)
    named = f"Seat {receipt.seat}"
    holds = owner == receipt.account
    said = f"{named} belonged to {owner or 'nobody'} after block {receipt.block_number}."
    if holds and receipt.seat.drop != receipt.drop:
        said += (
            f" That holders of drop {receipt.seat.drop} see the listings of drop {receipt.drop} "
            "is for its terms to say: the signature answers for it, and no chain can."
        )
        return Finding("right", Verdict.SIGNED_ONLY, said)
    return Finding("right", Verdict.HOLDS if holds else Verdict.FALSE, said)


def _by_delegation(receipt: DecisionReceipt, chain: ChainAtBlock) -> Finding:
    owner = chain.owner(receipt.seat)
    if owner is None:
        said = f"Seat {receipt.seat} belonged to nobody after block {receipt.block_number}."
        return Finding("right", Verdict.FALSE, said)
    holds = chain.is_delegate(receipt.account, owner, receipt.seat, RIGHT_TO_ATTEND)
    might = "could" if holds else "could not"
    said = (
        f"{receipt.account} {might} attend for {owner}, who owned seat {receipt.seat} after block "
        f"{receipt.block_number}."
    )
    return Finding("right", Verdict.HOLDS if holds else Verdict.FALSE, said)


def _by_office(
    name: str, ask: Callable[[ChainAtBlock, DropId], ChecksumAddress | None]
) -> Callable[[DecisionReceipt, ChainAtBlock], Finding]:
    def look(receipt: DecisionReceipt, chain: ChainAtBlock) -> Finding:
        found = ask(chain, receipt.drop)
        holds = found == receipt.account
        said = f"The {name} of drop {receipt.drop} was {found or 'nobody'}."
        return Finding("right", Verdict.HOLDS if holds else Verdict.FALSE, said)

    return look


def _by_word(receipt: DecisionReceipt, chain: ChainAtBlock) -> Finding:
    # No chain knows co-hosts. What can be seen there is who could have named one.
    mentor = chain.mentor(receipt.drop)
    if mentor in {None, receipt.account}:
        said = f"The mentor of drop {receipt.drop} was {mentor or 'nobody'}, who names others."
        return Finding("right", Verdict.FALSE, said)
    said = (
        f"The mentor of drop {receipt.drop} was {mentor}. That they had named {receipt.account} "
        "as co-host is the signer's word: no chain knows of it."
    )
    return Finding("right", Verdict.SIGNED_ONLY, said)


def _without_seat(receipt: DecisionReceipt, chain: ChainAtBlock) -> Finding:
    # Which tiers open it is in the terms; that none was held at all can be seen here.
    seats = chain.seats(receipt.account, receipt.drop)
    named = f"{receipt.account} owned {len(seats)} seats of drop {receipt.drop}"
    said = f"{named} after block {receipt.block_number}."
    if receipt.reason == "no_seat":
        return Finding("right", Verdict.FALSE if seats else Verdict.HOLDS, said)
    return Finding("right", Verdict.HOLDS if seats else Verdict.FALSE, said)


_LOOKS: Final[Mapping[str, Callable[[DecisionReceipt, ChainAtBlock], Finding]]] = {
    "seat": _by_seat,
    "delegate": _by_delegation,
    "mentor": _by_office("mentor", lambda chain, drop: chain.mentor(drop)),
    "co_host": _by_word,
    "verifier": _by_office("verifier", lambda chain, drop: chain.verifier(drop)),
    "no_seat": _without_seat,
    "other_tier": _without_seat,
}
