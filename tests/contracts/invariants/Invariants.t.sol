// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DropId} from "../../../contracts/types/DropId.sol";
import {SeatId} from "../../../contracts/types/SeatId.sol";
import {DropView, TierView} from "../../../contracts/types/Views.sol";
import {CAP, Plan} from "../base/Plans.sol";
import {SeatsTest} from "../base/SeatsTest.sol";
import {vm} from "../base/Vm.sol";
import {RefusingReceiver} from "../hostile/EtherReceivers.sol";
import {Handler} from "./Handler.sol";
import {Ledger} from "./Ledger.sol";

/// @title What must always hold, whatever anybody does in whatever order
/// @dev Three drops: of the usual terms, without a toll, and one of five seats that sells out.
/// Numbers are those of README.md.
abstract contract InvariantChecks is SeatsTest {
    Handler internal handler;
    Ledger internal ledger;

    function setUp() public virtual override {
        super.setUp();
        _createWith(0, CAP);
        _createWith(2000, 5);
        ledger = new Ledger();
        handler = new Handler(seats, ledger, address(new RefusingReceiver()));
    }

    /// @dev A short cooldown, so that many gifts fit into the phase.
    function _plan() internal view override returns (Plan memory plan) {
        plan = super._plan();
        plan.terms.giftCooldown = 1 minutes;
    }

    function _createWith(uint256 toll, uint256 cap) private {
        Plan memory plan = _plan();
        plan.terms.toll = toll;
        plan.tiers[0].cap = cap;
        _create(plan);
    }

    function _checkAll() internal view {
        _checkBalance();
        _checkEscrow();
        _checkSupply();
        _checkOwnership();
        _checkHeld();
        _checkCredits();
        _checkTerms();
    }

    /// @dev 1: the contract holds what it owes and what was forced in, and nothing else.
    function _checkBalance() internal view {
        uint256 owed = ledger.forced();
        for (uint256 drop = 1; drop <= handler.dropCount(); ++drop) {
            owed += seats.escrowOf(DropId.wrap(drop));
        }
        for (uint256 i; i < ledger.seatCount(); ++i) {
            owed += seats.heldOf(ledger.seatAt(i));
        }
        for (uint256 i; i < handler.actorCount(); ++i) {
            owed += seats.creditOf(handler.actorAt(i), address(0));
        }
        vm.assertEq(address(seats).balance, owed, "balance and debts");
        vm.assertEq(
            address(seats).balance + ledger.paidOut(),
            ledger.paidIn() + ledger.forced(),
            "money in and out"
        );
    }

    /// @dev 2: what a drop owes is what was paid for its seats; no drop spends another's money.
    function _checkEscrow() internal view {
        for (uint256 drop = 1; drop <= handler.dropCount(); ++drop) {
            vm.assertEq(seats.escrowOf(DropId.wrap(drop)), ledger.faces(drop), "escrow");
        }
    }

    /// @dev 3: live = minted, at most the cap; numbers run from 1 without gaps.
    function _checkSupply() internal view {
        for (uint256 drop = 1; drop <= handler.dropCount(); ++drop) {
            (, TierView[] memory tiers,) = seats.termsOf(DropId.wrap(drop));
            vm.assertEq(tiers[0].live, ledger.minted(drop), "live");
            vm.assertEq(tiers[0].issued, ledger.minted(drop), "issued");
            vm.assertLe(tiers[0].live, tiers[0].cap, "cap");
        }
    }

    /// @dev 4, 5, 8: owners, balances and epochs are what the moves made them, seat by seat.
    function _checkOwnership() internal view {
        for (uint256 i; i < ledger.seatCount(); ++i) {
            SeatId seat = ledger.seatAt(i);
            vm.assertEq(_ownerOf(seat), ledger.ownerOf(seat), "owner");
            vm.assertEq(seats.seatOf(seat).epoch, ledger.epochOf(seat), "epoch");
        }
        for (uint256 i; i < handler.actorCount(); ++i) {
            address actor = handler.actorAt(i);
            vm.assertEq(seats.balanceOf(actor), ledger.balanceOf(actor), "balance of seats");
        }
    }

    /// @dev 7: what waits with each seat is the royalties and tolls that it paid.
    function _checkHeld() internal view {
        for (uint256 i; i < ledger.seatCount(); ++i) {
            SeatId seat = ledger.seatAt(i);
            vm.assertEq(seats.heldOf(seat), ledger.heldOf(seat), "held");
        }
    }

    /// @dev 11: credits rise by refused payments and fall by their owner's withdrawals.
    function _checkCredits() internal view {
        for (uint256 i; i < handler.actorCount(); ++i) {
            address actor = handler.actorAt(i);
            vm.assertEq(seats.creditOf(actor, address(0)), ledger.creditOf(actor), "credit");
        }
    }

    /// @dev 12: no configuration changes the terms of a drop.
    function _checkTerms() internal view {
        for (uint256 drop = 1; drop <= handler.dropCount(); ++drop) {
            (DropView memory terms,,) = seats.termsOf(DropId.wrap(drop));
            vm.assertEq(terms.fee, FEE, "fee");
            vm.assertEq(terms.royalty, 1000, "royalty");
            vm.assertEq(terms.mentor, mentor, "mentor");
        }
    }
}

/// @dev 6, that no listing fills twice, is demanded by the handler at each attempt.
contract InvariantsTest is InvariantChecks {
    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    /// @dev One function: forge plays all histories again for each.
    function invariant_EveryRuleHolds() external view {
        _checkAll();
    }
}
