// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ReentrancyGuardTransient} from "solady/utils/ReentrancyGuardTransient.sol";
import {SafeTransferLib} from "solady/utils/SafeTransferLib.sol";

import {ISeatEscrow} from "../interfaces/ISeatEscrow.sol";
import {DropId} from "../types/DropId.sol";
import {HeldWord, MAX_HELD} from "../types/HeldWord.sol";
import {SeatId} from "../types/SeatId.sol";
import {Drop, SeatsLayout} from "../types/SeatsLayout.sol";
import {DropState} from "../types/Terms.sol";

/// @title The escrow room: what waits, what is owed, and how it leaves
/// @dev Owns the storage that all rooms share. Money leaves only by `withdraw` and by a sale's
/// payment to its seller.
abstract contract SeatEscrow is ISeatEscrow, ReentrancyGuardTransient {
    /// @dev Enough for a wallet behind a proxy to log a payment, too little to do anything else.
    uint256 private constant PAYMENT_GAS = 50_000;

    SeatsLayout internal _seats;

    /// @inheritdoc ISeatEscrow
    function withdraw(address currency, address recipient, uint256 amount) external nonReentrant {
        if (amount == 0 || recipient == address(0)) {
            revert SeatEscrow_NothingToWithdraw(msg.sender, recipient);
        }
        uint256 credit = _seats.credits[currency][msg.sender];
        if (amount > credit) revert SeatEscrow_CreditTooSmall(msg.sender, credit, amount);

        unchecked {
            _seats.credits[currency][msg.sender] = credit - amount;
        }
        emit Withdrawn(msg.sender, currency, recipient, amount);

        // All credits are ETH: no drop takes another currency yet. All gas, unlike a sale's
        // payment: the caller chose the recipient and pays for it.
        (bool paid,) = recipient.call{value: amount}("");
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
    function escrowOf(DropId drop) external view returns (uint256 total) {
        Drop storage terms = _seats.drops[drop];
        if (terms.rules.state() != DropState.LIVE) return 0;
        uint256 tiers = terms.rules.tierCount();
        for (uint256 tier; tier < tiers; ++tier) {
            total += terms.tiers[tier].sales.escrowed();
        }
    }

    /// @dev Adds to what waits with `seat`. No event: SeatSold and Held say it.
    function _hold(SeatId seat, uint256 amount) internal {
        if (amount == 0) return;
        HeldWord word = _seats.held[seat];
        uint256 held = word.amount();
        if (amount > MAX_HELD - held) revert SeatEscrow_HeldTooLarge(seat, held, amount);
        unchecked {
            _seats.held[seat] = HeldWord.wrap(HeldWord.unwrap(word) + amount);
        }
    }

    /// @dev Pays ETH to somebody who did not choose this moment: if the push fails, it becomes a
    /// credit, so that no receiver can stop another's transaction. Always the last effect.
    function _payOrCredit(address account, uint256 amount) internal {
        if (amount == 0) return;
        if (SafeTransferLib.trySafeTransferETH(account, amount, PAYMENT_GAS)) return;
        _seats.credits[address(0)][account] += amount;
        emit Credited(account, address(0), amount);
    }

    /// @dev The guard costs the same on every chain.
    function _useTransientReentrancyGuardOnlyOnMainnet() internal pure override returns (bool) {
        return false;
    }
}
