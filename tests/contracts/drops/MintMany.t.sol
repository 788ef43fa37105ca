// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatDrops} from "../../../contracts/interfaces/ISeatDrops.sol";
import {ISeatEscrow} from "../../../contracts/interfaces/ISeatEscrow.sol";
import {DropId} from "../../../contracts/types/DropId.sol";
import {SeatId, toSeatId} from "../../../contracts/types/SeatId.sol";
import {DropState, Gate, MintRequest} from "../../../contracts/types/Terms.sol";
import {DeployedSeats} from "../base/DeployedSeats.sol";
import {CAP, NOW, PRICE, Plan, Plans} from "../base/Plans.sol";
import {SeatsTest} from "../base/SeatsTest.sol";
import {Storage} from "../base/Storage.sol";
import {Pass, TypedData} from "../base/TypedData.sol";
import {vm} from "../base/Vm.sol";
import {CallbackCoin, CalledBackHolder, Coin, PlainCoin} from "../hostile/Currencies.sol";

/// @dev Drop 1 and `other` are in ETH, `coined` and `coinedToo` in one currency each.
contract MintManyTest is SeatsTest {
    using Plans for Plan;
    using TypedData for Pass;

    DropId private other;
    DropId private coined;
    DropId private coinedToo;
    address private coin;
    address private coinToo;

    function setUp() public override {
        super.setUp();
        Plan memory plan = _plan();
        plan.phases[0].price = PRICE / 2;
        other = _create(plan);
        (coin, coinToo) = (address(new PlainCoin()), address(new PlainCoin()));
        (coined, coinedToo) = (_createIn(coin), _createIn(coinToo));
        _fund(coin, alice, 10 * PRICE);
        _fund(coinToo, alice, 10 * PRICE);
    }

    function test_WhenDropsAreSeveral_ItMintsInEachOfThem() public {
        SeatId[] memory first = _minted(_inEther(), 2 * PRICE + PRICE / 2);
        vm.assertEq(first.length, 2, "answers");
        vm.assertTrue(first[0] == toSeatId(drop, 0, 1), "first id of the first mint");
        vm.assertTrue(first[1] == toSeatId(other, 0, 1), "first id of the second mint");
        vm.assertEq(seats.balanceOf(alice), 2, "alice");
        vm.assertEq(_ownerOf(toSeatId(other, 0, 1)), bob, "bob");
        vm.assertEq(seats.escrowOf(drop), 2 * PRICE, "escrow of the first drop");
        vm.assertEq(seats.escrowOf(other), PRICE / 2, "escrow of the second drop");
    }

    function test_WhenDropsAreSeveral_ItPublishesOrdinaryMints() public {
        vm.expectEmit(address(seats));
        emit ISeatDrops.SeatsMinted(toSeatId(drop, 0, 1), 0, 2, alice, address(0));
        vm.expectEmit(address(seats));
        emit ISeatDrops.SeatsMinted(toSeatId(other, 0, 1), 0, 1, alice, carol);
        _minted(_inEther(), 2 * PRICE + PRICE / 2);
    }

    function test_WhenTheSumIsOneWeiOff_ItRevertsWithBothAmounts() public {
        uint256 total = 2 * PRICE + PRICE / 2;
        _refused(_inEther(), total - 1, _wrongPayment(total, total - 1));
        _refused(_inEther(), total + 1, _wrongPayment(total, total + 1));
    }

    /// @dev C-49: what was sent pays once.
    function test_WhenOnePaymentIsMeantForTwo_ItRevertsWithTheSum() public {
        MintRequest[] memory requests = new MintRequest[](2);
        requests[0] = requests[1] = _requestFor(drop, PRICE);
        _refused(requests, PRICE, _wrongPayment(2 * PRICE, PRICE));
        // Money of others in the contract pays for nobody either.
        _mint(bob);
        _refused(requests, PRICE, _wrongPayment(2 * PRICE, PRICE));
    }

    function test_WhenCurrenciesAreMixed_ItTakesEachOnce() public {
        _minted(_mixed(), PRICE);
        vm.assertEq(Coin(coin).balanceOf(address(seats)), 2 * PRICE, "first coin");
        vm.assertEq(Coin(coinToo).balanceOf(address(seats)), PRICE, "second coin");
        vm.assertEq(address(seats).balance, PRICE, "ether");
        vm.assertEq(seats.escrowOf(coined), 2 * PRICE, "escrow in the first coin");
        vm.assertEq(seats.escrowOf(coinedToo), PRICE, "escrow in the second coin");
        vm.assertEq(seats.balanceOf(alice), 4, "seats");
    }

    function test_WhenCurrenciesAreMixed_ItAsksEtherForEtherAlone() public {
        _refused(_mixed(), 4 * PRICE, _wrongPayment(PRICE, 4 * PRICE));
        _refused(_mixed(), 0, _wrongPayment(PRICE, 0));
    }

    function test_WhenACurrencyCannotBePaid_ItUndoesEverything() public {
        vm.prank(alice);
        Coin(coin).approve(address(seats), 2 * PRICE - 1);
        _refused(
            _mixed(),
            PRICE,
            abi.encodeWithSelector(
                ISeatEscrow.SeatEscrow_PaymentMissing.selector, coin, alice, PRICE, 0
            )
        );
        vm.assertEq(Coin(coin).balanceOf(address(seats)), 0, "first coin");
        vm.assertEq(Coin(coinToo).balanceOf(address(seats)), 0, "second coin");
    }

    function test_WhenOneMintIsRefused_ItUndoesEverything() public {
        Storage.setState(seats, other, DropState.CANCELLED);
        _refused(
            _inEther(),
            2 * PRICE + PRICE / 2,
            abi.encodeWithSelector(
                ISeatDrops.SeatDrops_NotLive.selector, other, DropState.CANCELLED
            )
        );
    }

    function test_WhenOneIsAboveItsOwnMaximum_ItReverts() public {
        MintRequest[] memory requests = _inEther();
        requests[1].maxTotal = PRICE / 2 - 1;
        _refused(
            requests,
            2 * PRICE + PRICE / 2,
            abi.encodeWithSelector(
                ISeatDrops.SeatDrops_AboveMaxTotal.selector, PRICE / 2, PRICE / 2 - 1
            )
        );
    }

    function test_WhenAPhaseComesTwice_ItCountsBothAgainstTheCap() public {
        MintRequest[] memory requests = _twice(20, 11);
        _refused(
            requests,
            31 * PRICE,
            abi.encodeWithSelector(ISeatDrops.SeatDrops_SoldOut.selector, drop, 0, 11, 10)
        );
        _minted(_twice(20, 10), CAP * PRICE);
        vm.assertEq(seats.balanceOf(alice), CAP, "seats");
    }

    function test_WhenAPhaseComesTwice_ItCountsBothAgainstItsSupply() public {
        Plan memory plan = _plan();
        plan.phases[0].supply = 3;
        drop = _create(plan);
        _refused(
            _twice(2, 2),
            4 * PRICE,
            abi.encodeWithSelector(ISeatDrops.SeatDrops_SoldOut.selector, drop, 0, 2, 1)
        );
        _minted(_twice(2, 1), 3 * PRICE);
    }

    function test_WhenAPhaseComesTwice_ItCountsBothAgainstTheWalletLimit() public {
        Plan memory plan = _plan();
        plan.phases[0].walletLimit = 3;
        drop = _create(plan);
        _refused(
            _twice(2, 2),
            4 * PRICE,
            abi.encodeWithSelector(ISeatDrops.SeatDrops_WalletLimit.selector, alice, 2, 2, 3)
        );
        _minted(_twice(2, 1), 3 * PRICE);
        vm.assertEq(seats.mintedBy(drop, 0, alice), 3, "minted");
    }

    function test_WhenAPassComesTwice_ItRevertsWithTheNonce() public {
        Plan memory plan = _plan();
        plan.phases[0].gate = Gate.PASS;
        plan.phases[0].gateData = bytes32(uint256(uint160(carol)));
        drop = _create(plan);
        Pass memory pass = Pass(drop, 0, alice, 2, 7, NOW);
        bytes[] memory authorisations = new bytes[](2);
        authorisations[0] = authorisations[1] = abi.encodePacked(
            pass.quantity,
            pass.nonce,
            pass.expiry,
            _signDigest("carol", TypedData.digest(address(seats), pass.hashOf()))
        );
        _refusedWith(
            _twice(1, 1),
            authorisations,
            2 * PRICE,
            abi.encodeWithSelector(ISeatDrops.SeatDrops_PassSpent.selector, drop, 7)
        );
        vm.assertFalse(seats.isPassSpent(drop, 7), "spent");
    }

    function test_WhenASeatComesTwice_ItRevertsWithSeatAndPhase() public {
        SeatId key = _mint(alice);
        bytes[] memory authorisations = new bytes[](2);
        authorisations[0] = authorisations[1] = abi.encode(key);
        Plan memory plan = _plan();
        plan.phases[0].gate = Gate.SEAT;
        plan.phases[0].gateData = bytes32(DropId.unwrap(drop));
        plan.phases[0].closes = NOW + 30 days;
        drop = _create(plan);
        vm.warp(NOW + 30 days);
        _refusedWith(
            _twice(1, 1),
            authorisations,
            2 * PRICE,
            abi.encodeWithSelector(ISeatDrops.SeatDrops_SeatSpent.selector, key, 0)
        );
        vm.assertFalse(seats.isSeatSpent(drop, 0, key), "spent");
    }

    function test_WhenThereAreMoreMintsThanAuthorisations_ItRevertsWithBothLengths() public {
        _refusedWith(_inEther(), new bytes[](1), 0, _lengths(2, 1));
        _refusedWith(_inEther(), new bytes[](0), 0, _lengths(2, 0));
    }

    function test_WhenThereAreMoreAuthorisationsThanMints_ItRevertsWithBothLengths() public {
        _refusedWith(_inEther(), new bytes[](3), 0, _lengths(2, 3));
        _refusedWith(new MintRequest[](0), new bytes[](1), 0, _lengths(0, 1));
    }

    function test_WhenThereIsNothingToMint_ItCostsNothing() public {
        SeatId[] memory first = _minted(new MintRequest[](0), 0);
        vm.assertEq(first.length, 0, "answers");
        _refused(new MintRequest[](0), 1, _wrongPayment(0, 1));
    }

    function test_WhenACoinCallsBack_ItFindsTheDoorClosed() public {
        coin = address(new CallbackCoin());
        coined = _createIn(coin);
        CalledBackHolder holder = new CalledBackHolder();
        Coin(coin).mint(address(holder), 2 * PRICE);
        holder.act(coin, abi.encodeCall(Coin.approve, (address(seats), 2 * PRICE)));
        MintRequest[] memory requests = new MintRequest[](2);
        requests[0] = requests[1] = _requestFor(coined, PRICE);
        bytes memory call = abi.encodeCall(ISeatDrops.mintMany, (requests, new bytes[](2)));
        holder.prepare(address(seats), call);
        holder.act(address(seats), call);
        vm.assertEq(holder.outcome(), bytes32(DeployedSeats.Reentrancy.selector), "outcome");
        vm.assertEq(seats.balanceOf(alice), 2, "seats");
        vm.assertEq(Coin(coin).balanceOf(address(seats)), 2 * PRICE, "paid");
    }

    /// @dev Whatever is asked for, it is paid to the wei or not minted at all.
    function testFuzz_WhenQuantitiesAreAny_ItMintsAllForTheirSumOrNothing(
        uint8[5] memory quantities,
        uint64 paid,
        bool exact
    ) public {
        MintRequest[] memory requests = new MintRequest[](5);
        uint256 total;
        uint256 wanted;
        for (uint256 i; i < 5; ++i) {
            uint256 quantity = quantities[i] % 8 + 1;
            requests[i] = MintRequest(drop, 0, bob, quantity, quantity * PRICE, address(0));
            (total, wanted) = (total + quantity * PRICE, wanted + quantity);
        }
        uint256 payment = exact ? total : paid;
        vm.deal(alice, payment);
        vm.prank(alice);
        (bool accepted,) = address(seats).call{value: payment}(
            abi.encodeCall(ISeatDrops.mintMany, (requests, new bytes[](5)))
        );
        vm.assertEq(accepted, payment == total && wanted <= CAP, "accepted");
        vm.assertEq(seats.balanceOf(bob), accepted ? wanted : 0, "seats");
        vm.assertEq(address(seats).balance, seats.escrowOf(drop), "escrow");
    }

    /// @dev Two seats of the first drop for alice, one of the other for bob.
    function _inEther() private view returns (MintRequest[] memory requests) {
        requests = new MintRequest[](2);
        requests[0] = MintRequest(drop, 0, alice, 2, 2 * PRICE, address(0));
        requests[1] = MintRequest(other, 0, bob, 1, PRICE / 2, carol);
    }

    /// @dev One seat for each of: the first coin, ether, the second coin, the first coin again.
    function _mixed() private view returns (MintRequest[] memory requests) {
        requests = new MintRequest[](4);
        requests[0] = requests[3] = _requestFor(coined, PRICE);
        requests[1] = _requestFor(drop, PRICE);
        requests[2] = _requestFor(coinedToo, PRICE);
    }

    function _twice(uint256 once, uint256 again)
        private
        view
        returns (MintRequest[] memory requests)
    {
        requests = new MintRequest[](2);
        (requests[0], requests[1]) = (_request(alice, once), _request(alice, again));
    }

    function _minted(MintRequest[] memory requests, uint256 payment)
        private
        returns (SeatId[] memory)
    {
        vm.prank(alice);
        return seats.mintMany{value: payment}(requests, new bytes[](requests.length));
    }

    function _refused(MintRequest[] memory requests, uint256 payment, bytes memory expected)
        private
    {
        _refusedWith(requests, new bytes[](requests.length), payment, expected);
    }

    function _refusedWith(
        MintRequest[] memory requests,
        bytes[] memory authorisations,
        uint256 payment,
        bytes memory expected
    ) private {
        uint256 before = seats.balanceOf(alice);
        uint256 escrow = seats.escrowOf(drop);
        vm.prank(alice);
        vm.expectRevert(expected);
        seats.mintMany{value: payment}(requests, authorisations);
        vm.assertEq(seats.balanceOf(alice), before, "seats");
        vm.assertEq(seats.escrowOf(drop), escrow, "escrow");
    }

    function _wrongPayment(uint256 total, uint256 paid) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ISeatDrops.SeatDrops_WrongPayment.selector, total, paid);
    }

    function _lengths(uint256 requests, uint256 authorisations)
        private
        pure
        returns (bytes memory)
    {
        return abi.encodeWithSelector(
            ISeatDrops.SeatDrops_LengthsDiffer.selector, requests, authorisations
        );
    }
}
