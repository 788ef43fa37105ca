// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DropId} from "../../../contracts/types/DropId.sol";
import {SeatId} from "../../../contracts/types/SeatId.sol";
import {DropState} from "../../../contracts/types/Terms.sol";
import {DropView, PhaseView, SeatView, TierView} from "../../../contracts/types/Views.sol";
import {DeployedSeats} from "../base/DeployedSeats.sol";
import {vm} from "../base/Vm.sol";
import {Coin} from "../hostile/Currencies.sol";
import {Handler} from "./handlers/Handler.sol";
import {Books} from "./stores/Books.sol";
import {Ledger} from "./stores/Ledger.sol";

/// @title What must hold after every step, seen from outside
/// @dev Numbers are those of README.md. What Seats answers is compared with what the stores say.
contract Checks {
    DeployedSeats private immutable SEATS;
    Handler private immutable HANDLER;
    Books private immutable BOOKS;
    Ledger private immutable LEDGER;

    constructor(DeployedSeats seats, Handler handler) {
        (SEATS, HANDLER) = (seats, handler);
        (BOOKS, LEDGER) = (handler.BOOKS(), handler.LEDGER());
    }

    /// @dev All money, and the drops and seats that the last step wrote to.
    function checkStep() external view {
        uint256[] memory drops = BOOKS.touchedDrops();
        for (uint256 i; i < drops.length; ++i) {
            _checkDrop(drops[i]);
        }
        SeatId[] memory seats = BOOKS.touchedSeats();
        for (uint256 i; i < seats.length; ++i) {
            _checkSeat(seats[i]);
        }
        _checkMoney();
    }

    /// @dev Every drop, every seat and every account.
    function checkAll() external view {
        for (uint256 drop = 1; drop <= BOOKS.dropCount(); ++drop) {
            _checkDrop(drop);
        }
        for (uint256 i; i < BOOKS.seatCount(); ++i) {
            _checkSeat(BOOKS.seatAt(i));
        }
        vm.assertEq(SEATS.dropCount(), BOOKS.dropCount(), "the number of drops");
        _checkMoney();
        _checkAccounts();
    }

    /// @dev After everything was claimed, collected and withdrawn: what is left is what was forced
    /// in and what rounding has left with the drops, less than a unit for each seat.
    function checkEmptied() external view {
        address[] memory currencies = HANDLER.currencies();
        for (uint256 i; i < currencies.length; ++i) {
            uint256 left = _balanceOf(currencies[i]) - LEDGER.forced(currencies[i]);
            vm.assertLe(left, BOOKS.seatCount(), "money that nobody can take");
        }
    }

    /// @dev 1, 2, 9, 11: by currency and by drop.
    function _checkMoney() private view {
        address[] memory currencies = HANDLER.currencies();
        uint256[] memory owed = new uint256[](currencies.length);
        for (uint256 drop = 1; drop <= BOOKS.dropCount(); ++drop) {
            uint256 escrow = SEATS.escrowOf(DropId.wrap(drop));
            uint256 held = BOOKS.heldIn(drop);
            uint256 left = LEDGER.refunded(drop) + LEDGER.released(drop) + LEDGER.claimed(drop);
            vm.assertEq(escrow + held + left, LEDGER.kept(drop), "2: a drop's money");
            _checkNotEarly(drop, BOOKS.stateOf(drop));
            address paid = BOOKS.currencyOf(drop);
            for (uint256 i; i < currencies.length; ++i) {
                if (paid == currencies[i]) owed[i] += escrow + held;
            }
        }
        for (uint256 i; i < currencies.length; ++i) {
            address currency = currencies[i];
            uint256 balance = _balanceOf(currency);
            uint256 debts = owed[i] + LEDGER.credits(currency) + LEDGER.forced(currency);
            vm.assertEq(balance, debts, "1: balance and debts");
            uint256 moneyIn = LEDGER.paidIn(currency) + LEDGER.forced(currency);
            vm.assertEq(balance + LEDGER.paidOut(currency), moneyIn, "1: money in and out");
        }
    }

    function _checkNotEarly(uint256 drop, DropState state) private view {
        bool mayHave = state == DropState.SETTLED || state == DropState.DISPUTED_NARROW
            || state == DropState.SPLIT_NARROW || state == DropState.SPLIT_WIDE;
        if (!mayHave) vm.assertEq(LEDGER.released(drop), 0, "9: released too early");
    }

    /// @dev 2, 3, 10, 12: state, terms, tiers and phases, word for word.
    function _checkDrop(uint256 drop) private view {
        (DropView memory terms, TierView[] memory tiers, PhaseView[] memory phases) =
            SEATS.termsOf(DropId.wrap(drop));
        DropView memory noted = BOOKS.dropOf(drop);
        vm.assertEq(uint256(terms.state), uint256(noted.state), "10: state");
        vm.assertEq(terms.owed, noted.owed, "2: owed");
        vm.assertEq(terms.objected, noted.objected, "objected");
        for (uint256 tier; tier < tiers.length; ++tier) {
            vm.assertLe(tiers[tier].live, tiers[tier].cap, "3: live seats and cap");
        }
        for (uint256 phase; phase < phases.length; ++phase) {
            if (phases[phase].walletLimit != 0) _checkWallets(drop, phase);
        }
        bytes memory answer = abi.encode(terms, tiers, phases);
        vm.assertEq(answer, BOOKS.termsOf(drop), "3, 12: terms, tiers and phases");
    }

    /// @dev 3: what accounts have minted of what a phase lets one of them mint.
    function _checkWallets(uint256 drop, uint256 phase) private view {
        address[] memory accounts = HANDLER.accounts();
        for (uint256 i; i < accounts.length; ++i) {
            uint256 count = SEATS.mintedBy(DropId.wrap(drop), phase, accounts[i]);
            uint256 noted = BOOKS.mintedBy(drop, phase, accounts[i]);
            vm.assertEq(count, noted, "3: mints of an account");
        }
    }

    /// @dev 4, 5, 7, 8, 9: owner, epoch, K, face and flags, word for word.
    function _checkSeat(SeatId seat) private view {
        SeatView memory noted = BOOKS.seatOf(seat);
        vm.assertEq(SEATS.heldOf(seat), noted.held, "7: what waits with a seat");
        bytes memory worth = abi.encode(SEATS.refundOf(seat));
        vm.assertEq(worth, abi.encode(BOOKS.refundOf(seat)), "9: what a seat is worth");
        if (noted.owner == address(0)) {
            (bool lives,) =
                address(SEATS).staticcall(abi.encodeCall(SEATS.ownerOf, (SeatId.unwrap(seat))));
            vm.assertFalse(lives, "8: a burned seat lives");
            return;
        }
        vm.assertEq(SEATS.ownerOf(SeatId.unwrap(seat)), noted.owner, "8: owner");
        SeatView memory found = SEATS.seatOf(seat);
        vm.assertEq(found.epoch, noted.epoch, "5: epoch");
        vm.assertEq(abi.encode(found), abi.encode(noted), "9: a seat's facts");
        bool movable = BOOKS.canMove(seat);
        vm.assertEq(
            SEATS.isTransferable(SeatId.unwrap(seat), noted.owner, address(this)),
            movable,
            "8: whether a seat moves"
        );
        vm.assertEq(SEATS.locked(SeatId.unwrap(seat)), noted.locked, "8: locked");
    }

    /// @dev 4, 11: seats and credits of every account.
    function _checkAccounts() private view {
        address[] memory accounts = HANDLER.accounts();
        address[] memory currencies = HANDLER.currencies();
        for (uint256 i; i < accounts.length; ++i) {
            uint256 balance = SEATS.balanceOf(accounts[i]);
            vm.assertEq(balance, BOOKS.balanceOf(accounts[i]), "4: balance of seats");
            for (uint256 j; j < currencies.length; ++j) {
                uint256 credit = SEATS.creditOf(accounts[i], currencies[j]);
                uint256 noted = LEDGER.creditOf(currencies[j], accounts[i]);
                vm.assertEq(credit, noted, "11: credit");
            }
        }
    }

    function _balanceOf(address currency) private view returns (uint256) {
        return
            currency == address(0)
                ? address(SEATS).balance
                : Coin(currency).balanceOf(address(SEATS));
    }
}
