// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DropId} from "../types/DropId.sol";
import {SeatId} from "../types/SeatId.sol";

/// @title Money until delivery
/// @notice What buyers paid waits here, accounted per drop, per seat and per currency.
/// @dev WARNING: no role can move anybody's money. The platform's owner names currencies, the fee
/// of future drops and the treasury; it can neither change an existing drop nor withdraw for
/// others. Money that is sent here without a function of this contract belongs to nobody.
interface ISeatEscrow {
    /// @notice `amount` more of a royalty or toll waits with `seat` until the drop is settled.
    event Held(SeatId indexed seat, uint256 amount);

    /// @notice `account` may withdraw `amount` more of `currency` (zero address: ETH).
    event Credited(address indexed account, address indexed currency, uint256 amount);

    /// @notice `account` took `amount` of `currency` out, to `recipient`.
    event Withdrawn(
        address indexed account, address indexed currency, address recipient, uint256 amount
    );

    /// @notice The credit of `account` does not cover the withdrawal.
    error SeatEscrow_CreditTooSmall(address account, uint256 credit, uint256 amount);

    /// @notice Withdrawing nothing, or to nobody.
    error SeatEscrow_NothingToWithdraw(address account, address recipient);

    /// @notice The recipient refused the money; withdraw to another address.
    error SeatEscrow_PaymentRefused(address recipient, uint256 amount);

    /// @notice More waits with this seat than can be counted.
    error SeatEscrow_HeldTooLarge(SeatId seat, uint256 held, uint256 amount);

    /// @notice Takes `amount` of the caller's credit in `currency` out to `recipient`.
    /// @dev Pausing never stops a withdrawal. If the recipient refuses, nothing changes.
    function withdraw(address currency, address recipient, uint256 amount) external;

    /// @notice What `account` may withdraw of `currency` (zero address: ETH), in its units.
    function creditOf(address account, address currency) external view returns (uint256);

    /// @notice The royalties and tolls that wait with `seat`, in the currency of its drop.
    function heldOf(SeatId seat) external view returns (uint256);

    /// @notice What `drop` owes its seats while it is LIVE, in its currency: the face of all that
    /// were neither burned nor granted. Zero in every other state of this version.
    function escrowOf(DropId drop) external view returns (uint256);
}
