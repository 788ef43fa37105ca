// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatDelivery} from "../../../contracts/interfaces/ISeatDelivery.sol";
import {ISeatDrops} from "../../../contracts/interfaces/ISeatDrops.sol";
import {ISeatEscrow} from "../../../contracts/interfaces/ISeatEscrow.sol";
import {ISeatToken} from "../../../contracts/interfaces/ISeatToken.sol";
import {MAX_HELD} from "../../../contracts/types/HeldWord.sol";
import {SeatId} from "../../../contracts/types/SeatId.sol";
import {MintRequest} from "../../../contracts/types/Terms.sol";
import {TierView} from "../../../contracts/types/Views.sol";
import {DeployedSeats} from "../base/DeployedSeats.sol";
import {NOW, PRICE, Plan, TOLL} from "../base/Plans.sol";
import {Storage} from "../base/Storage.sol";
import {vm} from "../base/Vm.sol";
import {BlockingCoin, PlainCoin} from "../hostile/Currencies.sol";
import {
    BombingReceiver,
    BurningReceiver,
    ReenteringReceiver,
    RefusingReceiver
} from "../hostile/EtherReceivers.sol";
import {DeliveryTest} from "./DeliveryTest.sol";

/// @dev C-40, C-47, C-55, C-61 and C-85: what a refund leaves behind, and owners that make trouble
/// when they are paid.
contract RefundEffectsTest is DeliveryTest {
    uint256 private constant PAID = PRICE - PENALTY;
    uint256 private constant SUPPLY = 3;

    function _plan() internal view override returns (Plan memory plan) {
        plan = super._plan();
        plan.phases[0].supply = SUPPLY;
        plan.phases[0].walletLimit = SUPPLY + 1;
    }

    function test_WhenASeatIsRefunded_ItPublishesRefundAndBurn() public {
        SeatId seat = _later(_mint(bob));
        vm.expectEmit(address(seats));
        emit ISeatDelivery.SeatRefunded(seat, bob, PAID, PENALTY);
        vm.expectEmit(address(seats));
        emit DeployedSeats.Transfer(bob, address(0), SeatId.unwrap(seat));
        vm.prank(bob);
        seats.refund(seat);
    }

    function test_WhenASeatIsRefunded_ItExistsNoMore() public {
        SeatId seat = _later(_mint(bob));
        _refund(seat);
        vm.assertEq(seats.balanceOf(bob), 0, "balance");
        bytes memory unknown = _of(ISeatToken.SeatToken_Unknown.selector, seat);
        vm.expectRevert(unknown);
        seats.ownerOf(SeatId.unwrap(seat));
        vm.expectRevert(unknown);
        seats.seatOf(seat);
    }

    function test_WhenASeatIsRefunded_ItLeavesTheOthersAsTheyAre() public {
        SeatId other = _mint(carol);
        SeatId seat = _later(_mint(bob));
        _refund(seat);
        vm.assertEq(_ownerOf(other), carol, "owner");
        vm.assertEq(seats.heldOf(other), 0, "K");
        _assertOwed(PRICE);
    }

    function test_WhenASeatIsRefunded_ItGivesTheSupplyBackToTierAndPhase() public {
        _mintSeats(bob, SUPPLY);
        TierView memory before = _tier();
        _refund(_later(_seat(2)));
        TierView memory tier = _tier();
        vm.assertEq(tier.live, before.live - 1, "live");
        vm.assertEq(tier.issued, before.issued, "issued");
        vm.assertEq(tier.escrowed, before.escrowed - PRICE, "escrowed");
        vm.assertEq(_phase().sold, SUPPLY - 1, "sold");
    }

    /// @dev C-85: a new number, and nothing of the old seat.
    function test_WhenItsSupplyIsSoldAgain_ItHasANumberOfItsOwn() public {
        _mintSeats(bob, SUPPLY);
        _refund(_later(_seat(SUPPLY)));
        SeatId next = _mint(carol);
        vm.assertEq(SeatId.unwrap(next), SeatId.unwrap(_seat(SUPPLY + 1)), "seat");
        vm.assertEq(seats.heldOf(next), 0, "K");
        vm.assertEq(seats.seatOf(next).epoch, 0, "epoch");
    }

    /// @dev C-61: minting and refunding costs the penalty each time, and the wallet's count stays.
    function test_GivenMintAndRefundInTurn_ItNeverGivesTheWalletsCountBack() public {
        for (uint256 i; i <= SUPPLY; ++i) {
            SeatId seat = _later(_mint(alice));
            _refund(seat);
        }
        vm.assertEq(seats.mintedBy(drop, 0, alice), SUPPLY + 1, "minted");
        MintRequest memory request = _request(alice, 1);
        vm.prank(alice);
        vm.expectRevert(
            abi.encodeWithSelector(
                ISeatDrops.SeatDrops_WalletLimit.selector, alice, SUPPLY + 1, 1, SUPPLY + 1
            )
        );
        seats.mint{value: PRICE}(request, "");
        vm.assertEq(address(seats).balance, (SUPPLY + 1) * PENALTY, "what the game cost");
    }

    /// @dev A phase without a supply counts nothing, and gives nothing back.
    function test_GivenAPhaseWithoutSupply_ItLeavesItsCountAlone() public {
        Plan memory plan = super._plan();
        plan.phases[0].supply = 0;
        drop = _create(plan);
        SeatId seat = _later(_mint(bob));
        _refund(seat);
        vm.assertEq(_phase().sold, 0, "sold");
        vm.assertEq(_tier().live, 0, "live");
    }

    /// @dev C-55: the referrer is a field of an event; nobody is paid for a refunded seat.
    function test_GivenASelfReferral_ItGainsNothing() public {
        MintRequest memory request = _request(alice, 1);
        request.referrer = alice;
        uint256 before = alice.balance;
        vm.prank(alice);
        _refund(_later(seats.mint{value: PRICE}(request, "")));
        vm.assertEq(before - alice.balance, PENALTY, "cost");
        vm.assertEq(_creditOf(alice), 0, "credit");
    }

    /// @dev What waits is who burned it's, so that their loss stays theirs to claim.
    function test_GivenTollsWaited_ItKeepsThemTogetherWithThePenalty() public {
        SeatId seat = _mint(bob);
        vm.warp(NOW + 7 days);
        _give(seat, carol);
        _refund(_later(seat));
        vm.assertEq(seats.heldOf(seat), TOLL + PENALTY, "K");
    }

    /// @dev The smallest amount is remembered too: whose it is would be lost with the seat.
    function test_GivenASingleWeiWaits_ItIsClaimedForWhoBurnedTheSeat() public {
        Plan memory plan = super._plan();
        plan.terms.penalty = 0;
        drop = _create(plan);
        SeatId seat = _later(_mint(bob));
        Storage.setHeld(seats, seat, 1);
        vm.deal(address(seats), address(seats).balance + 1);
        _refund(seat);
        _cancel();
        seats.claim(seat);
        vm.assertEq(_creditOf(bob), 1, "credit");
    }

    /// @dev To the last wei that can be counted it works, and all of it is claimed.
    function test_GivenMoreWaitsThanCanBeCounted_ItRevertsWithTheAmounts() public {
        SeatId seat = _later(_mint(bob));
        Storage.setHeld(seats, seat, MAX_HELD - PENALTY + 1);
        _refused(
            bob,
            abi.encodeCall(ISeatDelivery.refund, (seat)),
            abi.encodeWithSelector(
                ISeatEscrow.SeatEscrow_HeldTooLarge.selector, seat, MAX_HELD - PENALTY + 1, PENALTY
            )
        );
        Storage.setHeld(seats, seat, MAX_HELD - PENALTY);
        vm.deal(address(seats), MAX_HELD + PRICE);
        _refund(seat);
        vm.assertEq(seats.heldOf(seat), MAX_HELD, "K");
        _cancel();
        seats.claim(seat);
        vm.assertEq(_creditOf(bob), MAX_HELD, "credit");
    }

    function test_WhenTheOwnerRefusesMoney_ItBecomesACredit() public {
        _assertCredited(address(new RefusingReceiver()));
    }

    function test_WhenTheOwnerBurnsGas_ItBecomesACreditAndCostsLittle() public {
        uint256 before = gasleft();
        _assertCredited(address(new BurningReceiver()));
        vm.assertLe(before - gasleft(), 500_000, "gas");
    }

    function test_WhenTheOwnerAnswersWithABomb_ItBecomesACredit() public {
        uint256 before = gasleft();
        _assertCredited(address(new BombingReceiver()));
        vm.assertLe(before - gasleft(), 500_000, "gas");
    }

    /// @dev C-40.
    function test_WhenTheOwnerReenters_ItFindsEveryGuardedDoorClosed() public {
        ReenteringReceiver owner = new ReenteringReceiver();
        SeatId kept = _mint(address(owner));
        _reenters(owner, abi.encodeCall(ISeatDelivery.refund, (kept)));
        _reenters(owner, abi.encodeCall(ISeatDelivery.claim, (kept)));
        _reenters(owner, abi.encodeCall(ISeatEscrow.withdraw, (address(0), address(owner), 1)));
        vm.assertEq(_ownerOf(kept), address(owner), "kept");
    }

    function test_GivenACurrency_ItPaysInIt() public {
        PlainCoin coin = new PlainCoin();
        _payIn(address(coin));
        SeatId seat = _later(_mintSeats(bob, 1));
        _refund(seat);
        vm.assertEq(coin.balanceOf(bob), PAID, "paid");
        vm.assertEq(coin.balanceOf(address(seats)), PENALTY, "balance");
        vm.assertEq(seats.heldOf(seat), PENALTY, "K");
        vm.assertEq(address(seats).balance, 0, "ether");
    }

    /// @dev C-47: the blocked holder's money waits, and nobody else notices.
    function test_GivenACurrencyThatBlocksTheOwner_ItBecomesACreditAndOthersArePaid() public {
        BlockingCoin coin = new BlockingCoin();
        _payIn(address(coin));
        _mintSeats(bob, 1);
        _later(_mintSeats(carol, 1));
        coin.setBlocked(bob, true);
        _refund(_seat(1));
        _refund(_seat(2));
        vm.assertEq(_creditOf(bob), PAID, "credit");
        vm.assertEq(coin.balanceOf(carol), PAID, "paid");
        vm.prank(bob);
        seats.withdraw(address(coin), alice, PAID);
        vm.assertEq(coin.balanceOf(alice), PAID, "withdrawn to another address");
    }

    function _later(SeatId seat) private returns (SeatId) {
        vm.warp(block.timestamp + 1);
        return seat;
    }

    function _assertCredited(address owner) private {
        SeatId seat = _later(_mint(owner));
        vm.expectEmit(address(seats));
        emit ISeatEscrow.Credited(owner, address(0), PAID);
        vm.prank(owner);
        seats.refund(seat);
        vm.assertEq(_creditOf(owner), PAID, "credit");
        vm.assertEq(address(seats).balance, PRICE, "everything is still here");
        vm.assertEq(seats.balanceOf(owner), 0, "burned");
    }

    function _reenters(ReenteringReceiver owner, bytes memory attempt) private {
        SeatId seat = _later(_mint(address(owner)));
        uint256 before = address(owner).balance;
        owner.prepare(address(seats), attempt, 0);
        vm.prank(address(owner));
        seats.refund(seat);
        vm.assertEq(owner.outcome(), bytes32(DeployedSeats.Reentrancy.selector), "the door");
        vm.assertEq(address(owner).balance - before, PAID, "paid once");
    }
}
