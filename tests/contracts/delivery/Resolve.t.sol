// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatDelivery} from "../../../contracts/interfaces/ISeatDelivery.sol";
import {ISeatToken} from "../../../contracts/interfaces/ISeatToken.sol";
import {DropId} from "../../../contracts/types/DropId.sol";
import {SEATS_PER_DROP} from "../../../contracts/types/SeatId.sol";
import {DropState} from "../../../contracts/types/Terms.sol";
import {PRICE, Plan} from "../base/Plans.sol";
import {vm} from "../base/Vm.sol";
import {DeliveryTest} from "./DeliveryTest.sol";

/// @dev C-72: the resolver decides, in time, or the terms do.
contract ResolveTest is DeliveryTest {
    uint256 private constant BEGAN = ENDS + CHALLENGE + 1;
    uint256 private constant DEFAULT_SPLIT = 5000;

    function test_GivenTheDropNeverWas_ItRevertsWithItsState() public {
        DropId unknown = DropId.wrap(2);
        bytes memory refusal = abi.encodeWithSelector(
            ISeatDelivery.SeatDelivery_WrongState.selector, unknown, DropState.NONE
        );
        _refused(resolver, abi.encodeCall(ISeatDelivery.resolve, (unknown, 0)), refusal);
        _refused(resolver, abi.encodeCall(ISeatDelivery.resolveByDefault, (unknown)), refusal);
    }

    function test_GivenNoDispute_ItRevertsWithTheState() public {
        _bothRefused(DropState.LIVE);
        _assert();
        _bothRefused(DropState.ASSERTED);
        _settle();
        _bothRefused(DropState.SETTLED);
    }

    function test_GivenADecision_ItRevertsWithTheState() public {
        _dispute(1, 1);
        _resolve(1);
        _bothRefused(DropState.SPLIT_WIDE);
        vm.warp(BEGAN + DECISION + 1);
        _bothRefused(DropState.SPLIT_WIDE);
    }

    function test_WhenTheCallerIsNotTheResolver_ItRevertsWithResolverAndCaller() public {
        _dispute(1, 1);
        address[5] memory others = [mentor, bob, verifier, platformOwner, treasury];
        for (uint256 i; i < others.length; ++i) {
            _refused(
                others[i],
                _resolveCall(0),
                abi.encodeWithSelector(
                    ISeatDelivery.SeatDelivery_NotResolver.selector, drop, resolver, others[i]
                )
            );
        }
    }

    function test_WhenTheSplitIsMoreThanAll_ItRevertsWithTheMost() public {
        _dispute(1, 1);
        _splitRefused(10_001);
        // Would be 0 in 16 bits.
        _splitRefused(65_536);
        _splitRefused(type(uint256).max);
    }

    function test_WhenItIsTheLastSecond_ItDecides() public {
        _dispute(1, 1);
        vm.warp(BEGAN + DECISION);
        _resolve(4000);
        _assertState(DropState.SPLIT_WIDE);
        vm.assertEq(_view().split, 4000, "split");
    }

    function test_WhenItIsOneSecondLater_ItRevertsWithBothTimes() public {
        _dispute(1, 1);
        vm.warp(BEGAN + DECISION + 1);
        _refused(resolver, _resolveCall(0), _tooLate(BEGAN + DECISION));
    }

    function test_GivenAWideDispute_ItReleasesTheMentorsPart() public {
        _dispute(4, 1);
        _resolve(2500);
        _assertState(DropState.SPLIT_WIDE);
        _assertOwed(PRICE);
        _assertReleased(3 * PRICE);
        vm.assertEq(_view().split, 2500, "split");
    }

    function test_GivenANarrowDispute_ItReleasesTheMentorsPartOfTheObjectorsMoney() public {
        _dispute(ELEVEN, 1);
        vm.assertEq(_creditOf(treasury), _feeOf(10 * PRICE), "fee before");
        _resolve(2500);
        _assertState(DropState.SPLIT_NARROW);
        _assertOwed(PRICE / 4);
        vm.assertEq(
            _creditOf(treasury), _feeOf(10 * PRICE) + _feeOf(PRICE * 3 / 4), "the fee of both"
        );
        vm.assertEq(
            _creditOf(mentor) + _creditOf(treasury), 10 * PRICE + PRICE * 3 / 4, "all released"
        );
    }

    function test_WhenTheMentorGetsAll_ItOwesNothing() public {
        _dispute(3, 1);
        _resolve(0);
        _assertOwed(0);
        _assertReleased(3 * PRICE);
        vm.assertEq(_view().split, 0, "split");
    }

    function test_WhenTheHoldersGetAll_ItReleasesNothing() public {
        _dispute(3, 1);
        _resolve(10_000);
        _assertOwed(3 * PRICE);
        _assertReleased(0);
        vm.assertEq(_view().split, 10_000, "split");
    }

    function test_WhenTheResolverDecides_ItPublishesTheDecision() public {
        _dispute(4, 1);
        vm.expectEmit(address(seats));
        emit ISeatDelivery.DropResolved(drop, 2500, 3 * PRICE, false);
        _expectAnnounced();
        vm.prank(resolver);
        seats.resolve(drop, 2500);
    }

    /// @dev The mentor's part is rounded down: what claims round down as well stays behind.
    function testFuzz_WhenTheSplitIsAny_ItOwesWhatItDoesNotRelease(uint256 split) public {
        split %= 10_001;
        Plan memory plan = _plan();
        plan.phases[0].price = PRICE - 1;
        drop = _create(plan);
        vm.prank(alice);
        seats.mint{value: 3 * PRICE - 3}(_request(bob, 3), "");
        _assert();
        _object(_seat(1));
        _settle();
        _resolve(split);
        uint256 released = (3 * PRICE - 3) * (10_000 - split) / 10_000;
        _assertReleased(released);
        _assertOwed(3 * PRICE - 3 - released);
    }

    function test_GivenTheResolverIsSilent_ItWaitsForTheLastSecond() public {
        _dispute(1, 1);
        vm.warp(BEGAN + DECISION);
        _refused(bob, _defaultCall(), _tooEarly(BEGAN + DECISION + 1));
    }

    function test_GivenTheResolverIsSilentInAWideDispute_ItDecidesByTheTerms() public {
        _dispute(2, 1);
        vm.warp(BEGAN + DECISION + 1);
        vm.prank(carol);
        seats.resolveByDefault(drop);
        _assertState(DropState.SPLIT_WIDE);
        vm.assertEq(_view().split, DEFAULT_SPLIT, "split");
        _assertOwed(PRICE);
        _assertReleased(PRICE);
    }

    function test_GivenTheResolverIsSilentInANarrowDispute_ItGivesTheMentorAll() public {
        _dispute(ELEVEN, 1);
        _resolveByDefault();
        _assertState(DropState.SPLIT_NARROW);
        vm.assertEq(_view().split, 0, "split");
        _assertOwed(0);
        vm.assertEq(_creditOf(mentor) + _creditOf(treasury), 11 * PRICE, "all released");
    }

    function test_GivenTheResolverIsSilent_ItPublishesTheDecision() public {
        _dispute(2, 1);
        vm.warp(BEGAN + DECISION + 1);
        vm.expectEmit(address(seats));
        emit ISeatDelivery.DropResolved(drop, DEFAULT_SPLIT, PRICE, true);
        _expectAnnounced();
        seats.resolveByDefault(drop);
    }

    function test_GivenOtherDefaultTerms_ItDecidesByThem() public {
        Plan memory plan = _plan();
        plan.terms.defaultSplit = 10_000;
        drop = _create(plan);
        _dispute(2, 1);
        _resolveByDefault();
        vm.assertEq(_view().split, 10_000, "split");
        _assertOwed(2 * PRICE);
        _assertReleased(0);
    }

    /// @dev Of `quantity` seats of bob the first `objectors` object.
    function _dispute(uint256 quantity, uint256 objectors) private {
        _mintSeats(bob, quantity);
        _assert();
        for (uint256 number = 1; number <= objectors; ++number) {
            _object(_seat(number));
        }
        _settle();
        vm.assertEq(_view().disputedAt, BEGAN, "disputed at");
    }

    function _resolveCall(uint256 split) private view returns (bytes memory) {
        return abi.encodeCall(ISeatDelivery.resolve, (drop, split));
    }

    function _defaultCall() private view returns (bytes memory) {
        return abi.encodeCall(ISeatDelivery.resolveByDefault, (drop));
    }

    function _bothRefused(DropState state) private {
        _refused(resolver, _resolveCall(0), _wrongState(state));
        _refused(resolver, _defaultCall(), _wrongState(state));
    }

    function _splitRefused(uint256 split) private {
        _refused(
            resolver,
            _resolveCall(split),
            abi.encodeWithSelector(ISeatDelivery.SeatDelivery_SplitTooLarge.selector, split, 10_000)
        );
    }

    function _expectAnnounced() private {
        uint256 first = DropId.unwrap(drop) * SEATS_PER_DROP;
        vm.expectEmit(address(seats));
        emit ISeatToken.BatchMetadataUpdate(first, first + SEATS_PER_DROP - 1);
    }
}
