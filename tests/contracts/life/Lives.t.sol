// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DropId} from "../../../contracts/types/DropId.sol";
import {DropState} from "../../../contracts/types/Terms.sol";
import {vm} from "../base/Vm.sol";
import {PlainCoin} from "../hostile/Currencies.sol";
import {LifeTest} from "./LifeTest.sol";

/// @dev Each way to end, in ether and in a currency: afterwards the contract holds the dust of
/// rounding and not a wei more.
contract LivesTest is LifeTest {
    uint256 private constant SPLIT = 3333;

    function test_GivenNobodyContests_ItLeavesNothingOfEther() public {
        _begin(address(0));
        _endSettled();
    }

    function test_GivenNobodyContests_ItLeavesNothingOfACurrency() public {
        _begin(address(new PlainCoin()));
        _endSettled();
    }

    function test_GivenFewContest_ItLeavesTheDustOfEther() public {
        _begin(address(0));
        _endNarrow();
    }

    function test_GivenFewContest_ItLeavesTheDustOfACurrency() public {
        _begin(address(new PlainCoin()));
        _endNarrow();
    }

    function test_GivenManyContest_ItLeavesTheDustOfEther() public {
        _begin(address(0));
        _endWide();
    }

    function test_GivenManyContest_ItLeavesTheDustOfACurrency() public {
        _begin(address(new PlainCoin()));
        _endWide();
    }

    function test_GivenTheMentorCancels_ItLeavesNothingOfEther() public {
        _begin(address(0));
        _endCancelled();
    }

    function test_GivenTheMentorCancels_ItLeavesNothingOfACurrency() public {
        _begin(address(new PlainCoin()));
        _endCancelled();
    }

    function test_GivenTheMentorFails_ItLeavesNothingOfEther() public {
        _begin(address(0));
        _endFailed();
    }

    function test_GivenTheMentorFails_ItLeavesNothingOfACurrency() public {
        _begin(address(new PlainCoin()));
        _endFailed();
    }

    /// @dev One drop in ether that fails beside two in coins that are contested: no wei of one is
    /// ever the other's.
    function test_GivenThreeDropsOfThreeCurrencies_ItLeavesEachItsOwnDust() public {
        address first = address(new PlainCoin());
        _begin(first);
        _endWide();
        uint256 dust = _balance(address(seats));
        DropId contested = drop;
        _begin(address(new PlainCoin()));
        _endNarrow();
        _begin(address(0));
        _endFailed();
        vm.assertEq(PlainCoin(first).balanceOf(address(seats)), dust, "dust of the first");
        vm.assertEq(seats.escrowOf(contested), dust, "E of the first");
    }

    function _endSettled() private {
        _grow();
        _assert();
        // Resold while it could still be contested.
        _resell("bob", _first(5), alice, FIRST);
        _settle();
        _assertState(DropState.SETTLED);
        // And after everything was paid.
        _resell("alice", _first(5), bob, FIRST / 2);
        _close();
        _assertEarned(
            _owed() + _heldByLiving() + _heldByBurned() + _royalty(FIRST) + _royalty(FIRST / 2)
        );
        _assertLeft(0);
    }

    /// @dev Two seats of dave's second tier, together nine hundredths of all.
    function _endNarrow() private {
        _grow();
        _assert();
        _object(_second(1));
        _object(_second(2));
        _settle();
        _assertState(DropState.DISPUTED_NARROW);
        _resell("bob", _first(5), alice, FIRST);
        _resolve(SPLIT);
        _assertState(DropState.SPLIT_NARROW);
        _close();
        uint256 decided = 2 * SECOND * (10_000 - SPLIT) / 10_000;
        uint256 claimed = 2 * _share(SECOND);
        _assertEarned(
            _owed() - 2 * SECOND + decided + _heldByLiving() + _heldByBurned() + _royalty(FIRST)
        );
        uint256 dust = 2 * SECOND - decided - claimed;
        vm.assertLe(dust, 2, "dust");
        _assertLeft(dust);
    }

    function _endWide() private {
        _grow();
        _assert();
        _object(_first(9));
        _object(_first(10));
        _object(_second(1));
        _settle();
        _assertState(DropState.DISPUTED_WIDE);
        _resolve(SPLIT);
        _assertState(DropState.SPLIT_WIDE);
        _close();
        uint256 decided = _owed() * (10_000 - SPLIT) / 10_000;
        uint256 claimed = 12 * _share(FIRST) + 3 * _share(SECOND);
        // Of what waits with living seats the holders have their share as well.
        uint256 kept = _share(_royalty(FIRST)) + 2 * _share(FIRST_TOLL);
        _assertEarned(decided + _heldByLiving() - kept + _heldByBurned());
        uint256 dust = _owed() - decided - claimed;
        vm.assertLe(dust, 15, "dust");
        _assertLeft(dust);
    }

    function _endCancelled() private {
        _grow();
        _cancel();
        _close();
        _assertGivenBack();
    }

    function _endFailed() private {
        _grow();
        _fail();
        _close();
        _assertGivenBack();
    }

    /// @dev The mentor has nothing. Whoever resold keeps what they were paid, whoever holds or
    /// burned has face and K of it: worked out seat by seat.
    function _assertGivenBack() private view {
        _assertEarned(0);
        uint256 paidForOne = FIRST - _royalty(FIRST);
        uint256 paidForHalf = FIRST / 2 - _royalty(FIRST / 2);
        // Paid the toll of the seat that dave holds now.
        _assertGained(alice, 0, FIRST_TOLL, "alice");
        // Sold the first and gave the second away; bought the eighth, with which its royalty waits.
        _assertGained(bob, paidForOne + _royalty(FIRST), 2 * FIRST + FIRST_TOLL, "bob");
        // Bought the first and sold it for half; was given the second; sold the eighth.
        _assertGained(carol, paidForHalf + FIRST + FIRST_TOLL + paidForOne, 2 * FIRST, "carol");
        // Bought the first for half and burned it; was given alice's.
        _assertGained(
            dave, FIRST + _royalty(FIRST) + _royalty(FIRST / 2) + FIRST_TOLL, FIRST / 2, "dave"
        );
        _assertLeft(0);
    }

    function _share(uint256 amount) private pure returns (uint256) {
        return amount * SPLIT / 10_000;
    }
}
