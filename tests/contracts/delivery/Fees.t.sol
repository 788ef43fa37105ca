// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatEscrow} from "../../../contracts/interfaces/ISeatEscrow.sol";
import {SeatId} from "../../../contracts/types/SeatId.sol";
import {MintRequest} from "../../../contracts/types/Terms.sol";
import {NOW, PRICE, Plan} from "../base/Plans.sol";
import {RecordedLog, vm} from "../base/Vm.sol";
import {DeliveryTest} from "./DeliveryTest.sol";

/// @dev C-54: the fee is the one of the creation, and is taken from released money alone.
contract FeesTest is DeliveryTest {
    function test_GivenNoPayout_ItCreditsTheMentor() public {
        _mint(bob);
        _assert();
        _releases(mentor);
    }

    function test_GivenAPayout_ItCreditsThePayout() public {
        Plan memory plan = _plan();
        plan.terms.payout = carol;
        drop = _create(plan);
        _mint(bob);
        _assert();
        _releases(carol);
        vm.assertEq(_creditOf(mentor), 0, "mentor");
    }

    function test_GivenTheFeeWasRaisedLater_ItTakesTheFeeOfTheCreation() public {
        _mint(bob);
        vm.prank(platformOwner);
        seats.setPlatform(treasury, 1000);
        vm.assertEq(_view().fee, FEE, "fee of the terms");
        _assert();
        _settle();
        _assertReleased(PRICE);
    }

    function test_GivenTheFeeWasRaisedBefore_ItTakesTheNewOne() public {
        vm.prank(platformOwner);
        seats.setPlatform(treasury, 1000);
        Plan memory plan = _plan();
        plan.terms.maxFee = 1000;
        drop = _create(plan);
        _mint(bob);
        _assert();
        _settle();
        vm.assertEq(_creditOf(treasury), PRICE / 10, "fee");
        vm.assertEq(_creditOf(mentor), PRICE - PRICE / 10, "the mentor's credit");
    }

    function test_GivenTheFeeIsZero_ItCreditsTheWhole() public {
        vm.prank(platformOwner);
        seats.setPlatform(treasury, 0);
        drop = _create(_plan());
        _mint(bob);
        _assert();
        _settle();
        vm.assertEq(_creditOf(treasury), 0, "fee");
        vm.assertEq(_creditOf(mentor), PRICE, "the mentor's credit");
    }

    function test_GivenTheFeeIsZero_ItPublishesNoCreditOfNothing() public {
        vm.prank(platformOwner);
        seats.setPlatform(treasury, 0);
        drop = _create(_plan());
        _mint(bob);
        _assert();
        vm.warp(ENDS + CHALLENGE + 1);
        vm.recordLogs();
        seats.settle(drop);
        RecordedLog[] memory logs = vm.getRecordedLogs();
        uint256 credits;
        for (uint256 i; i < logs.length; ++i) {
            if (logs[i].topics[0] == ISeatEscrow.Credited.selector) ++credits;
        }
        vm.assertEq(credits, 1, "the mentor's alone");
    }

    /// @dev The treasury of the day: an old one that was lost holds nothing back.
    function test_GivenTheTreasuryHasMoved_ItCreditsTheNewOne() public {
        _mint(bob);
        vm.prank(platformOwner);
        seats.setPlatform(alice, FEE);
        _assert();
        _settle();
        vm.assertEq(_creditOf(alice), _feeOf(PRICE), "the new treasury");
        vm.assertEq(_creditOf(treasury), 0, "the old one");
    }

    function test_GivenTheTreasuryIsThePayout_ItCreditsBoth() public {
        Plan memory plan = _plan();
        plan.terms.payout = treasury;
        drop = _create(plan);
        _mint(bob);
        _assert();
        _settle();
        vm.assertEq(_creditOf(treasury), PRICE, "credit");
    }

    function test_WhenMoneyIsReleased_ItPublishesBothCredits() public {
        _mint(bob);
        _assert();
        vm.warp(ENDS + CHALLENGE + 1);
        vm.expectEmit(address(seats));
        emit ISeatEscrow.Credited(treasury, address(0), _feeOf(PRICE));
        vm.expectEmit(address(seats));
        emit ISeatEscrow.Credited(mentor, address(0), PRICE - _feeOf(PRICE));
        seats.settle(drop);
    }

    /// @dev C-54: what was paid counts, not the list price.
    function test_GivenAPhaseBelowTheListPrice_ItTakesTheFeeOfWhatWasPaid() public {
        Plan memory plan = _plan();
        plan.tiers[0].listPrice = 10 * PRICE;
        drop = _create(plan);
        _mint(bob);
        _assert();
        _settle();
        _assertReleased(PRICE);
    }

    /// @dev The odd wei is the mentor's: 39 wei pay no fee at 2.5%, 40 pay one.
    function test_GivenTinyAmounts_ItRoundsTheFeeDown() public {
        _assertFee(1, 0);
        _assertFee(39, 0);
        _assertFee(40, 1);
        _assertFee(79, 1);
        _assertFee(80, 2);
    }

    function testFuzz_GivenAnyAmount_ItConservesEveryWei(uint80 price) public {
        vm.assume(price != 0);
        _assertFee(price, uint256(price) * FEE / 10_000);
    }

    function test_WhenNothingIsReleased_ItTakesNone() public {
        SeatId kept = _mint(carol);
        SeatId refunded = _mint(carol);
        _resell("carol", kept, bob, PRICE);
        vm.warp(NOW + 1);
        _refund(refunded);
        _cancel();
        _claimAsOwner(kept);
        _claimFor(refunded);
        vm.assertEq(_creditOf(treasury), 0, "fee");
        vm.assertEq(address(seats).balance, PENALTY, "who burned it has a credit");
    }

    function _releases(address payout) private {
        uint256 before = _creditOf(payout);
        _settle();
        vm.assertEq(_creditOf(payout) - before, PRICE - _feeOf(PRICE), "credit");
        vm.assertEq(_creditOf(treasury), _feeOf(PRICE), "fee");
        vm.assertEq(_view().payout, payout, "payout of the terms");
    }

    function _assertFee(uint256 price, uint256 fee) private {
        vm.warp(NOW);
        Plan memory plan = _plan();
        plan.tiers[0].listPrice = price;
        plan.phases[0].price = price;
        drop = _create(plan);
        MintRequest memory request = _request(bob, 1);
        request.maxTotal = price;
        vm.deal(alice, price);
        vm.prank(alice);
        seats.mint{value: price}(request, "");
        _assert();
        uint256 fees = _creditOf(treasury);
        uint256 mentors = _creditOf(mentor);
        _settle();
        vm.assertEq(_creditOf(treasury) - fees, fee, "fee");
        vm.assertEq(_creditOf(mentor) - mentors, price - fee, "the mentor's credit");
    }
}
