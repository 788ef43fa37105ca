// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatDelivery} from "../../../contracts/interfaces/ISeatDelivery.sol";
import {SeatId, toSeatId} from "../../../contracts/types/SeatId.sol";
import {DropState, MintRequest} from "../../../contracts/types/Terms.sol";
import {NOW, Plan, Plans} from "../base/Plans.sol";
import {vm} from "../base/Vm.sol";
import {DeliveryTest} from "../delivery/DeliveryTest.sol";
import {Coin} from "../hostile/Currencies.sol";

/// @title The life of a drop up to its last session
/// @dev Two tiers with odd prices, four buyers, resales, gifts, refunds and check-ins; then a way to
/// end, and everybody takes out what is theirs. Figures are worked out here by hand.
abstract contract LifeTest is DeliveryTest {
    uint256 internal constant FIRST = 0.05 ether - 7;
    uint256 internal constant SECOND = 0.031_415_926_535_897_9 ether;
    uint256 internal constant FIRST_TOLL = FIRST * 500 / 10_000;
    uint256 internal constant PURSE = 100 ether;
    uint256 private constant SEATS_OF_FIRST = 15;
    uint256 private constant SEATS_OF_SECOND = 3;

    address internal dave = _account("dave");
    /// @dev Everybody who may be owed something in the end.
    address[6] internal people = [alice, bob, carol, dave, mentor, treasury];

    function _plan() internal view override returns (Plan memory plan) {
        plan = Plans.withPhases(Plans.withTiers(super._plan(), 2), 2);
        plan.tiers[0].listPrice = FIRST;
        plan.tiers[1].listPrice = SECOND;
        plan.phases[0].price = FIRST;
        plan.phases[1].price = SECOND;
        plan.phases[1].tier = 1;
    }

    /// @dev What buyers own in coins was approved once and for all.
    function _due(address, uint256 amount) internal view override returns (uint256) {
        return currency == address(0) ? amount : 0;
    }

    /// @dev A new drop in `coin` (zero: ETH), and purses that hold exactly PURSE of it.
    function _begin(address coin) internal {
        vm.warp(NOW);
        currency = coin;
        drop = coin == address(0) ? _create(_plan()) : _createIn(coin);
        for (uint256 i; i < people.length; ++i) {
            if (coin == address(0)) vm.deal(people[i], PURSE);
            else _fillPurse(Coin(coin), people[i]);
        }
    }

    /// @dev Up to the last session: fourteen living seats with a face, one granted, two burned.
    function _grow() internal {
        _mintAs(bob, 0, 7, FIRST);
        _mintAs(carol, 0, 6, FIRST);
        _mintAs(dave, 1, 3, SECOND);
        _grant(alice);
        vm.warp(NOW + 1);
        _resell("bob", _first(1), carol, FIRST);
        _resell("carol", _first(1), dave, FIRST / 2);
        _resell("carol", _first(8), bob, FIRST);
        vm.warp(NOW + 8 days);
        _gift(bob, _first(2), carol);
        _gift(alice, _first(14), dave);
        _refund(_first(1));
        _refund(_first(3));
        _mintAs(alice, 0, 1, FIRST);
        vm.warp(STARTS);
        _checkIn("bob", _first(4));
        _checkIn("carol", _first(9));
        _assertOwed(_owed());
        _assertWaiting();
    }

    /// @dev E before the end.
    function _owed() internal pure returns (uint256) {
        return 12 * FIRST + 3 * SECOND;
    }

    /// @dev K of the seats that live.
    function _heldByLiving() internal pure returns (uint256) {
        return _royalty(FIRST) + 2 * FIRST_TOLL;
    }

    /// @dev K of the seats that were refunded.
    function _heldByBurned() internal pure returns (uint256) {
        return _royalty(FIRST) + _royalty(FIRST / 2) + 2 * _penalty();
    }

    function _royalty(uint256 price) internal pure returns (uint256) {
        uint256 share = price / 10;
        return share > FIRST_TOLL ? share : FIRST_TOLL;
    }

    function _penalty() internal pure returns (uint256) {
        return FIRST / 10;
    }

    function _first(uint256 number) internal view returns (SeatId) {
        return toSeatId(drop, 0, number);
    }

    function _second(uint256 number) internal view returns (SeatId) {
        return toSeatId(drop, 1, number);
    }

    /// @dev Everybody pays out what can be paid out, twice, and takes out what is theirs.
    function _close() internal {
        for (uint256 i; i < 2; ++i) {
            for (uint256 number = 1; number <= SEATS_OF_FIRST; ++number) {
                _payOut(_first(number));
            }
            for (uint256 number = 1; number <= SEATS_OF_SECOND; ++number) {
                _payOut(_second(number));
            }
        }
        for (uint256 i; i < people.length; ++i) {
            _withdrawAll(people[i]);
        }
    }

    /// @dev The account has exactly `more` more and `less` less than it began with.
    function _assertGained(address account, uint256 more, uint256 less, string memory who)
        internal
        view
    {
        vm.assertEq(_balance(account), PURSE + more - less, who);
    }

    function _balance(address account) internal view returns (uint256) {
        return currency == address(0) ? account.balance : Coin(currency).balanceOf(account);
    }

    /// @dev Exactly `dust` is left, and nothing was made or lost.
    function _assertLeft(uint256 dust) internal view {
        vm.assertEq(_balance(address(seats)), dust, "what is left");
        _assertOwed(dust);
        uint256 total = dust;
        for (uint256 i; i < people.length; ++i) {
            total += _balance(people[i]);
            vm.assertEq(_creditOf(people[i]), 0, "credit");
        }
        vm.assertEq(total, PURSE * people.length, "all the money there is");
        for (uint256 number = 1; number <= SEATS_OF_FIRST; ++number) {
            vm.assertEq(seats.heldOf(_first(number)), 0, "K");
        }
    }

    /// @dev Mentor and treasury together have gained exactly `amount`, the treasury its fee of it;
    /// each release may have cost it one wei.
    function _assertEarned(uint256 amount) internal view {
        vm.assertEq(_balance(mentor) + _balance(treasury), 2 * PURSE + amount, "earned");
        uint256 fee = _balance(treasury) - PURSE;
        vm.assertLe(fee, _feeOf(amount), "fee at most");
        vm.assertGe(fee + SEATS_OF_FIRST + SEATS_OF_SECOND, _feeOf(amount), "fee at least");
    }

    function _payOut(SeatId seat) private {
        (bool exists, bytes memory answer) = address(seats)
            .staticcall(abi.encodeWithSignature("ownerOf(uint256)", SeatId.unwrap(seat)));
        // Every other seat by its owner, the others by somebody else.
        bool own = exists && SeatId.unwrap(seat) % 2 == 0;
        vm.prank(own ? abi.decode(answer, (address)) : resolver);
        (bool claimed,) = address(seats).call(abi.encodeCall(ISeatDelivery.claim, (seat)));
        (bool collected,) = address(seats).call(abi.encodeCall(ISeatDelivery.collect, (seat)));
        vm.assertFalse(claimed && collected, "paid out twice");
        vm.assertEq(seats.refundOf(seat).claimable, 0, "still claimable");
    }

    function _withdrawAll(address account) private {
        uint256 credit = _creditOf(account);
        if (credit == 0) return;
        vm.prank(account);
        seats.withdraw(currency, account, credit);
    }

    function _mintAs(address buyer, uint256 phase, uint256 quantity, uint256 price) private {
        MintRequest memory request = _request(buyer, quantity);
        request.phase = phase;
        request.maxTotal = price * quantity;
        uint256 due = _due(buyer, price * quantity);
        vm.prank(buyer);
        seats.mint{value: due}(request, "");
    }

    function _gift(address from, SeatId seat, address to) private {
        uint256 due = _due(from, FIRST_TOLL);
        vm.prank(from);
        seats.transferFrom{value: due}(from, to, SeatId.unwrap(seat));
    }

    function _fillPurse(Coin coin, address account) private {
        coin.mint(account, PURSE);
        vm.prank(account);
        coin.approve(address(seats), type(uint256).max);
    }

    function _assertWaiting() private view {
        uint256 waiting;
        for (uint256 number = 1; number <= SEATS_OF_FIRST; ++number) {
            waiting += seats.heldOf(_first(number));
        }
        vm.assertEq(waiting, _heldByLiving() + _heldByBurned(), "K of all seats");
        vm.assertEq(_balance(address(seats)), _owed() + waiting, "balance");
        _assertState(DropState.LIVE);
    }
}
