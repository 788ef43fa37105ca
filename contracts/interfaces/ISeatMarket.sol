// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DropId} from "../types/DropId.sol";
import {SeatId} from "../types/SeatId.sol";
import {DropState, Listing} from "../types/Terms.sol";

/// @title Resale
/// @notice A listing costs nothing to make, pays the mentor's royalty when it is taken, and dies
/// by itself as soon as anything that it rests on changes.
/// @dev Seller net + royalty = price, to the wei. The royalty waits with the seat. Prices are in the
/// currency of the drop. Offers, their mirror image, are in ISeatOffers.
/// WARNING: `taker` is the only restriction on buyers that the chain enforces.
/// WARNING: nothing says when a listing begins. One that is signed for longer than 30 days sleeps
/// until its last 30, and one that is signed for a later epoch of the seat awakes with it: sign
/// only what names the present epoch and counter.
interface ISeatMarket {
    /// @notice `seat` was sold. `royalty` of `price` waits with it; the seller got the rest.
    event SeatSold(
        SeatId indexed seat,
        address indexed seller,
        address indexed buyer,
        uint256 price,
        uint256 royalty
    );

    /// @notice The seller authorised a listing on chain: it needs no signature.
    event ListingStored(
        SeatId indexed seat,
        address indexed seller,
        uint256 price,
        uint256 epoch,
        uint256 counter,
        uint256 termsVersion,
        address taker,
        uint256 expiry
    );

    /// @notice Every listing and offer of `account` with a lower counter is dead.
    event CounterBumped(address indexed account, uint256 counter);

    /// @notice The seller does not own the seat.
    error SeatMarket_SellerNotOwner(SeatId seat, address seller, address owner);

    /// @notice The seat has moved, or its owner has cancelled, since the listing or offer was made.
    error SeatMarket_EpochPassed(SeatId seat, uint256 listed, uint256 current);

    /// @notice The signer has cancelled all earlier listings and offers.
    error SeatMarket_CounterPassed(address signer, uint256 listed, uint256 current);

    /// @notice The drop's terms have changed since the listing or offer was made.
    error SeatMarket_TermsChanged(SeatId seat, uint256 listed, uint256 current);

    /// @notice The listing or offer ended after the second `expiry`.
    error SeatMarket_ListingExpired(uint256 expiry, uint256 time);

    /// @notice A listing or offer ends at most 30 days ahead, at `latest`.
    error SeatMarket_ExpiryTooFar(uint256 expiry, uint256 latest);

    /// @notice Only `taker` may buy here.
    error SeatMarket_NotTheTaker(address taker, address caller);

    /// @notice Buying from oneself.
    error SeatMarket_SellerIsBuyer(address account);

    /// @notice Selling is paused until the end of this second.
    error SeatMarket_Paused(DropId drop, uint256 until);

    /// @notice A granted seat has no face and is never sold.
    error SeatMarket_Granted(SeatId seat);

    /// @notice The price must be between the royalty that it owes and the cap on resales.
    error SeatMarket_PriceOutOfBounds(uint256 price, uint256 least, uint256 most);

    /// @notice The buyer sends exactly the price; nothing where the currency is an ERC-20.
    error SeatMarket_WrongPayment(uint256 price, uint256 paid);

    /// @notice Neither the signer's key nor the signer's contract authorised this.
    error SeatMarket_SignatureInvalid(address signer, bytes32 digest);

    /// @notice Only the seller may store a listing.
    error SeatMarket_NotTheSeller(address seller, address caller);

    /// @notice As many signatures as listings.
    error SeatMarket_LengthsDiffer(uint256 listings, uint256 signatures);

    /// @notice None of the listings could be filled: each has sold, died or is not for the caller.
    error SeatMarket_NothingBought(uint256 listings);

    /// @notice Only the contract itself calls this, for one listing of several.
    error SeatMarket_OnlyItself(address caller);

    /// @notice Offers are filled while the drop is LIVE, and until its end.
    error SeatMarket_OffersClosed(DropId drop, DropState state, uint256 endsAt);

    /// @notice The offer with this nonce was filled or cancelled.
    error SeatMarket_OfferSpent(address buyer, uint256 nonce);

    /// @notice The offer is for seats of another drop or tier.
    error SeatMarket_OfferForAnother(SeatId seat, DropId drop, uint256 tier);

    /// @notice The offer asks for a face of at least `least`.
    error SeatMarket_FaceTooLow(SeatId seat, uint256 face, uint256 least);

    /// @notice Buys the listed seat for exactly its price: as `msg.value`, or taken from the
    /// caller's allowance in the currency of the drop.
    /// @param signature 65 bytes of the seller's key, or what the seller's contract accepts by
    /// ERC-1271; empty for a listing that the seller has stored.
    function buy(Listing calldata listing, bytes calldata signature) external payable;

    /// @notice One purchase of `ISeatBaskets.buyMany`, which the contract calls itself so that it can fail alone.
    function buyFor(Listing calldata listing, bytes calldata signature, address buyer)
        external
        payable;

    /// @notice Authorises a listing on chain, for wallets that cannot sign typed data.
    /// @dev It dies by the same rules as a signed one; `cancelListings` and `bumpCounter` end it.
    function list(Listing calldata listing) external;

    /// @notice Kills every listing and offer of the caller at once, by a step that nobody can
    /// foresee.
    /// @return counter the one that new listings must carry.
    function bumpCounter() external returns (uint256 counter);

    /// @notice The counter that listings and offers of `account` must carry.
    function counterOf(address account) external view returns (uint256);

    /// @notice The EIP-712 digest that the seller signs.
    function digestOf(Listing calldata listing) external view returns (bytes32);
}
