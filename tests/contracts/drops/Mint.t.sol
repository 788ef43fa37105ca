// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatDrops} from "../../../contracts/interfaces/ISeatDrops.sol";
import {ISeatToken} from "../../../contracts/interfaces/ISeatToken.sol";
import {DropId} from "../../../contracts/types/DropId.sol";
import {MAX_NUMBER, SeatId} from "../../../contracts/types/SeatId.sol";
import {DropState, MintRequest, TransferPolicy} from "../../../contracts/types/Terms.sol";
import {PhaseView, SeatView, TierView} from "../../../contracts/types/Views.sol";
import {DeployedSeats} from "../base/DeployedSeats.sol";
import {CAP, NOW, PRICE, Plan, Plans, TOLL} from "../base/Plans.sol";
import {SeatsTest} from "../base/SeatsTest.sol";
import {Storage} from "../base/Storage.sol";
import {vm} from "../base/Vm.sol";

contract MintTest is SeatsTest {
    using Plans for Plan;

    function test_GivenTheDropDoesNotExist_ItRevertsWithTheState() public {
        MintRequest memory request = _request(alice, 1);
        request.drop = DropId.wrap(2);
        _refused(
            request,
            PRICE,
            abi.encodeWithSelector(
                ISeatDrops.SeatDrops_NotLive.selector, DropId.wrap(2), DropState.NONE
            )
        );
    }

    function test_GivenTheDropIsNotLive_ItRevertsWithTheState() public {
        for (uint8 state = 2; state <= uint8(type(DropState).max); ++state) {
            Storage.setState(seats, drop, DropState(state));
            _refused(
                _request(alice, 1),
                PRICE,
                abi.encodeWithSelector(
                    ISeatDrops.SeatDrops_NotLive.selector, drop, DropState(state)
                )
            );
        }
    }

    function test_GivenTheDropIsPaused_ItRevertsUntilThatSecondIsOver() public {
        Storage.setPausedUntil(seats, drop, NOW + 100);
        vm.warp(NOW + 100);
        _refused(
            _request(alice, 1),
            PRICE,
            abi.encodeWithSelector(ISeatDrops.SeatDrops_Paused.selector, drop, NOW + 100)
        );
        vm.warp(NOW + 101);
        _mint(alice);
    }

    function test_WhenThePhaseDoesNotExist_ItRevertsWithThePhase() public {
        MintRequest memory request = _request(alice, 1);
        request.phase = 1;
        _refused(
            request,
            PRICE,
            abi.encodeWithSelector(ISeatDrops.SeatDrops_PhaseUnknown.selector, drop, 1)
        );
    }

    function test_WhenThePhaseHasNotOpened_ItRevertsWithItsWindow() public {
        Plan memory plan = _plan();
        plan.phases[0].opens = NOW + 1;
        drop = _create(plan);
        _refused(_request(alice, 1), PRICE, _closed(NOW + 1, NOW + 9 days, NOW));
        vm.warp(NOW + 1);
        _mint(alice);
    }

    function test_WhenThePhaseHasClosed_ItRevertsWithItsWindow() public {
        vm.warp(NOW + 9 days);
        _mint(alice);
        vm.warp(NOW + 9 days + 1);
        _refused(_request(alice, 1), PRICE, _closed(NOW, NOW + 9 days, NOW + 9 days + 1));
    }

    function test_WhenNoSeatIsAskedFor_ItReverts() public {
        _refused(
            _request(alice, 0),
            0,
            abi.encodeWithSelector(ISeatDrops.SeatDrops_EmptyMint.selector, 0, alice)
        );
    }

    function test_WhenTheRecipientIsNobodyOrTheMarket_ItReverts() public {
        address[2] memory nobody = [address(0), address(seats)];
        for (uint256 i; i < nobody.length; ++i) {
            _refused(
                _request(nobody[i], 1),
                PRICE,
                abi.encodeWithSelector(ISeatDrops.SeatDrops_EmptyMint.selector, 1, nobody[i])
            );
        }
    }

    function test_WhenMoreIsAskedForThanTheCapLeaves_ItRevertsWithWhatIsLeft() public {
        _mintMany(28);
        _refused(_request(alice, 5), 5 * PRICE, _soldOut(0, 5, 2));
        _mintMany(2);
        _refused(_request(alice, 1), PRICE, _soldOut(0, 1, 0));
    }

    function test_WhenTheQuantityIsTheLargestNumber_ItRevertsWithWhatIsLeft() public {
        MintRequest memory request = _request(alice, 1);
        request.quantity = type(uint256).max;
        _refused(request, PRICE, _soldOut(0, type(uint256).max, CAP));
    }

    function test_WhenThePhaseHasASupply_ItCountsWhatItSells() public {
        _createWithSupply(3);
        _mintMany(2);
        (,, PhaseView[] memory phases) = seats.termsOf(drop);
        vm.assertEq(phases[0].sold, 2, "sold");
        _refused(_request(alice, 2), 2 * PRICE, _soldOut(0, 2, 1));
    }

    function test_GivenTheNumbersOfTheTierAreUsedUp_ItRevertsWithWhatIsLeft() public {
        Storage.setIssued(seats, drop, MAX_NUMBER - 1, 0);
        _refused(_request(alice, 2), 2 * PRICE, _soldOut(0, 2, 1));
        SeatId last = _mint(alice);
        vm.assertEq(SeatId.unwrap(last), 1_099_999, "the tier's last id");
        _refused(_request(alice, 1), PRICE, _soldOut(0, 1, 0));
    }

    /// @dev Counts never fall: minting and refunding cannot pass the limit by turns.
    function test_GivenASeatWasGivenBack_ItStillCountsForTheWallet() public {
        _createWithLimits();
        _mintMany(3);
        _giveBack(_seat(1));
        vm.assertEq(seats.mintedBy(drop, 0, alice), 3, "minted");
        _refused(
            _request(alice, 1),
            PRICE,
            abi.encodeWithSelector(ISeatDrops.SeatDrops_WalletLimit.selector, alice, 3, 1, 3)
        );
    }

    function test_GivenASeatWasGivenBack_ItSellsItUnderANewNumber() public {
        _createWithSupply(3);
        _mintMany(3);
        _giveBack(_seat(2));
        (,, PhaseView[] memory phases) = seats.termsOf(drop);
        vm.assertEq(phases[0].sold, 2, "sold");
        _refused(_request(alice, 2), 2 * PRICE, _soldOut(0, 2, 1));
        vm.assertTrue(_mint(bob) == _seat(4), "number");
        vm.assertEq(seats.escrowOf(drop), 3 * PRICE, "escrow");
    }

    function test_WhenThePaymentIsOneWeiOff_ItRevertsWithBothAmounts() public {
        _refused(_request(alice, 2), 2 * PRICE - 1, _wrongPayment(2 * PRICE, 2 * PRICE - 1));
        _refused(_request(alice, 2), 2 * PRICE + 1, _wrongPayment(2 * PRICE, 2 * PRICE + 1));
    }

    function test_WhenTheTotalIsAboveTheCallersMaximum_ItRevertsWithBoth() public {
        MintRequest memory request = _request(alice, 2);
        request.maxTotal = 2 * PRICE - 1;
        _refused(
            request,
            2 * PRICE,
            abi.encodeWithSelector(
                ISeatDrops.SeatDrops_AboveMaxTotal.selector, 2 * PRICE, 2 * PRICE - 1
            )
        );
    }

    function test_WhenTheWalletLimitIsPassed_ItRevertsWithTheCounts() public {
        _createWithLimits();
        _mintMany(2);
        _refused(
            _request(bob, 2),
            2 * PRICE,
            abi.encodeWithSelector(ISeatDrops.SeatDrops_WalletLimit.selector, alice, 2, 2, 3)
        );
        _mintMany(1);
        vm.assertEq(seats.mintedBy(drop, 0, alice), 3, "minted by alice");
    }

    function test_WhenTheWalletLimitIsPassed_ItStillLetsOthersMint() public {
        _createWithLimits();
        _mintMany(3);
        vm.prank(bob);
        seats.mint{value: 3 * PRICE}(_request(alice, 3), "");
        vm.assertEq(seats.mintedBy(drop, 0, bob), 3, "minted by bob");
    }

    function test_GivenAnotherPhaseWithALimit_ItIsCountedByItself() public {
        _createWithLimits();
        _mintMany(3);
        MintRequest memory request = _request(alice, 2);
        request.phase = 1;
        vm.prank(alice);
        seats.mint{value: 2 * PRICE}(request, "");
        vm.assertEq(seats.mintedBy(drop, 0, alice), 3, "first phase");
        vm.assertEq(seats.mintedBy(drop, 1, alice), 2, "second phase");
        vm.assertEq(seats.mintedBy(drop, 16, alice), 0, "no such phase");
    }

    function test_WhenThePaymentMatches_ItGivesTheSeatsToTheRecipient() public {
        vm.prank(alice);
        SeatId first = seats.mint{value: 3 * PRICE}(_request(bob, 3), "");
        vm.assertEq(SeatId.unwrap(first), 1_000_001, "first id");
        vm.assertEq(seats.balanceOf(bob), 3, "balance");
        for (uint256 number = 1; number <= 3; ++number) {
            vm.assertEq(_ownerOf(_seat(number)), bob, "owner");
        }
    }

    function test_WhenThePaymentMatches_ItPutsTheFaceInEscrow() public {
        _mintMany(3);
        vm.assertEq(seats.escrowOf(drop), 3 * PRICE, "escrow");
        vm.assertEq(address(seats).balance, 3 * PRICE, "balance");
        (, TierView[] memory tiers,) = seats.termsOf(drop);
        vm.assertEq(abi.encode(tiers[0]), abi.encode(TierView(PRICE, CAP, 3, 3, 3 * PRICE)), "tier");
    }

    function test_WhenThePaymentMatches_ItNotesPhaseAndTime() public {
        Plan memory plan = _plan().withPhases(2);
        plan.phases[1].price = PRICE / 2;
        drop = _create(plan);
        vm.warp(NOW + 5);
        MintRequest memory request = _request(alice, 1);
        request.phase = 1;
        vm.prank(alice);
        SeatView memory seat = seats.seatOf(seats.mint{value: PRICE / 2}(request, ""));
        SeatView memory expected = SeatView({
            owner: alice,
            drop: drop,
            tier: 0,
            number: 1,
            phase: 1,
            epoch: 0,
            movedAt: NOW + 5,
            movableFrom: NOW + 5 + 7 days,
            face: PRICE / 2,
            toll: TOLL,
            held: 0,
            locked: false,
            checkedIn: false,
            granted: false,
            objected: false,
            claimed: false
        });
        vm.assertEq(abi.encode(seat), abi.encode(expected), "seat");
    }

    function test_WhenThePaymentMatches_ItPublishesEachSeatAndTheMint() public {
        MintRequest memory request = _request(bob, 2);
        request.referrer = carol;
        vm.expectEmit(address(seats));
        emit ISeatDrops.SeatsMinted(_seat(1), 0, 2, alice, carol);
        vm.expectEmit(address(seats));
        emit DeployedSeats.Transfer(address(0), bob, 1_000_001);
        vm.expectEmit(address(seats));
        emit DeployedSeats.Transfer(address(0), bob, 1_000_002);
        vm.prank(alice);
        seats.mint{value: 2 * PRICE}(request, "");
    }

    function test_WhenThePriceIsZero_ItMintsForNothing() public {
        Plan memory plan = _plan();
        plan.phases[0].price = 0;
        drop = _create(plan);
        vm.prank(alice);
        SeatId seat = seats.mint(_request(alice, 1), "");
        vm.assertEq(seats.seatOf(seat).face, 0, "face");
        vm.assertEq(seats.escrowOf(drop), 0, "escrow");
    }

    function test_WhenPriceAndCapAreTheLargest_ItCountsEveryWei() public {
        Plan memory plan = _plan();
        plan.tiers[0].listPrice = type(uint80).max;
        plan.tiers[0].cap = MAX_NUMBER;
        plan.phases[0].price = type(uint80).max;
        drop = _create(plan);
        uint256 total = 50 * uint256(type(uint80).max);
        vm.deal(alice, total);
        MintRequest memory request = _request(alice, 50);
        request.maxTotal = total;
        vm.prank(alice);
        seats.mint{value: total}(request, "");
        (, TierView[] memory tiers,) = seats.termsOf(drop);
        TierView memory expected = TierView(type(uint80).max, MAX_NUMBER, 50, 50, total);
        vm.assertEq(abi.encode(tiers[0]), abi.encode(expected), "tier");
    }

    function test_WhenTheTierIsTheLast_ItNumbersItsSeatsByThemselves() public {
        Plan memory plan = _plan().withTiers(10).withPhases(2);
        plan.phases[1].tier = 9;
        drop = _create(plan);
        _mint(alice);
        MintRequest memory request = _request(alice, 1);
        request.phase = 1;
        vm.prank(alice);
        SeatId seat = seats.mint{value: PRICE}(request, "");
        vm.assertEq(SeatId.unwrap(seat), 2_900_001, "id");
        vm.assertEq(seats.seatOf(seat).tier, 9, "tier");
    }

    function test_GivenTheSeatsAreBound_ItPublishesThatTheyAreLocked() public {
        Plan memory plan = _plan();
        plan.terms.policy = TransferPolicy.BOUND;
        drop = _create(plan);
        vm.expectEmit(address(seats));
        emit ISeatToken.Locked(2_000_001);
        vm.expectEmit(address(seats));
        emit ISeatToken.Locked(2_000_002);
        _mintMany(2);
        vm.assertTrue(seats.locked(2_000_001), "locked");
    }

    function testFuzz_WhenTheQuantityIsAny_ItSellsExactlyWhatIsLeft(uint8 sold, uint8 wanted)
        public
    {
        uint256 before = sold % (CAP + 1);
        uint256 quantity = uint256(wanted) + 1;
        if (before != 0) _mintMany(before);
        vm.deal(alice, quantity * PRICE);
        vm.prank(alice);
        (bool accepted,) = address(seats).call{value: quantity * PRICE}(
            abi.encodeCall(ISeatDrops.mint, (_request(alice, quantity), ""))
        );
        vm.assertEq(accepted, before + quantity <= CAP, "accepted");
        vm.assertEq(seats.balanceOf(alice), before + (accepted ? quantity : 0), "balance");
        vm.assertEq(address(seats).balance, seats.escrowOf(drop), "escrow");
    }

    function _mintMany(uint256 quantity) private {
        vm.prank(alice);
        seats.mint{value: quantity * PRICE}(_request(alice, quantity), "");
    }

    function _giveBack(SeatId seat) private {
        vm.warp(block.timestamp + 1);
        vm.prank(alice);
        seats.refund(seat);
    }

    function _createWithSupply(uint256 supply) private {
        Plan memory plan = _plan();
        plan.phases[0].supply = supply;
        drop = _create(plan);
    }

    /// @dev Two phases, each with three seats a wallet.
    function _createWithLimits() private {
        Plan memory plan = _plan().withPhases(2);
        plan.phases[0].walletLimit = 3;
        plan.phases[1].walletLimit = 3;
        drop = _create(plan);
    }

    function _refused(MintRequest memory request, uint256 payment, bytes memory expected) private {
        vm.prank(alice);
        vm.expectRevert(expected);
        seats.mint{value: payment}(request, "");
    }

    function _soldOut(uint256 phase, uint256 wanted, uint256 left)
        private
        view
        returns (bytes memory)
    {
        return abi.encodeWithSelector(
            ISeatDrops.SeatDrops_SoldOut.selector, drop, phase, wanted, left
        );
    }

    function _closed(uint256 opens, uint256 closes, uint256 time)
        private
        pure
        returns (bytes memory)
    {
        return
            abi.encodeWithSelector(ISeatDrops.SeatDrops_PhaseClosed.selector, opens, closes, time);
    }

    function _wrongPayment(uint256 total, uint256 paid) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ISeatDrops.SeatDrops_WrongPayment.selector, total, paid);
    }
}
