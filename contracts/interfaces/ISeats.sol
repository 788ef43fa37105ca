// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatDrops} from "./ISeatDrops.sol";
import {ISeatEscrow} from "./ISeatEscrow.sol";
import {ISeatMarket} from "./ISeatMarket.sol";
import {ISeatToken} from "./ISeatToken.sol";

/// @title Seatmarket's one contract
/// @notice Seats, drops, market and escrow at one address: one thing to index, one signing
/// domain, and no approval needed to sell.
interface ISeats is ISeatEscrow, ISeatToken, ISeatDrops, ISeatMarket {
    /// @notice New drops pay `fee` basis points of released money to `treasury`.
    event PlatformSet(address treasury, uint256 fee);

    /// @notice The fee is above the constant that bounds it for ever.
    error Seats_FeeTooHigh(uint256 fee, uint256 most);

    /// @notice The treasury cannot be nobody.
    error Seats_TreasuryMissing();

    /// @notice Ownership is handed over, never thrown away.
    error Seats_OwnerRequired();

    /// @notice Sets treasury and fee of drops created from now on. Only the platform's owner.
    function setPlatform(address treasury, uint16 fee) external;

    /// @notice Treasury and fee that the next drop will get.
    function platform() external view returns (address treasury, uint256 fee);
}
