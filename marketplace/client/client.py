"""The API as a Python object: one method for each thing that can be asked of it or done by it.

Owns what changes something. Refuses to decide: what may be done is the API's to say, and what is
signed is compared with what was asked for first (`prepared`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketplace.client import minting, offering, prepared, presences, routes, signing_in
from marketplace.client.errors import AnswerUnexpected, ApiKeyUnusable, MarketNotNamed
from marketplace.client.offering import SeatAim, Term
from marketplace.client.prepared import ListingOrder
from marketplace.client.recordings import RecordingCalls
from marketplace.client.wire import hash_of
from marketplace.domain.addresses import ZERO_ADDRESS
from marketplace.domain.drop import MintRequest
from marketplace.domain.money import NO_MONEY
from marketplace.orders.listings import sign_listing
from marketplace.orders.offers import sign_offer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from contextlib import AbstractContextManager

    from marketplace.allowlist.phases import PhaseAllowlist
    from marketplace.bindings.transactions import PreparedTransaction
    from marketplace.chain.keys import Signer
    from marketplace.client.answers.drops import PublishedTerms
    from marketplace.client.answers.eligibility import PublishedAllowlist
    from marketplace.client.answers.keys import MadeApiKey
    from marketplace.client.answers.market import (
        Prepared,
        PreparedBuy,
        PreparedListing,
        WholeOffer,
    )
    from marketplace.client.answers.offers import WholeBuyersOffer
    from marketplace.client.answers.sessions import Admission, Renewal, Ticket
    from marketplace.client.answers.sign_in import SignedIn
    from marketplace.client.minting import Coins, Opening
    from marketplace.client.offering import PassOrder, TierAim
    from marketplace.client.patience import Patience
    from marketplace.client.prepared import Checked, MarketAddress
    from marketplace.client.transport import Body
    from marketplace.client.wire import Hash
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.admission import CheckIn, Pass
    from marketplace.domain.ids import DropId, PhaseIndex, SeatId
    from marketplace.domain.listing import Listing
    from marketplace.domain.money import Wei
    from marketplace.orders.offers import Offer


class SeatmarketClient(RecordingCalls):
    """A client of one API; a context manager that closes its connections.

    Every method raises ApiRefused, ApiUnavailable, ApiFailed and AnswerUnexpected, drawn in
    `marketplace.client.errors`; the methods that prepare something raise PreparedOtherwise and
    MarketNotNamed as well.

    Args:
        url: The API's origin. Raises ApiAddressInvalid.
        timeout: Seconds to wait for each answer to begin or go on.
        market: The market that is meant; needed by whatever prepares something to be signed.
        transport: Stands in for the network, in tests.
        api_key: For a program that acts for an account: shown with every request, in the place of a
            session. Raises ApiKeyUnusable, as signing in does then.
        clock: Tells the Unix second, for how long an offer or a check-in may count; this machine's
            own when left out. For a chain whose time was turned, one that tells the chain's.
    """

    def sign_in(self, signer: Signer) -> SignedIn:
        """Sign in with a key; requests carry the session from here on.

        Raises PreparedOtherwise for a message of another origin, account or chain, and
        ApiKeyUnusable where the client has an API key.
        """
        if self._transport.key is not None:
            raise ApiKeyUnusable("with one nobody signs in; make another client for that")
        chain_id = None if self._market is None else self._market.chain_id
        return signing_in.sign_in(self._transport, signer, chain_id)

    def sign_out(self) -> None:
        """End the session, and forget it whether or not the API could be told."""
        try:
            self._transport.whole(routes.SIGN_OUT)
        finally:
            self._transport.token = None

    def end_session(self, session: Hash) -> None:
        """End one of the account's sessions."""
        self._transport.whole(routes.END_SESSION, {"session_id": session})

    def publish_terms(self, drop: DropId, document: str) -> PublishedTerms:
        """Publish the canonical terms of a drop; signed in as its mentor."""
        published = self._transport.ask(
            routes.PUBLISH_TERMS, {"drop": drop}, body={"document": document}
        )
        if published.terms_hash != hash_of(document.encode()):
            raise AnswerUnexpected(routes.PUBLISH_TERMS.name, "it names other terms")
        return published

    def publish_allowlist(self, drop: DropId, allowlist: PhaseAllowlist) -> PublishedAllowlist:
        """Publish who may mint in a phase of a drop; signed in as its mentor."""
        published = self._transport.ask(
            routes.PUBLISH_ALLOWLIST,
            {"drop": drop, "phase": allowlist.phase},
            body={"accounts": sorted(allowlist.accounts)},
        )
        if published.root != f"0x{allowlist.root.hex()}":
            raise AnswerUnexpected(routes.PUBLISH_ALLOWLIST.name, "it names another root")
        return published

    def prepare_mint(
        self,
        account: ChecksumAddress,
        drop: DropId,
        phase: PhaseIndex,
        *,
        quantity: int = 1,
        recipient: ChecksumAddress | None = None,
        most: Wei | Coins = NO_MONEY,
        opening: Opening | None = None,
    ) -> Checked[Prepared]:
        """A transaction that mints seats; a Sender sends it as it is.

        Args:
            account: Who signs and pays.
            drop: Whose seats.
            phase: Of the drop.
            quantity: How many.
            recipient: Who will own them; the account itself when left out.
            most: The most that the caller pays in all, without gas, in ETH or in a coin; 0 for
                whatever it costs. A drop that is paid in another is refused.
            opening: What the phase's gate asks for; nothing for a public one.
        """
        market = self._named_market()
        request = MintRequest(
            drop=drop,
            phase=phase,
            recipient=recipient or account,
            quantity=quantity,
            max_total=NO_MONEY,
        )
        asked = minting.asked(request, most, opening)
        body = minting.body_of(account, request, opening)
        answer = self._transport.ask(routes.MINT, body=body)
        return prepared.checked_mint(answer, market, account, asked)

    def prepare_list(
        self,
        account: ChecksumAddress,
        seat: SeatId,
        price: Wei,
        *,
        expires_in_s: int,
        taker: ChecksumAddress | None = None,
        expires_by: int | None = None,
    ) -> Checked[PreparedListing]:
        """A transaction that stores a listing on the chain, for wallets that sign no typed data.

        Arguments as of `sign_and_list`.
        """
        market = self._named_market()
        order = ListingOrder(
            account=account,
            seat=seat,
            price=price,
            taker=taker or ZERO_ADDRESS,
            term=Term.of(self._clock(), expires_in_s, expires_by),
        )
        answer = self._ask_to_list(order, expires_in_s, stored=True)
        return prepared.checked_stored_listing(answer, market, order)

    def sign_and_list(
        self,
        signer: Signer,
        seat: SeatId,
        price: Wei,
        *,
        expires_in_s: int,
        taker: ChecksumAddress | None = None,
        expires_by: int | None = None,
    ) -> WholeOffer:
        """Sign a listing and hand it to the order book; costs no gas.

        Args:
            signer: Of the seat's owner.
            seat: To be sold.
            price: What a buyer pays, royalty included.
            expires_in_s: From 60 seconds to 30 days; a listing that would end later, or has ended,
                is not signed.
            taker: The only account that may buy; anybody when left out.
            expires_by: A last Unix second for the listing's end that can only make it sooner.
        """
        market = self._named_market()
        order = ListingOrder(
            account=signer.address,
            seat=seat,
            price=price,
            taker=taker or ZERO_ADDRESS,
            term=Term.of(self._clock(), expires_in_s, expires_by),
        )
        answer = self._ask_to_list(order, expires_in_s, stored=False)
        listing = prepared.checked_signed_listing(answer, market, order)
        signature = sign_listing(signer, listing, market.chain_id, market.contract)
        return self.publish_listing(listing, signature)

    def publish_listing(self, listing: Listing, signature: bytes) -> WholeOffer:
        """Hand a signed listing to the order book; the same one twice is kept once.

        A contract wallet's signature is whatever its software gives, up to 4,096 bytes (ERC-1271).
        """
        body = {
            "seat": str(int(listing.seat)),
            "price": str(listing.price),
            "epoch": str(listing.epoch),
            "seller": listing.seller,
            "counter": str(listing.counter),
            "terms_version": str(listing.terms_version),
            "taker": listing.taker,
            "expiry": str(listing.expiry),
            "signature": f"0x{signature.hex()}",
        }
        return self._transport.ask(routes.KEEP_LISTING, body=body)

    def prepare_buy(
        self, account: ChecksumAddress, listing: str, *, most: Wei = NO_MONEY
    ) -> Checked[PreparedBuy]:
        """A transaction that buys a listed seat; a Sender sends it as it is.

        Args:
            account: Who signs and pays.
            listing: Its id, as an offer or `sign_and_list` gives it.
            most: The most that the caller pays; 0 for the listing's price, whatever it is.
        """
        market = self._named_market()
        answer = self._transport.ask(routes.BUY, body={"account": account, "listing": listing})
        return prepared.checked_buy(answer, market, account, listing, most)

    def prepare_cancel(self, account: ChecksumAddress, seat: SeatId) -> Checked[Prepared]:
        """A transaction that kills every listing of a seat."""
        market = self._named_market()
        body = {"account": account, "seat": str(int(seat))}
        answer = self._transport.ask(routes.CANCEL, body=body)
        return prepared.checked_cancel(answer, market, account, seat)

    def prepare_action(
        self,
        action: str,
        account: ChecksumAddress,
        wanted: PreparedTransaction,
        order: Mapping[str, object] | None = None,
    ) -> Checked[Prepared]:
        """Have an action tried and its figures told; gives what was wanted, and nothing else.

        Args:
            action: A key of `routes.ACTIONS`: the last part of its address.
            account: Who signs.
            wanted: What the caller would send, as `marketplace.bindings.actions` makes it.
            order: The fields of the action, as the API takes them, without the account.
        """
        market = self._named_market()
        body = {"account": account, **(order or {})}
        answer = self._transport.ask(routes.ACTIONS[action], body=body)
        return prepared.checked_action(answer, market, account, action, wanted)

    def check_in_message(self, seat: SeatId, *, expires_in_s: int = 600) -> CheckIn:
        """What the holder of a seat and the verifier sign, on this market, for some seconds."""
        market = self._named_market()
        term = Term.of(self._clock(), expires_in_s)
        body: Body = {"seat": str(int(seat)), "expires_in_s": expires_in_s}
        answer = self._transport.ask(routes.CHECK_IN, body=body)
        return offering.checked_check_in(answer, market, seat, term)

    def pass_message(self, order: PassOrder, *, expires_in_s: int) -> Pass:
        """What the signer of a phase's passes signs, on this market, for at most some seconds."""
        market = self._named_market()
        term = Term.of(self._clock(), expires_in_s)
        body: Body = {**order.body, "expires_in_s": expires_in_s}
        answer = self._transport.ask(routes.PASS, body=body)
        return offering.checked_pass(answer, market, order, term)

    def sign_and_offer(
        self, signer: Signer, aim: SeatAim | TierAim, price: Wei, *, expires_in_s: int
    ) -> WholeBuyersOffer:
        """Sign an offer and hand it to the book; costs no gas.

        The signer must be signed in where resales are not for everybody, hold the price in the
        offer's currency, and have allowed the market to take it.

        Args:
            signer: Of the buyer.
            aim: One seat, or any of a tier.
            price: What the buyer pays in all.
            expires_in_s: From 60 seconds to 30 days; an offer that would end later, or has ended,
                is not signed.
        """
        market = self._named_market()
        term = Term.of(self._clock(), expires_in_s)
        named: dict[str, object] = (
            {"seat": str(int(aim.seat))}
            if isinstance(aim, SeatAim)
            else {"drop": aim.drop, "tier": aim.tier, "least_face_wei": str(aim.least_face)}
        )
        body = {
            "account": signer.address,
            "price_wei": str(price),
            "expires_in_s": expires_in_s,
            **named,
        }
        answer = self._transport.ask(routes.MAKE_OFFER, body=body)
        made = offering.checked_offer(answer, market, signer.address, aim, price, term)
        return self.publish_offer(made, sign_offer(signer, made, market.chain_id, market.contract))

    def publish_offer(self, offer: Offer, signature: bytes) -> WholeBuyersOffer:
        """Hand a signed offer to the book, as `publish_listing`; the same one is kept once."""
        body = offering.offer_body(offer, signature)
        return self._transport.ask(routes.KEEP_OFFER, body=body)

    def join(
        self,
        drop: DropId,
        session: int,
        *,
        min_block: int | None = None,
        patience: Patience | None = None,
    ) -> Ticket:
        """Ask to be let in; AccessDenied says why not. The ticket serves once, within a minute."""
        segments = {"drop": drop, "session": session}
        query = {"min_block": min_block}
        return self._mirrored(
            lambda: self._transport.ask(routes.JOIN, segments, query=query), min_block, patience
        )

    def make_api_key(
        self,
        name: str,
        scopes: Sequence[str],
        *,
        drops: Sequence[DropId] | None = None,
        expires_in_s: int = 30 * 86_400,
    ) -> MadeApiKey:
        """Make a key for a program that acts for the account; its text is shown this once.

        Args:
            name: What its owner calls it.
            scopes: What it is for.
            drops: Which it is limited to; None: every drop whose mentor the account is.
            expires_in_s: Seconds after which it ends.
        """
        body: Body = {
            "name": name,
            "scopes": list(scopes),
            "drops": None if drops is None else [int(one) for one in drops],
            "expires_in_s": expires_in_s,
        }
        return self._transport.ask(routes.MAKE_KEY, body=body)

    def end_api_key(self, key: str) -> None:
        """End a key of the account, by its id; whoever shows it is refused from now on."""
        self._transport.whole(routes.END_KEY, {"key": key})

    def redeem(self, ticket: str) -> Admission:
        """Take a ticket at the door, as a room does; it is spent even when the door stays shut."""
        return self._transport.ask(routes.REDEEM, body={"ticket": ticket})

    def renew(self, admission: str) -> Renewal:
        """Go on being in; AccessDenied ends the admission."""
        return self._transport.ask(routes.RENEW, body={"admission": admission})

    def presences(
        self, drop: DropId, session: int
    ) -> AbstractContextManager[presences.PresenceStream]:
        """Hear who has to leave a room; with an API key that may ask who gets in."""
        return presences.opened(self._transport, drop, session)

    def _ask_to_list(
        self, order: ListingOrder, expires_in_s: int, *, stored: bool
    ) -> PreparedListing:
        body: Body = {
            "account": order.account,
            "seat": str(int(order.seat)),
            "price_wei": str(order.price),
            "expires_in_s": expires_in_s,
            "taker": None if order.taker == ZERO_ADDRESS else order.taker,
            "stored": stored,
        }
        return self._transport.ask(routes.LIST, body=body)

    def _named_market(self) -> MarketAddress:
        if self._market is None:
            raise MarketNotNamed
        return self._market
