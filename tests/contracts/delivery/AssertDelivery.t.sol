// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatDelivery} from "../../../contracts/interfaces/ISeatDelivery.sol";
import {ISeatDrops} from "../../../contracts/interfaces/ISeatDrops.sol";
import {ISeatToken} from "../../../contracts/interfaces/ISeatToken.sol";
import {DropId} from "../../../contracts/types/DropId.sol";
import {SEATS_PER_DROP, SeatId} from "../../../contracts/types/SeatId.sol";
import {DropState} from "../../../contracts/types/Terms.sol";
import {NOW, PRICE} from "../base/Plans.sol";
import {vm} from "../base/Vm.sol";
import {DeliveryTest} from "./DeliveryTest.sol";

/// @dev C-67 and C-68.
contract AssertDeliveryTest is DeliveryTest {
    bytes private call_;

    function setUp() public override {
        super.setUp();
        call_ = abi.encodeCall(ISeatDelivery.assertDelivery, (drop, EVIDENCE));
        _mint(bob);
        vm.warp(ENDS);
    }

    function test_GivenTheDropNeverWas_ItRevertsWithItsState() public {
        DropId unknown = DropId.wrap(2);
        _refused(
            mentor,
            abi.encodeCall(ISeatDelivery.assertDelivery, (unknown, EVIDENCE)),
            abi.encodeWithSelector(ISeatDrops.SeatDrops_NotLive.selector, unknown, DropState.NONE)
        );
    }

    function test_WhenTheCallerIsNotTheMentor_ItRevertsWithMentorAndCaller() public {
        address[4] memory others = [alice, resolver, verifier, platformOwner];
        for (uint256 i; i < others.length; ++i) {
            _refused(
                others[i],
                call_,
                abi.encodeWithSelector(
                    ISeatDrops.SeatDrops_NotMentor.selector, drop, mentor, others[i]
                )
            );
        }
    }

    function test_WhenItIsOneSecondBeforeTheEnd_ItRevertsWithBothTimes() public {
        vm.warp(ENDS - 1);
        _refused(
            mentor,
            call_,
            abi.encodeWithSelector(ISeatDrops.SeatDrops_TooEarly.selector, drop, ENDS, ENDS - 1)
        );
    }

    function test_WhenItIsTheSecondOfTheEnd_ItIsAsserted() public {
        _assert();
        _assertState(DropState.ASSERTED);
        vm.assertEq(_view().assertedAt, ENDS, "asserted at");
    }

    function test_WhenItIsTheLastSecond_ItIsAsserted() public {
        vm.warp(DELIVER_BY);
        _assert();
        _assertState(DropState.ASSERTED);
        vm.assertEq(_view().assertedAt, DELIVER_BY, "asserted at");
    }

    function test_WhenItIsOneSecondLater_ItRevertsWithBothTimes() public {
        vm.warp(DELIVER_BY + 1);
        _refused(
            mentor,
            call_,
            abi.encodeWithSelector(
                ISeatDrops.SeatDrops_TooLate.selector, drop, DELIVER_BY, DELIVER_BY + 1
            )
        );
    }

    function test_GivenItWasAsserted_ItRevertsWithTheState() public {
        _assert();
        _refused(
            mentor,
            call_,
            abi.encodeWithSelector(ISeatDrops.SeatDrops_NotLive.selector, drop, DropState.ASSERTED)
        );
    }

    function test_GivenThePostponement_ItIsAssertedInTheNewTimesAlone() public {
        vm.warp(NOW);
        vm.prank(mentor);
        seats.postpone(drop, STARTS + 30 days, ENDS + 30 days, DELIVER_BY + 30 days);
        vm.warp(DELIVER_BY);
        _refused(
            mentor,
            call_,
            abi.encodeWithSelector(
                ISeatDrops.SeatDrops_TooEarly.selector, drop, ENDS + 30 days, DELIVER_BY
            )
        );
        vm.warp(DELIVER_BY + 30 days);
        _assert();
        _assertState(DropState.ASSERTED);
    }

    function test_WhenTheMentorAsserts_ItPublishesTheEvidence() public {
        vm.expectEmit(address(seats));
        emit ISeatDelivery.DeliveryAsserted(drop, EVIDENCE);
        vm.expectEmit(address(seats));
        emit ISeatToken.BatchMetadataUpdate(
            DropId.unwrap(drop) * SEATS_PER_DROP, (DropId.unwrap(drop) + 1) * SEATS_PER_DROP - 1
        );
        vm.prank(mentor);
        seats.assertDelivery(drop, EVIDENCE);
    }

    function test_WhenTheMentorAsserts_ItMovesNoMoney() public {
        _assert();
        _assertOwed(PRICE);
        _assertReleased(0);
        vm.assertEq(_view().objected, 0, "O");
        vm.assertEq(_view().disputedAt, 0, "disputed at");
    }

    /// @dev C-68: it says nothing about who came, and takes nobody's objection away.
    function test_GivenNobodyWasCheckedIn_ItLetsEverybodyObject() public {
        SeatId other = _later();
        _assert();
        _object(_seat(1));
        _object(other);
        vm.assertEq(_view().objected, 2 * PRICE, "O");
    }

    function _later() private returns (SeatId) {
        vm.warp(NOW);
        return _mint(carol);
    }
}
