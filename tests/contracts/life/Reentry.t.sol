// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatDelivery} from "../../../contracts/interfaces/ISeatDelivery.sol";
import {ISeatDrops} from "../../../contracts/interfaces/ISeatDrops.sol";
import {ISeatEscrow} from "../../../contracts/interfaces/ISeatEscrow.sol";
import {ISeatMarket} from "../../../contracts/interfaces/ISeatMarket.sol";
import {ISeatToken} from "../../../contracts/interfaces/ISeatToken.sol";
import {SeatId} from "../../../contracts/types/SeatId.sol";
import {Listing} from "../../../contracts/types/Terms.sol";
import {DeployedSeats} from "../base/DeployedSeats.sol";
import {NOW, PRICE, TOLL} from "../base/Plans.sol";
import {vm} from "../base/Vm.sol";
import {DeliveryTest} from "../delivery/DeliveryTest.sol";
import {ReenteringReceiver} from "../hostile/EtherReceivers.sol";

/// @dev C-40: a holder that makes a call of its own at the moment it is paid. Doors that move money
/// or seats are guarded; the others find everything done already and change nothing that counts.
contract ReentryTest is DeliveryTest {
    uint256 private constant FEW = 12;

    ReenteringReceiver private holder;

    function setUp() public override {
        super.setUp();
        holder = new ReenteringReceiver();
        vm.deal(address(holder), 1 ether);
        _mintSeats(address(holder), FEW);
        _mint(carol);
        vm.warp(NOW + 7 days);
    }

    function test_WhenItIsRefunded_ItFindsEveryGuardedDoorClosed() public {
        for (uint256 i; i < _doors(); ++i) {
            _prepare(i);
            _actsAsHolder(abi.encodeCall(ISeatDelivery.refund, (_seat(i + 1))));
            _assertClosed(i);
        }
        _assertOwed((FEW + 1 - _doors()) * PRICE);
        vm.assertEq(
            address(holder).balance, 1 ether + _doors() * (PRICE - PENALTY), "each paid once"
        );
    }

    function test_WhenItClaims_ItFindsEveryGuardedDoorClosed() public {
        _cancel();
        for (uint256 i; i < _doors(); ++i) {
            _prepare(i);
            _actsAsHolder(abi.encodeCall(ISeatDelivery.claim, (_seat(i + 1))));
            _assertClosed(i);
        }
        _assertOwed((FEW + 1 - _doors()) * PRICE);
        vm.assertEq(address(holder).balance, 1 ether + _doors() * PRICE, "each paid once");
    }

    /// @dev A withdrawal leaves all gas to its recipient.
    function test_WhenItWithdraws_ItFindsEveryGuardedDoorClosed() public {
        _cancel();
        for (uint256 i; i < _doors(); ++i) {
            seats.claim(_seat(i + 1));
            _prepare(i);
            _actsAsHolder(
                abi.encodeCall(ISeatEscrow.withdraw, (address(0), address(holder), PRICE))
            );
            _assertClosed(i);
        }
        vm.assertEq(_creditOf(address(holder)), 0, "credit");
        vm.assertEq(address(holder).balance, 1 ether + _doors() * PRICE, "each paid once");
        vm.assertEq(address(seats).balance, (FEW + 1 - _doors()) * PRICE, "balance");
    }

    /// @dev The seat is burned before its holder is paid.
    function test_WhenItObjectsWhileItIsRefunded_ItHasNoSeatAnyMore() public {
        _reenterRefund(
            abi.encodeCall(ISeatDelivery.objectTo, (_seat(1))),
            ISeatToken.SeatToken_Unknown.selector
        );
    }

    function test_WhenItChecksInWhileItIsRefunded_ItHasNoSeatAnyMore() public {
        _reenterRefund(
            abi.encodeCall(ISeatDelivery.checkIn, (_seat(1), type(uint256).max, "", "")),
            ISeatToken.SeatToken_Unknown.selector
        );
    }

    function test_WhenItListsWhileItIsRefunded_ItHasNoSeatAnyMore() public {
        Listing memory listing = _listing(_seat(1), PRICE);
        _reenterRefund(
            abi.encodeCall(ISeatMarket.list, (listing)), ISeatToken.SeatToken_Unknown.selector
        );
    }

    function test_WhenItCollectsWhileItClaims_ItFindsTheWrongState() public {
        _cancel();
        holder.prepare(address(seats), abi.encodeCall(ISeatDelivery.collect, (_seat(1))), 0);
        _actsAsHolder(abi.encodeCall(ISeatDelivery.claim, (_seat(1))));
        _assertOutcome(ISeatDelivery.SeatDelivery_WrongState.selector);
    }

    /// @dev Settling is anybody's, at any moment: it is as good inside a withdrawal as after it.
    function test_WhenItSettlesWhileItWithdraws_ItPaysTheMentorOnce() public {
        SeatId elsewhere = _mintIn(_create(_plan()), address(holder));
        vm.prank(mentor);
        seats.cancelDrop(elsewhere.dropOf());
        seats.claim(elsewhere);
        _assert();
        vm.warp(ENDS + CHALLENGE + 1);
        holder.prepare(address(seats), abi.encodeCall(ISeatDelivery.settle, (drop)), 0);
        _actsAsHolder(abi.encodeCall(ISeatEscrow.withdraw, (address(0), address(holder), PRICE)));
        vm.assertEq(holder.outcome(), holder.ACCEPTED(), "settled");
        _assertReleased((FEW + 1) * PRICE);
        _assertOwed(0);
        vm.assertEq(address(seats).balance, (FEW + 1) * PRICE, "balance");
    }

    function _doors() private pure returns (uint256) {
        return 8;
    }

    /// @dev What the holder tries when it is paid; its last seats are never paid out themselves.
    function _prepare(uint256 door) private {
        SeatId kept = _seat(FEW);
        bytes memory attempt;
        uint256 payment;
        if (door == 0) attempt = abi.encodeCall(ISeatDelivery.refund, (kept));
        if (door == 1) attempt = abi.encodeCall(ISeatDelivery.claim, (kept));
        if (door == 2) {
            attempt = abi.encodeCall(ISeatEscrow.withdraw, (address(0), address(holder), 1));
        }
        if (door == 3) {
            attempt = abi.encodeCall(ISeatDrops.mint, (_request(address(holder), 1), ""));
            payment = PRICE;
        }
        if (door == 4) {
            Listing memory listing = _listing(_seat(FEW + 1), PRICE);
            attempt = abi.encodeCall(ISeatMarket.buy, (listing, _sign("carol", listing)));
            payment = PRICE;
        }
        if (door == 5) {
            attempt = abi.encodeWithSignature(
                "transferFrom(address,address,uint256)", holder, bob, SeatId.unwrap(kept)
            );
            payment = TOLL;
        }
        // The very seat that is being paid.
        if (door == 6) attempt = abi.encodeCall(ISeatDelivery.claim, (_seat(door + 1)));
        if (door == 7) attempt = abi.encodeCall(ISeatDelivery.refund, (_seat(door + 1)));
        holder.prepare(address(seats), attempt, payment);
    }

    function _reenterRefund(bytes memory attempt, bytes4 refusal) private {
        holder.prepare(address(seats), attempt, 0);
        _actsAsHolder(abi.encodeCall(ISeatDelivery.refund, (_seat(1))));
        _assertOutcome(refusal);
        vm.assertEq(address(holder).balance, 1 ether + PRICE - PENALTY, "paid once");
    }

    function _actsAsHolder(bytes memory call_) private {
        holder.act(address(seats), call_, 0);
    }

    function _assertClosed(uint256 door) private view {
        vm.assertEq(
            holder.outcome(),
            bytes32(DeployedSeats.Reentrancy.selector),
            string(abi.encodePacked("door ", uint8(48 + door)))
        );
        vm.assertEq(_ownerOf(_seat(FEW)), address(holder), "kept");
    }

    function _assertOutcome(bytes4 refusal) private view {
        vm.assertEq(bytes32(bytes4(holder.outcome())), bytes32(refusal), "outcome");
    }
}
