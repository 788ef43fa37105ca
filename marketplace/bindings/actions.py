"""Transactions of the market, ready to be signed.

Owns the calldata, the value and the summary of each action. Refuses to send, and to check what
the contract checks: a summary says what would happen, the simulation before sending says whether.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from marketplace.bindings.interface import interface_of
from marketplace.bindings.transactions import PreparedTransaction
from marketplace.bindings.wire import (
    listing_tuple,
    mint_tuple,
    phase_tuple,
    terms_tuple,
    tier_tuple,
)
from marketplace.domain.addresses import ETH, ChecksumAddress
from marketplace.domain.money import NO_MONEY, Bps, Wei, ether_text, percent_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from marketplace.domain.drop import MintRequest, NewDrop
    from marketplace.domain.ids import SeatId
    from marketplace.domain.listing import Listing

ARTIFACT: Final = "Seats"


class SeatsActions:
    """What may be done with `Seats` at an address; a wallet needs no chain to prepare it."""

    def __init__(self, address: ChecksumAddress) -> None:
        self.address = address

    def create_drop(self, offer: NewDrop) -> PreparedTransaction:
        """Create a drop whose mentor is the sender; `DropCreated` has its id."""
        arguments = (
            terms_tuple(offer.terms),
            [tier_tuple(tier) for tier in offer.tiers],
            [phase_tuple(phase) for phase in offer.phases],
        )
        seats = sum(tier.cap for tier in offer.tiers)
        return self._prepare("createDrop", arguments, f"Create a drop of {seats} seats")

    def mint(
        self, request: MintRequest, payment: Wei, authorisation: bytes = b""
    ) -> PreparedTransaction:
        """Mint seats for exactly their price, `payment`; `SeatsMinted` has the first id.

        `authorisation` is what the phase's gate asks for; empty for a public one.
        """
        many = "a seat" if request.quantity == 1 else f"{request.quantity} seats"
        return self._prepare(
            "mint",
            (mint_tuple(request), authorisation),
            f"Mint {many} of drop {request.drop} for {ether_text(payment)}",
            payment,
        )

    def transfer(
        self,
        seat: SeatId,
        giver: ChecksumAddress,
        recipient: ChecksumAddress,
        toll: Wei = NO_MONEY,
    ) -> PreparedTransaction:
        """Give a seat away for exactly its toll; a contract is asked whether it takes seats."""
        return self._prepare(
            "safeTransferFrom(address,address,uint256)",
            (giver, recipient, seat),
            f"Give seat {seat} to {recipient} for a toll of {ether_text(toll)}",
            toll,
        )

    def buy(self, listing: Listing, signature: bytes = b"") -> PreparedTransaction:
        """Buy a listed seat for exactly its price.

        `signature` is the seller's; empty for a listing that the seller has stored.
        """
        return self._prepare(
            "buy",
            (listing_tuple(listing), signature),
            f"Buy seat {listing.seat} for {ether_text(listing.price)}",
            listing.price,
        )

    def list_seat(self, listing: Listing) -> PreparedTransaction:
        """Store a listing on chain, for wallets that cannot sign typed data."""
        summary = f"List seat {listing.seat} for {ether_text(listing.price)}"
        return self._prepare("list", (listing_tuple(listing),), summary)

    def cancel_listings(self, seat: SeatId) -> PreparedTransaction:
        """Kill every listing of a seat, signed or stored."""
        return self._prepare("cancelListings", (seat,), f"Cancel every listing of seat {seat}")

    def bump_counter(self) -> PreparedTransaction:
        """Kill every listing and offer of the sender at once."""
        return self._prepare("bumpCounter", (), "Cancel all your listings and offers")

    def withdraw(
        self, recipient: ChecksumAddress, amount: Wei, currency: ChecksumAddress = ETH
    ) -> PreparedTransaction:
        """Take some of the sender's credit out."""
        return self._prepare(
            "withdraw",
            (currency, recipient, amount),
            f"Withdraw {ether_text(amount)} to {recipient}",
        )

    def set_platform(self, treasury: ChecksumAddress, fee: Bps) -> PreparedTransaction:
        """Set treasury and fee of drops created from now on; only the platform's owner may."""
        summary = f"Let new drops pay {percent_text(fee)} to {treasury}"
        return self._prepare("setPlatform", (treasury, fee), summary)

    def transfer_ownership(self, new_owner: ChecksumAddress) -> PreparedTransaction:
        """Offer the platform to a new owner, who must accept."""
        summary = f"Offer ownership of the platform to {new_owner}"
        return self._prepare("transferOwnership", (new_owner,), summary)

    def accept_ownership(self) -> PreparedTransaction:
        """Accept the platform that its owner has offered."""
        return self._prepare("acceptOwnership", (), "Accept ownership of the platform")

    def _prepare(
        self, function: str, arguments: Sequence[object], summary: str, value: Wei = NO_MONEY
    ) -> PreparedTransaction:
        entry = interface_of(ARTIFACT).functions[function]
        data = entry.encode_call(arguments)
        return PreparedTransaction(to=self.address, data=data, summary=summary, value=value)
