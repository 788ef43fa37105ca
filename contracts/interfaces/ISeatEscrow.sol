// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DropId} from "../types/DropId.sol";
import {SeatId} from "../types/SeatId.sol";

/// @title Money until delivery
/// @notice What buyers paid waits here, accounted per drop, per seat and per currency.
/// @dev E of a drop is what it owes its seats: their faces. K of a seat is what waits with it: its
/// royalties, its tolls and, once it was burned for a refund, the penalty. A credit is money that
/// an account may take out whenever it likes.
/// WARNING: no role can move anybody's money. The platform's owner names currencies, the fee of
/// future drops and the treasury; it can neither change an existing drop nor withdraw for others.
/// Money that is sent here without a function of this contract belongs to nobody.
/// WARNING: a currency that blocks this contract, takes a fee later or shrinks balances hurts the
/// drops that are paid in it, and no others. The platform's owner picks currencies; mentors and
/// buyers should know the one they use.
interface ISeatEscrow {
    /// @notice `amount` more of a toll waits with `seat`. Royalties and penalties are told by
    /// SeatSold and SeatRefunded.
    event Held(SeatId indexed seat, uint256 amount);

    /// @notice `account` may withdraw `amount` more of `currency` (zero address: ETH).
    event Credited(address indexed account, address indexed currency, uint256 amount);

    /// @notice `account` took `amount` of `currency` out, to `recipient`.
    event Withdrawn(
        address indexed account, address indexed currency, address recipient, uint256 amount
    );

    /// @notice The credit of `account` does not cover the withdrawal.
    error SeatEscrow_CreditTooSmall(address account, uint256 credit, uint256 amount);

    /// @notice Withdrawing nothing, or to nobody, or to this contract.
    error SeatEscrow_NothingToWithdraw(address account, address recipient);

    /// @notice The recipient or the currency refused the payment; withdraw to another address.
    error SeatEscrow_PaymentRefused(address recipient, uint256 amount);

    /// @notice `payer` owes `amount` of `currency`, and `received` arrived: approve this contract
    /// for the amount, and hold it.
    error SeatEscrow_PaymentMissing(
        address currency, address payer, uint256 amount, uint256 received
    );

    /// @notice Ether comes in with the call that it pays for, or from wrapped ether.
    error SeatEscrow_EtherUnasked(address sender, uint256 amount);

    /// @notice More waits with this seat than can be counted.
    error SeatEscrow_HeldTooLarge(SeatId seat, uint256 held, uint256 amount);

    /// @notice Takes `amount` of the caller's credit in `currency` out to `recipient`.
    /// @dev Pausing never stops a withdrawal. If the recipient refuses, nothing changes.
    function withdraw(address currency, address recipient, uint256 amount) external;

    /// @notice What `account` may withdraw of `currency` (zero address: ETH), in its units.
    function creditOf(address account, address currency) external view returns (uint256);

    /// @notice K: what waits with `seat`, in the currency of its drop.
    function heldOf(SeatId seat) external view returns (uint256);

    /// @notice E: what `drop` owes its seats now, in its currency. While it is LIVE or ASSERTED the
    /// faces of all living seats; in a narrow dispute those of the objectors; afterwards what
    /// claims and rounding have left.
    function escrowOf(DropId drop) external view returns (uint256);
}
