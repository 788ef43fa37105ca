"""The deployed market as a Python object: what it answers, and transactions to be signed.

Owns one method for each read and each action of `ISeats`. Reads take a block; actions give a
`PreparedTransaction`, which `marketplace.chain` or a wallet sends. Refuses to judge an action
before the contract does, and to send.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from marketplace.bindings.actions import ARTIFACT, SeatsActions
from marketplace.bindings.interface import interface_of
from marketplace.bindings.logs import decode_log
from marketplace.bindings.node import call
from marketplace.bindings.transactions import PreparedTransaction
from marketplace.bindings.values import address, build, octets, sequence, single, text, truth, whole
from marketplace.bindings.wire import listing_tuple
from marketplace.domain.addresses import ETH
from marketplace.domain.money import Wei
from marketplace.domain.views import (
    DropOverview,
    DropView,
    PhaseView,
    PlatformView,
    RefundView,
    RoyaltyView,
    SeatView,
    TierView,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from web3 import Web3

    from marketplace.bindings.logs import EventLog
    from marketplace.bindings.node import BlockChoice
    from marketplace.bindings.transactions import Mined
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.ids import DropId, PhaseIndex, SeatId
    from marketplace.domain.listing import Listing

_T = TypeVar("_T")


class SeatsContract(SeatsActions):
    """`Seats` at one address of one chain; get one from `marketplace.bindings.deploy.connect`.

    Every read raises a ContractReverted where the contract refuses (`SeatTokenUnknown`,
    `SeatDropsUnknown`), ChainUnavailable where the node does not answer, and ValueUnexpected where
    the answer is of another version.

    Attributes:
        address: Where it stands.
        chain_id: The chain's EIP-155 id.
    """

    def __init__(self, web3: Web3, address: ChecksumAddress, chain_id: int) -> None:
        super().__init__(address)
        self.chain_id = chain_id
        self._web3 = web3

    def terms_of(self, drop: DropId, block: BlockChoice = "latest") -> DropOverview:
        """Terms and state of a drop, its tiers and its phases."""
        terms, tiers, phases = self._read("termsOf", (drop,), block)
        return DropOverview(
            terms=build(DropView, sequence(terms)),
            tiers=tuple(build(TierView, sequence(tier)) for tier in sequence(tiers)),
            phases=tuple(build(PhaseView, sequence(phase)) for phase in sequence(phases)),
        )

    def seat_of(self, seat: SeatId, block: BlockChoice = "latest") -> SeatView:
        """Owner, epoch, face, toll and more of a living seat."""
        (details,) = self._read("seatOf", (seat,), block)
        return build(SeatView, sequence(details))

    def owner_of(self, seat: SeatId, block: BlockChoice = "latest") -> ChecksumAddress:
        """Who owns a living seat; SeatTokenUnknown when nobody does."""
        return self._one("ownerOf", (seat,), block, address)

    def balance_of(self, account: ChecksumAddress, block: BlockChoice = "latest") -> int:
        """How many seats an account owns."""
        return self._one("balanceOf", (account,), block, whole)

    def credit_of(
        self,
        account: ChecksumAddress,
        currency: ChecksumAddress = ETH,
        block: BlockChoice = "latest",
    ) -> Wei:
        """What an account may withdraw of a currency."""
        return Wei(self._one("creditOf", (account, currency), block, whole))

    def held_of(self, seat: SeatId, block: BlockChoice = "latest") -> Wei:
        """The royalties and tolls that wait with a seat."""
        return Wei(self._one("heldOf", (seat,), block, whole))

    def escrow_of(self, drop: DropId, block: BlockChoice = "latest") -> Wei:
        """What a drop owes its seats now; while it is LIVE, the face of all live ones."""
        return Wei(self._one("escrowOf", (drop,), block, whole))

    def refund_of(self, seat: SeatId, block: BlockChoice = "latest") -> RefundView:
        """What a seat, a burned one too, can be turned back into money for."""
        (answer,) = self._read("refundOf", (seat,), block)
        return build(RefundView, sequence(answer))

    def counter_of(self, account: ChecksumAddress, block: BlockChoice = "latest") -> int:
        """The counter that listings and offers of an account must carry."""
        return self._one("counterOf", (account,), block, whole)

    def digest_of(self, listing: Listing, block: BlockChoice = "latest") -> bytes:
        """The EIP-712 digest that the seller of a listing signs; 32 bytes."""
        return self._one("digestOf", (listing_tuple(listing),), block, octets)

    def drop_count(self, block: BlockChoice = "latest") -> int:
        """How many drops there are; their ids are 1 to this number."""
        return self._one("dropCount", (), block, whole)

    def minted_by(
        self,
        drop: DropId,
        phase: PhaseIndex,
        account: ChecksumAddress,
        block: BlockChoice = "latest",
    ) -> int:
        """How many seats an account has minted in a phase that limits wallets."""
        return self._one("mintedBy", (drop, phase, account), block, whole)

    def is_pass_spent(self, drop: DropId, nonce: int, block: BlockChoice = "latest") -> bool:
        """Whether a pass of a drop was used."""
        return self._one("isPassSpent", (drop, nonce), block, truth)

    def is_seat_spent(
        self, drop: DropId, phase: PhaseIndex, seat: SeatId, block: BlockChoice = "latest"
    ) -> bool:
        """Whether a seat of another drop has opened a phase of a drop."""
        return self._one("isSeatSpent", (drop, phase, seat), block, truth)

    def is_offer_spent(
        self, buyer: ChecksumAddress, nonce: int, block: BlockChoice = "latest"
    ) -> bool:
        """Whether the offers of a buyer with this nonce were filled or cancelled."""
        return self._one("isOfferSpent", (buyer, nonce), block, truth)

    def is_transferable(
        self,
        seat: SeatId,
        giver: ChecksumAddress,
        recipient: ChecksumAddress,
        block: BlockChoice = "latest",
    ) -> bool:
        """ERC-6454: whether a seat could move between two accounts by any way there is here."""
        return self._one("isTransferable", (seat, giver, recipient), block, truth)

    def is_locked(self, seat: SeatId, block: BlockChoice = "latest") -> bool:
        """ERC-5192: whether a living seat is fixed to its owner."""
        return self._one("locked", (seat,), block, truth)

    def royalty_info(
        self, seat: SeatId, sale_price: Wei, block: BlockChoice = "latest"
    ) -> RoyaltyView:
        """ERC-2981: the mentor's share of a sale elsewhere, which no other market must honour."""
        return build(RoyaltyView, self._read("royaltyInfo", (seat, sale_price), block))

    def platform(self, block: BlockChoice = "latest") -> PlatformView:
        """Treasury and fee that the next drop will get."""
        return build(PlatformView, self._read("platform", (), block))

    def guardian(self, block: BlockChoice = "latest") -> ChecksumAddress:
        """Who may pause drops; the zero address: nobody."""
        return self._one("guardian", (), block, address)

    def currency_index_of(self, currency: ChecksumAddress, block: BlockChoice = "latest") -> int:
        """The index by which new drops name a currency; 0: they may not use it."""
        return self._one("currencyIndexOf", (currency,), block, whole)

    def wrapped_ether(self, block: BlockChoice = "latest") -> ChecksumAddress:
        """The wrapped ether in which offers for seats of drops in ETH are paid."""
        return self._one("wrappedEther", (), block, address)

    def extension(self, block: BlockChoice = "latest") -> ChecksumAddress:
        """The contract that answers what `Seats` does not itself, with the same storage."""
        return self._one("extension", (), block, address)

    def owner(self, block: BlockChoice = "latest") -> ChecksumAddress:
        """The platform's owner."""
        return self._one("owner", (), block, address)

    def token_uri(self, seat: SeatId, block: BlockChoice = "latest") -> str:
        """Metadata of a living seat, as a `data:` address."""
        return self._one("tokenURI", (seat,), block, text)

    def contract_uri(self, block: BlockChoice = "latest") -> str:
        """ERC-7572: metadata of the whole collection, as a `data:` address."""
        return self._one("contractURI", (), block, text)

    def supports_interface(self, interface_id: bytes, block: BlockChoice = "latest") -> bool:
        """ERC-165: whether the contract has an interface, by its four bytes."""
        return self._one("supportsInterface", (interface_id,), block, truth)

    def events_of(self, mined: Mined) -> tuple[EventLog, ...]:
        """The events that a transaction caused here, in their order; other contracts' are left out.

        Raises LogUnknown when one is of another version.
        """
        return tuple(decode_log(log) for log in mined.logs if log.address == self.address)

    def _read(
        self, function: str, arguments: Sequence[object], block: BlockChoice
    ) -> tuple[object, ...]:
        entry = interface_of(ARTIFACT).functions[function]
        question = PreparedTransaction(
            to=self.address, data=entry.encode_call(arguments), summary=function
        )
        return entry.decode_result(call(self._web3, question, block=block))

    def _one(
        self,
        function: str,
        arguments: Sequence[object],
        block: BlockChoice,
        converter: Callable[[object], _T],
    ) -> _T:
        (value,) = self._read(function, arguments, block)
        return single(function, converter, value)
