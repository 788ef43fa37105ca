// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {SafeTransferLib} from "solady/utils/SafeTransferLib.sol";

import {ISeatEscrow} from "../interfaces/ISeatEscrow.sol";
import {RulesWord, ScheduleWord} from "../types/DropWords.sol";
import {HeldWord, MAX_HELD} from "../types/HeldWord.sol";
import {SeatId} from "../types/SeatId.sol";
import {Drop, SeatsLayout} from "../types/SeatsLayout.sol";

/// @title How money waits, is owed and leaves
/// @dev Every movement of money in the contract is one of these. Rooms and linked libraries share
/// them, so that each has one meaning. The zero address as a currency is ETH.
library Payments {
    using SafeERC20 for IERC20;

    /// @dev Enough for a wallet behind a proxy to log a payment, too little to do anything else.
    uint256 internal constant PAYMENT_GAS = 50_000;

    /// @dev Adds to what waits with `seat`. No event: the caller's says it.
    function hold(SeatsLayout storage seats, SeatId seat, uint256 amount) internal {
        if (amount == 0) return;
        HeldWord word = seats.held[seat];
        uint256 held = word.amount();
        if (amount > MAX_HELD - held) {
            revert ISeatEscrow.SeatEscrow_HeldTooLarge(seat, held, amount);
        }
        unchecked {
            seats.held[seat] = HeldWord.wrap(HeldWord.unwrap(word) + amount);
        }
    }

    /// @dev Lets `account` withdraw `amount` more.
    function credit(SeatsLayout storage seats, address currency, address account, uint256 amount)
        internal
    {
        if (amount == 0) return;
        seats.credits[currency][account] += amount;
        emit ISeatEscrow.Credited(account, currency, amount);
    }

    /// @dev Lets the mentor have `amount` of a drop's money, less the platform's fee, which is
    /// rounded down.
    function release(SeatsLayout storage seats, Drop storage drop, uint256 amount) internal {
        if (amount == 0) return;
        ScheduleWord schedule = drop.schedule;
        address currency = currencyOf(seats, drop.rules);
        uint256 fee = schedule.fee().shareDown(amount);
        credit(seats, currency, seats.platform.treasury(), fee);
        address payout = drop.payout;
        unchecked {
            credit(seats, currency, payout == address(0) ? schedule.mentor() : payout, amount - fee);
        }
    }

    /// @dev Pays somebody who did not choose this moment: if that fails, it becomes a credit, so
    /// that no receiver and no currency can stop another's transaction. Always the last effect.
    function payOrCredit(
        SeatsLayout storage seats,
        address currency,
        address account,
        uint256 amount
    ) internal {
        if (amount == 0) return;
        bool paid = currency == address(0)
            ? SafeTransferLib.trySafeTransferETH(account, amount, PAYMENT_GAS)
            : IERC20(currency).trySafeTransfer(account, amount);
        if (!paid) credit(seats, currency, account, amount);
    }

    /// @dev Takes exactly `amount` of an ERC-20 from the allowance of `payer`: what arrives is
    /// counted, so a currency that keeps a part or lies pays for nothing.
    function take(address currency, address payer, uint256 amount) internal {
        if (amount == 0) return;
        IERC20 token = IERC20(currency);
        uint256 before = token.balanceOf(address(this));
        bool paid = token.trySafeTransferFrom(payer, address(this), amount);
        uint256 present = token.balanceOf(address(this));
        uint256 received = present > before ? present - before : 0;
        if (!paid || received != amount) {
            revert ISeatEscrow.SeatEscrow_PaymentMissing(currency, payer, amount, received);
        }
    }

    /// @dev A drop in ETH does not pay for reading the list.
    function currencyOf(SeatsLayout storage seats, RulesWord rules)
        internal
        view
        returns (address)
    {
        uint256 index = rules.currencyIndex();
        return index == 0 ? address(0) : seats.currencies[index];
    }
}
