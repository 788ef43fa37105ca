"""Minting, buying, listing and taking money out.

Refuses offers, which a buyer signs: those are in `offers`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketplace.bindings.actions.preparing import (
    Prepares,
    ether_of,
    seats_text,
    sums_of,
    sums_text,
)
from marketplace.bindings.wire import listing_tuple, mint_tuple
from marketplace.domain.addresses import ETH, ChecksumAddress
from marketplace.domain.money import NO_MONEY, Wei, amount_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from marketplace.bindings.transactions import PreparedTransaction
    from marketplace.domain.drop import Minting, MintRequest
    from marketplace.domain.ids import SeatId
    from marketplace.domain.listing import Listing, Purchase


class TradingActions(Prepares):
    """What buyers and sellers do."""

    def mint(
        self,
        request: MintRequest,
        payment: Wei,
        authorisation: bytes = b"",
        currency: ChecksumAddress = ETH,
    ) -> PreparedTransaction:
        """Mint seats for exactly their price, `payment`; `SeatsMinted` has the first id.

        `authorisation` is what the phase's gate asks for; empty for a public one.
        """
        return self._prepare(
            "mint",
            (mint_tuple(request), authorisation),
            f"Mint {seats_text(request.quantity)} of drop {request.drop} for "
            f"{amount_text(payment, currency)}",
            ether_of(payment, currency),
        )

    def mint_many(self, mintings: Sequence[Minting]) -> PreparedTransaction:
        """Mint several times, in any drops, all or nothing; one `SeatsMinted` for each."""
        sums = sums_of((one.payment, one.currency) for one in mintings)
        parts = " and ".join(
            f"{seats_text(one.request.quantity)} of drop {one.request.drop}" for one in mintings
        )
        return self._prepare(
            "mintMany",
            (
                [mint_tuple(one.request) for one in mintings],
                [one.authorisation for one in mintings],
            ),
            f"Mint {parts} for {sums_text(sums)}, all or nothing",
            sums.get(ETH, NO_MONEY),
        )

    def buy(
        self, listing: Listing, signature: bytes = b"", currency: ChecksumAddress = ETH
    ) -> PreparedTransaction:
        """Buy a listed seat for exactly its price.

        `signature` is the seller's; empty for a listing that the seller has stored.
        """
        return self._prepare(
            "buy",
            (listing_tuple(listing), signature),
            f"Buy seat {listing.seat} for {amount_text(listing.price, currency)}",
            ether_of(listing.price, currency),
        )

    def buy_many(self, purchases: Sequence[Purchase]) -> PreparedTransaction:
        """Buy as many of several listings as can be bought; `ListingSkipped` tells of the others.

        The price of what is skipped comes back. Refused when nothing can be bought.
        """
        sums = sums_of((one.listing.price, one.currency) for one in purchases)
        seats = ", ".join(str(one.listing.seat) for one in purchases)
        return self._prepare(
            "buyMany",
            (
                [listing_tuple(one.listing) for one in purchases],
                [one.signature for one in purchases],
            ),
            f"Buy what can be bought of the seats {seats}, for at most {sums_text(sums)}",
            sums.get(ETH, NO_MONEY),
        )

    def list_seat(self, listing: Listing, currency: ChecksumAddress = ETH) -> PreparedTransaction:
        """Store a listing on chain, for wallets that cannot sign typed data."""
        summary = f"List seat {listing.seat} for {amount_text(listing.price, currency)}"
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
            f"Withdraw {amount_text(amount, currency)} to {recipient}",
        )
