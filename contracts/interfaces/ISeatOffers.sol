// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SeatId} from "../types/SeatId.sol";
import {SeatOffer, TierOffer} from "../types/Terms.sol";

/// @title Offers: a buyer signs, whoever owns the seat takes it
/// @notice An offer costs nothing to make. Its price is taken from the buyer's allowance when it is
/// filled: in the currency of the drop, or in wrapped ether where that is ETH.
/// @dev Offers are filled while a drop is LIVE, until its end, at prices that a listing could have.
/// The seller gets the price less the royalty, in the currency of the offer. Refusals are those of
/// ISeatMarket.
/// WARNING: an allowance is not bound to one offer. As many offers as are open can be filled, each
/// once, as far as allowance and balance go.
interface ISeatOffers {
    /// @notice The offer `nonce` of `buyer` was filled with `seat`; SeatSold tells the rest.
    event OfferFilled(address indexed buyer, SeatId indexed seat, uint256 nonce);

    /// @notice The offers of `buyer` with this nonce are dead.
    event OfferCancelled(address indexed buyer, uint256 nonce);

    /// @notice Sells the caller's seat to who offered for it. The price is taken from the buyer's
    /// allowance; a buyer who cannot pay reverts.
    function acceptSeatOffer(SeatOffer calldata offer, bytes calldata signature) external;

    /// @notice Sells the caller's seat to who offered for any seat of its tier.
    function acceptTierOffer(TierOffer calldata offer, SeatId seat, bytes calldata signature)
        external;

    /// @notice Kills the caller's offers with this nonce. `bumpCounter` kills all.
    function cancelOffer(uint256 nonce) external;

    /// @notice Whether the offers of `buyer` with this nonce were filled or cancelled.
    function isOfferSpent(address buyer, uint256 nonce) external view returns (bool);

    /// @notice The wrapped ether in which offers for seats of drops in ETH are paid.
    function wrappedEther() external view returns (address);
}
