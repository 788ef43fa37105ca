// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {ISeatEscrow} from "../interfaces/ISeatEscrow.sol";
import {Escrow} from "../libraries/Escrow.sol";
import {DropId} from "../types/DropId.sol";
import {SeatId} from "../types/SeatId.sol";
import {Drop} from "../types/SeatsLayout.sol";
import {SeatBase} from "./SeatBase.sol";

/// @title The escrow room: what waits, what is owed, and how it leaves
/// @dev `Payments` moves what is in it. Money leaves by `withdraw`, by a sale's payment to its
/// seller, and by a refund or a claim of who owns the seat.
abstract contract SeatEscrow is SeatBase, ISeatEscrow {
    using SafeERC20 for IERC20;

    /// @inheritdoc ISeatEscrow
    function withdraw(address currency, address recipient, uint256 amount) external nonReentrant {
        if (amount == 0 || _isNobody(recipient)) {
            revert SeatEscrow_NothingToWithdraw(msg.sender, recipient);
        }
        uint256 credit = _seats.credits[currency][msg.sender];
        if (amount > credit) revert SeatEscrow_CreditTooSmall(msg.sender, credit, amount);

        unchecked {
            _seats.credits[currency][msg.sender] = credit - amount;
        }
        emit Withdrawn(msg.sender, currency, recipient, amount);

        // All gas, unlike a sale's payment: the caller chose the recipient and pays for it.
        bool paid;
        if (currency == address(0)) (paid,) = recipient.call{value: amount}("");
        else paid = IERC20(currency).trySafeTransfer(recipient, amount);
        if (!paid) revert SeatEscrow_PaymentRefused(recipient, amount);
    }

    /// @inheritdoc ISeatEscrow
    function creditOf(address account, address currency) external view returns (uint256) {
        return _seats.credits[currency][account];
    }

    /// @inheritdoc ISeatEscrow
    function heldOf(SeatId seat) external view returns (uint256) {
        return _seats.held[seat].amount();
    }

    /// @inheritdoc ISeatEscrow
    function escrowOf(DropId drop) external view returns (uint256) {
        Drop storage terms = _seats.drops[drop];
        return Escrow.owed(terms, terms.rules);
    }
}
