"""Whether an account may mint in a phase after the newest block, and what it would pay.

Owns the question: the mint is tried on the chain as if the account had the money, since filling a
wallet is the easier half. Refuses rules of its own: what stands against a mint is what the contract
says, word for word, and the price is what the prepared mint carries.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.actions.minting import mint
from api.actions.orders import MintOrder
from api.actions.trying import site_of
from api.eligibility import lists
from api.errors import NotFound
from marketplace.bindings.node import NodeRefused
from marketplace.bindings.reverts import PaymentMissing, SeatDropsUnknown
from marketplace.domain.addresses import ETH
from marketplace.domain.drop import Gate
from marketplace.domain.errors import ContractReverted
from marketplace.storage.transactions import reading

if TYPE_CHECKING:
    from api.actions.steps import Amount, Site, Step
    from api.eligibility.lists import Listed
    from api.parts import Parts
    from marketplace.chain.heads import Head
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.ids import DropId, PhaseIndex, SeatId
    from marketplace.domain.views import PhaseView


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody would like to mint."""

    drop: DropId
    phase: PhaseIndex
    account: ChecksumAddress
    quantity: int
    opening_seat: SeatId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Eligibility:
    """Whether a wish would come true after a block.

    Attributes:
        phase: As it is after that block.
        eligible: None: it cannot be known here, and `unknown` says why.
        refusal: What the contract says; None where it would not refuse, or was not asked.
        price: Of all seats together.
        wallet_left: How many more this account may mint in this phase; None: no limit.
        is_funded: Whether the account holds the price now, gas not counted.
        proof: Of an allowlist, hash after hash; None where there is none to show.
    """

    wish: Wish
    phase: PhaseView
    head: Head
    eligible: bool | None
    unknown: str | None
    refusal: ContractReverted | None
    price: Amount
    wallet_left: int | None
    is_funded: bool
    proof: tuple[bytes, ...] | None


def eligibility(parts: Parts, wish: Wish) -> Eligibility:
    """Ask whether a wish would come true.

    Raises:
        NotFound: there is no such drop or phase after the newest block.
        ChainUnavailable, WrongNode: nothing can be said.
        StorageError: the published lists cannot be read.
    """
    site = site_of(parts)
    phase = _phase(site, wish)
    listed = _listed(parts, wish, phase)
    proof = None if listed is None or listed.proof is None else _hashes(listed.proof)
    # A seat opens nothing where the gate is another: an order with two keys is none.
    opening_seat = wish.opening_seat if phase.gate is Gate.SEAT else None
    step = mint(site, _order(wish, proof, opening_seat))
    (price,) = step.pays
    unknown = _unknown(wish, phase, listed)
    refusal: ContractReverted | None = None
    if unknown is None:
        try:
            refusal = _refusal(site, step, wish.account)
        except NodeRefused:
            unknown = "node_cannot_try"
    return Eligibility(
        wish=wish,
        phase=phase,
        head=site.head,
        eligible=None if unknown is not None else refusal is None,
        unknown=unknown,
        refusal=refusal,
        price=price,
        wallet_left=_wallet_left(site, wish, phase),
        is_funded=_holds(site, wish.account, price),
        proof=proof,
    )


def _phase(site: Site, wish: Wish) -> PhaseView:
    try:
        phases = site.seats.terms_of(wish.drop, site.head.hash).phases
    except SeatDropsUnknown as error:
        raise NotFound("drop") from error
    if wish.phase >= len(phases):
        raise NotFound("phase")
    return phases[wish.phase]


def _listed(parts: Parts, wish: Wish, phase: PhaseView) -> Listed | None:
    if phase.gate is not Gate.ALLOWLIST:
        return None
    with reading(parts.store) as connection:
        return lists.listed_in(connection, phase.gate_data, wish.phase, wish.account)


def _unknown(wish: Wish, phase: PhaseView, listed: Listed | None) -> str | None:
    """Why nobody can say here whether the account is let in."""
    if phase.gate is Gate.ALLOWLIST and listed is None:
        return "allowlist_unpublished"
    if phase.gate is Gate.PASS:
        return "pass_needed"
    if phase.gate is Gate.SEAT and wish.opening_seat is None:
        return "opening_seat_needed"
    return None


def _order(wish: Wish, proof: tuple[bytes, ...] | None, seat: SeatId | None) -> MintOrder:
    """The wish as it would come to `POST /v1/tx/mint`."""
    return MintOrder.model_validate(
        {
            "account": wish.account,
            "drop": wish.drop,
            "phase": wish.phase,
            "quantity": wish.quantity,
            "proof": None if proof is None else [f"0x{one.hex()}" for one in proof],
            "opening_seat": None if seat is None else str(seat),
        }
    )


def _refusal(site: Site, step: Step, account: ChecksumAddress) -> ContractReverted | None:
    """What the contract says against it. Raises NodeRefused: the node cannot pretend a balance."""
    try:
        site.chain.simulate_funded(step.transaction, account, site.head.hash)
    except PaymentMissing as missing:
        # Payments come last: whatever else could be refused was not.
        return None if missing.payer == account else missing
    except ContractReverted as refusal:
        return refusal
    return None


def _wallet_left(site: Site, wish: Wish, phase: PhaseView) -> int | None:
    if phase.wallet_limit == 0:
        return None
    minted = site.seats.minted_by(wish.drop, wish.phase, wish.account, site.head.hash)
    return max(0, phase.wallet_limit - minted)


def _holds(site: Site, account: ChecksumAddress, price: Amount) -> bool:
    if price.currency == ETH:
        return site.chain.balance(account, site.head.hash) >= price.amount
    token = site.chain.currency(price.currency)
    return token.balance_of(account, site.head.hash) >= price.amount


def _hashes(proof: bytes) -> tuple[bytes, ...]:
    return tuple(proof[at : at + 32] for at in range(0, len(proof), 32))
