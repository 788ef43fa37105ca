// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatDrops} from "../../../contracts/interfaces/ISeatDrops.sol";
import {DropId} from "../../../contracts/types/DropId.sol";
import {SeatId, toSeatId} from "../../../contracts/types/SeatId.sol";
import {DropState, Gate, Listing, MintRequest} from "../../../contracts/types/Terms.sol";
import {NOW, PRICE, Plan, Plans} from "../base/Plans.sol";
import {SeatsTest} from "../base/SeatsTest.sol";
import {Storage} from "../base/Storage.sol";
import {vm} from "../base/Vm.sol";

/// @dev C-92. `key` is a seat of `first`, which starts on day 10 and refunds until day 20; phases 0
/// and 1 of `drop` are for holders of such seats, two seats a wallet, from the beginning.
contract MintSeatGateTest is SeatsTest {
    using Plans for Plan;

    uint256 private constant OPEN = NOW + 20 days + 1;

    DropId private first;
    SeatId private key;

    function setUp() public override {
        super.setUp();
        first = drop;
        key = _mint(alice);
        drop = _createBehind(first);
        vm.warp(OPEN);
    }

    function test_GivenTheSeatCanNoLongerBeRefunded_ItMintsForAnyRecipient() public {
        SeatId seat = _use(alice, key, 0);
        vm.assertEq(_ownerOf(seat), resolver, "owner of the new seat");
        vm.assertEq(_ownerOf(key), alice, "owner of the old seat");
        vm.assertEq(seats.mintedBy(drop, 0, alice), 1, "minted by the caller");
    }

    function test_GivenTheSeatCanNoLongerBeRefunded_ItPublishesItsUse() public {
        vm.expectEmit(address(seats));
        emit ISeatDrops.SeatUsed(drop, key, 1);
        _use(alice, key, 1);
    }

    function test_GivenTheSeatCanNoLongerBeRefunded_ItSpendsItForThatPhaseAlone() public {
        SeatId other = _grantedKey(alice);
        _use(alice, key, 1);
        vm.assertTrue(seats.isSeatSpent(drop, 1, key), "spent");
        vm.assertFalse(seats.isSeatSpent(drop, 0, key), "the other phase");
        vm.assertFalse(seats.isSeatSpent(drop, 1, other), "the other seat");
        vm.assertFalse(seats.isSeatSpent(first, 1, key), "the other drop");
        _use(alice, key, 0);
        vm.assertTrue(seats.isSeatSpent(drop, 0, key), "both phases");
    }

    function test_GivenTheSeatCanStillBeRefunded_ItRevertsWithTheFirstSecond() public {
        vm.warp(OPEN - 1);
        _refused(alice, key, _refundable(key, OPEN));
        vm.warp(OPEN);
        _use(alice, key, 0);
    }

    function test_GivenItsDropHasNotStarted_ItRevertsWithTheFirstSecond() public {
        uint256[2] memory windows = [uint256(0), NOW + 21 days];
        for (uint256 i; i < windows.length; ++i) {
            vm.warp(NOW);
            Plan memory plan = _plan();
            (plan.terms.startsAt, plan.terms.refundUntil) = (NOW + 22 days, windows[i]);
            DropId late = _create(plan);
            drop = _createBehind(late);
            SeatId seat = _mintIn(late, alice);
            vm.warp(NOW + 22 days - 1);
            _refused(alice, seat, _refundable(seat, NOW + 22 days));
            vm.warp(NOW + 22 days);
            _use(alice, seat, 0);
        }
    }

    function test_GivenItsDropWasPostponed_ItWaitsForTheNewWindow() public {
        vm.warp(NOW);
        vm.prank(mentor);
        seats.postpone(first, NOW + 12 days, NOW + 38 days, NOW + 45 days);
        vm.warp(OPEN);
        _refused(alice, key, _refundable(key, OPEN + 2 days));
        vm.warp(OPEN + 2 days);
        _use(alice, key, 0);
    }

    function test_WhenItIsUsedTwice_ItRevertsWithSeatAndPhase() public {
        _use(alice, key, 0);
        _refused(alice, key, _spent(key, 0));
    }

    function test_WhenItWasSoldAfterItsUse_ItOpensNothingForTheBuyer() public {
        _use(alice, key, 0);
        _sell(key);
        _refused(bob, key, _spent(key, 0));
        _use(bob, key, 1);
    }

    function test_WhenItWasSoldBeforeItsUse_ItOpensForTheBuyerAlone() public {
        _sell(key);
        _refused(alice, key, _notYours(key, bob, alice));
        _use(bob, key, 0);
    }

    function test_WhenItIsNotTheCallers_ItRevertsWithItsOwner() public {
        _refused(bob, key, _notYours(key, alice, bob));
    }

    function test_WhenOnlyTheRecipientOwnsIt_ItRevertsWithItsOwner() public {
        MintRequest memory request = _requestIn(0);
        request.recipient = alice;
        _refusedAt(bob, request, abi.encode(key), _notYours(key, alice, bob));
    }

    function test_WhenItDoesNotExist_ItRevertsWithNobody() public {
        SeatId none = toSeatId(first, 0, 2);
        _refused(alice, none, _notYours(none, address(0), alice));
        none = toSeatId(first, 9, 99_999);
        _refused(alice, none, _notYours(none, address(0), alice));
    }

    function test_GivenItWasRefunded_ItRevertsWithNobody() public {
        vm.warp(NOW + 1);
        vm.prank(alice);
        seats.refund(key);
        vm.warp(OPEN);
        _refused(alice, key, _notYours(key, address(0), alice));
    }

    function test_WhenItIsOfAnotherDrop_ItRevertsWithTheWantedOne() public {
        vm.warp(NOW);
        SeatId other = _mintIn(_create(_plan()), alice);
        vm.warp(OPEN);
        _refused(alice, other, _another(other));
        SeatId lost = SeatId.wrap(type(uint256).max);
        _refused(alice, lost, _another(lost));
        _refused(alice, SeatId.wrap(0), _another(SeatId.wrap(0)));
    }

    function test_GivenItsDropWasCancelledOrFailed_ItRevertsWithTheState() public {
        DropState[2] memory over = [DropState.CANCELLED, DropState.FAILED];
        for (uint256 i; i < over.length; ++i) {
            Storage.setState(seats, first, over[i]);
            _refused(
                alice,
                key,
                abi.encodeWithSelector(ISeatDrops.SeatDrops_SeatVoid.selector, key, over[i])
            );
        }
    }

    function test_GivenItWasPaidOut_ItRevertsWithTheState() public {
        vm.prank(mentor);
        seats.cancelDrop(first);
        seats.claim(key);
        Storage.setState(seats, first, DropState.SPLIT_WIDE);
        _refused(
            alice,
            key,
            abi.encodeWithSelector(
                ISeatDrops.SeatDrops_SeatVoid.selector, key, DropState.SPLIT_WIDE
            )
        );
    }

    function test_GivenItsDropIsInAnyOtherState_ItOpensThePhase() public {
        for (uint8 state = uint8(DropState.LIVE); state < uint8(DropState.CANCELLED); ++state) {
            drop = _createBehind(first);
            Storage.setState(seats, first, DropState(state));
            _use(alice, key, 0);
        }
    }

    function test_GivenItWasGranted_ItOpensThePhase() public {
        SeatId granted = _grantedKey(carol);
        _use(carol, granted, 0);
    }

    function test_WhenMoreThanOneSeatIsAskedFor_ItRevertsWithTheQuantity() public {
        MintRequest memory request = _requestIn(0);
        (request.quantity, request.maxTotal) = (2, 2 * PRICE);
        _refusedAt(
            alice,
            request,
            abi.encode(key),
            abi.encodeWithSelector(ISeatDrops.SeatDrops_OneForOne.selector, 2)
        );
    }

    function test_WhenItIsNotExactlyOneWord_ItRevertsWithItsLength() public {
        _malformed("");
        _malformed(hex"0f4241");
        _malformed(abi.encodePacked(uint248(SeatId.unwrap(key))));
        _malformed(abi.encodePacked(key, uint8(0)));
        _malformed(abi.encode(key, key));
    }

    function test_WhenTheWalletLimitIsPassed_ItRevertsAndSpendsNothing() public {
        SeatId second = _grantedKey(alice);
        SeatId third = _grantedKey(alice);
        _use(alice, key, 0);
        _use(alice, second, 0);
        _refused(
            alice,
            third,
            abi.encodeWithSelector(ISeatDrops.SeatDrops_WalletLimit.selector, alice, 2, 1, 2)
        );
        vm.assertFalse(seats.isSeatSpent(drop, 0, third), "spent");
    }

    function _createBehind(DropId other) private returns (DropId) {
        Plan memory plan = _plan().withPhases(2);
        plan.terms.startsAt = NOW + 37 days;
        for (uint256 i; i < 2; ++i) {
            plan.phases[i].gate = Gate.SEAT;
            plan.phases[i].gateData = bytes32(DropId.unwrap(other));
            plan.phases[i].closes = NOW + 36 days;
            plan.phases[i].walletLimit = 2;
        }
        return _createAtStart(plan);
    }

    /// @dev Drops are created on day 0, whatever the time of the test.
    function _createAtStart(Plan memory plan) private returns (DropId created) {
        uint256 time = block.timestamp;
        vm.warp(NOW);
        created = _create(plan);
        vm.warp(time);
    }

    function _grantedKey(address to) private returns (SeatId) {
        vm.prank(mentor);
        return seats.grant(first, 0, to, 1);
    }

    function _sell(SeatId seat) private {
        Listing memory listing = _listing(seat, PRICE);
        _buy(bob, listing, _sign("alice", listing));
    }

    function _requestIn(uint256 phase) private view returns (MintRequest memory) {
        return MintRequest(drop, phase, resolver, 1, PRICE, address(0));
    }

    function _use(address caller, SeatId seat, uint256 phase) private returns (SeatId) {
        vm.prank(caller);
        return seats.mint{value: PRICE}(_requestIn(phase), abi.encode(seat));
    }

    function _refused(address caller, SeatId seat, bytes memory expected) private {
        _refusedAt(caller, _requestIn(0), abi.encode(seat), expected);
    }

    function _malformed(bytes memory authorisation) private {
        _refusedAt(
            alice,
            _requestIn(0),
            authorisation,
            abi.encodeWithSelector(
                ISeatDrops.SeatDrops_AuthorisationMalformed.selector,
                Gate.SEAT,
                authorisation.length
            )
        );
    }

    function _refusedAt(
        address caller,
        MintRequest memory request,
        bytes memory authorisation,
        bytes memory expected
    ) private {
        vm.prank(caller);
        vm.expectRevert(expected);
        seats.mint{value: request.maxTotal}(request, authorisation);
    }

    function _refundable(SeatId seat, uint256 from) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ISeatDrops.SeatDrops_SeatRefundable.selector, seat, from);
    }

    function _spent(SeatId seat, uint256 phase) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ISeatDrops.SeatDrops_SeatSpent.selector, seat, phase);
    }

    function _another(SeatId seat) private view returns (bytes memory) {
        return abi.encodeWithSelector(ISeatDrops.SeatDrops_SeatOfAnotherDrop.selector, seat, first);
    }

    function _notYours(SeatId seat, address owner, address caller)
        private
        pure
        returns (bytes memory)
    {
        return
            abi.encodeWithSelector(ISeatDrops.SeatDrops_SeatNotYours.selector, seat, owner, caller);
    }
}
