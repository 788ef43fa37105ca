// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatBaskets} from "./ISeatBaskets.sol";
import {ISeatDelivery} from "./ISeatDelivery.sol";
import {ISeatDrops} from "./ISeatDrops.sol";
import {ISeatEscrow} from "./ISeatEscrow.sol";
import {ISeatMarket} from "./ISeatMarket.sol";
import {ISeatOffers} from "./ISeatOffers.sol";
import {ISeatPlatform} from "./ISeatPlatform.sol";
import {ISeatStandards} from "./ISeatStandards.sol";
import {ISeatSteering} from "./ISeatSteering.sol";
import {ISeatToken} from "./ISeatToken.sol";

/// @title Seatmarket's one contract
/// @notice Seats, drops, market and escrow at one address: one thing to index, one signing
/// domain, and no approval needed to sell.
/// @dev What each role can do, and nothing else:
/// the platform's owner sets treasury and fee of new drops (at most 10%), the currencies that new
/// drops may use and the guardian, and hands the platform over; the guardian pauses minting and
/// sales of a drop for a while; a mentor acts on their own drops (ISeatDrops); a verifier says, with
/// each holder, who came; a resolver decides a dispute of their drops (ISeatDelivery). Nobody can
/// upgrade this contract, move a seat that is not theirs, change an existing drop from outside, or
/// touch money that is owed to somebody else.
interface ISeats is
    ISeatEscrow,
    ISeatToken,
    ISeatDrops,
    ISeatMarket,
    ISeatBaskets,
    ISeatSteering,
    ISeatDelivery,
    ISeatOffers,
    ISeatPlatform,
    ISeatStandards
{
    /// @notice The contract that answers what Seats does not itself: it runs at this address and in
    /// this storage, was created with it, and cannot be replaced.
    function extension() external view returns (address);
}
