// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatDelivery} from "../../../contracts/interfaces/ISeatDelivery.sol";
import {ISeatToken} from "../../../contracts/interfaces/ISeatToken.sol";
import {SeatId} from "../../../contracts/types/SeatId.sol";
import {DropState, Listing} from "../../../contracts/types/Terms.sol";
import {DropView, PhaseView, TierView} from "../../../contracts/types/Views.sol";
import {NOW, PRICE, Plan, Plans, TOLL} from "../base/Plans.sol";
import {SeatsTest} from "../base/SeatsTest.sol";
import {TypedData} from "../base/TypedData.sol";
import {vm} from "../base/Vm.sol";

/// @title What every test of delivery begins with
/// @dev The ordinary drop with a verifier, its moments by name, and each step of its end by the one
/// who takes it. Every state is reached by the functions that lead to it.
abstract contract DeliveryTest is SeatsTest {
    uint256 internal constant STARTS = NOW + 10 days;
    uint256 internal constant ENDS = NOW + 38 days;
    uint256 internal constant DELIVER_BY = NOW + 45 days;
    uint256 internal constant REFUND_UNTIL = NOW + 20 days;
    uint256 internal constant CHALLENGE = 7 days;
    uint256 internal constant DECISION = 14 days;
    /// @dev A tenth of the face.
    uint256 internal constant PENALTY = PRICE / 10;
    uint256 internal constant ROYALTY = PRICE / 10;
    bytes32 internal constant EVIDENCE = keccak256("recordings and artifacts");
    /// @dev The fewest seats of one price of which a single objector is fewer than a tenth.
    uint256 internal constant ELEVEN = 11;

    address internal verifier = _account("verifier");
    /// @dev What `drop` is paid in; zero: ETH.
    address internal currency;

    function _plan() internal view virtual override returns (Plan memory plan) {
        plan = Plans.ordinary(resolver);
        plan.terms.verifier = verifier;
    }

    /// @dev From here on `drop` is one that is paid in `coin`.
    function _payIn(address coin) internal {
        currency = coin;
        drop = _createIn(coin);
    }

    /// @dev Has `account` ready to pay; what the call must carry.
    function _due(address account, uint256 amount) internal virtual returns (uint256) {
        if (currency == address(0)) return amount;
        _fund(currency, account, amount);
        return 0;
    }

    /// @dev Seats of the first phase for `recipient`; alice pays.
    function _mintSeats(address recipient, uint256 quantity) internal returns (SeatId) {
        uint256 due = _due(alice, PRICE * quantity);
        vm.prank(alice);
        return seats.mint{value: due}(_request(recipient, quantity), "");
    }

    function _grant(address recipient) internal returns (SeatId) {
        vm.prank(mentor);
        return seats.grant(drop, 0, recipient, 1);
    }

    /// @dev Sells the seat of the account `seller`, which signs for it.
    function _resell(string memory seller, SeatId seat, address buyer, uint256 price) internal {
        Listing memory listing = _listing(seat, price);
        listing.termsVersion = _view().termsVersion;
        bytes memory signature = _sign(seller, listing);
        uint256 due = _due(buyer, price);
        vm.prank(buyer);
        seats.buy{value: due}(listing, signature);
    }

    /// @dev Bob sells to carol and buys back, ten resales in all; returns their royalties.
    function _resellTenTimes(SeatId seat) internal returns (uint256 royalties) {
        for (uint256 i; i < 10; ++i) {
            uint256 price = 0.03 ether + i * 1_234_567;
            (string memory seller, address buyer) = i % 2 == 0 ? ("bob", carol) : ("carol", bob);
            _resell(seller, seat, buyer, price);
            royalties += price / 10;
        }
    }

    function _give(SeatId seat, address to) internal {
        address from = _ownerOf(seat);
        uint256 due = _due(from, TOLL);
        vm.prank(from);
        seats.transferFrom{value: due}(from, to, SeatId.unwrap(seat));
    }

    function _refund(SeatId seat) internal {
        vm.prank(_ownerOf(seat));
        seats.refund(seat);
    }

    function _checkIn(string memory holder, SeatId seat) internal {
        bytes memory signature =
            _signDigest(holder, _checkInDigest(seat, seats.seatOf(seat).epoch, block.timestamp));
        vm.prank(verifier);
        seats.checkIn(seat, block.timestamp, signature, "");
    }

    /// @dev At the first second at which it is possible, or now if that is later.
    function _assert() internal {
        if (block.timestamp < ENDS) vm.warp(ENDS);
        vm.prank(mentor);
        seats.assertDelivery(drop, EVIDENCE);
    }

    function _object(SeatId seat) internal {
        vm.prank(_ownerOf(seat));
        seats.objectTo(seat);
    }

    /// @dev At the first second at which it is possible.
    function _settle() internal {
        vm.warp(_view().assertedAt + CHALLENGE + 1);
        seats.settle(drop);
    }

    function _resolve(uint256 split) internal {
        vm.prank(resolver);
        seats.resolve(drop, split);
    }

    function _resolveByDefault() internal {
        vm.warp(_view().disputedAt + DECISION + 1);
        seats.resolveByDefault(drop);
    }

    function _cancel() internal {
        vm.prank(mentor);
        seats.cancelDrop(drop);
    }

    function _fail() internal {
        vm.warp(DELIVER_BY + 1);
        seats.failDrop(drop);
    }

    function _claimFor(SeatId seat) internal {
        seats.claim(seat);
    }

    function _claimAsOwner(SeatId seat) internal {
        vm.prank(_ownerOf(seat));
        seats.claim(seat);
    }

    /// @dev The call must be refused with exactly `error_`.
    function _refused(address caller, bytes memory call_, bytes memory error_) internal {
        vm.prank(caller);
        (bool accepted, bytes memory answer) = address(seats).call(call_);
        vm.assertFalse(accepted, "accepted");
        vm.assertEq(answer, error_, "error");
    }

    function _wrongState(DropState state) internal view returns (bytes memory) {
        return abi.encodeWithSelector(ISeatDelivery.SeatDelivery_WrongState.selector, drop, state);
    }

    function _tooEarly(uint256 from) internal view returns (bytes memory) {
        return abi.encodeWithSelector(
            ISeatDelivery.SeatDelivery_TooEarly.selector, drop, from, block.timestamp
        );
    }

    function _tooLate(uint256 until) internal view returns (bytes memory) {
        return abi.encodeWithSelector(
            ISeatDelivery.SeatDelivery_TooLate.selector, drop, until, block.timestamp
        );
    }

    function _notOwner(SeatId seat, address caller) internal view returns (bytes memory) {
        return abi.encodeWithSelector(
            ISeatToken.SeatToken_NotOwner.selector, seat, _ownerOf(seat), caller
        );
    }

    /// @dev An error whose only argument is the seat.
    function _of(bytes4 selector, SeatId seat) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(selector, seat);
    }

    function _view() internal view returns (DropView memory details) {
        (details,,) = seats.termsOf(drop);
    }

    function _tier() internal view returns (TierView memory) {
        (, TierView[] memory tiers,) = seats.termsOf(drop);
        return tiers[0];
    }

    function _phase() internal view returns (PhaseView memory) {
        (,, PhaseView[] memory phases) = seats.termsOf(drop);
        return phases[0];
    }

    function _assertState(DropState state) internal view {
        vm.assertEq(uint256(_view().state), uint256(state), "state");
    }

    function _assertOwed(uint256 amount) internal view {
        vm.assertEq(seats.escrowOf(drop), amount, "E");
        vm.assertEq(_view().owed, amount, "owed of the terms");
    }

    function _creditOf(address account) internal view returns (uint256) {
        return seats.creditOf(account, currency);
    }

    /// @dev The platform's fee of `amount`, by hand.
    function _feeOf(uint256 amount) internal pure returns (uint256) {
        return amount * FEE / 10_000;
    }

    /// @dev `amount` is all that was ever released, in one piece.
    function _assertReleased(uint256 amount) internal view {
        vm.assertEq(_creditOf(treasury), _feeOf(amount), "fee");
        vm.assertEq(_creditOf(mentor), amount - _feeOf(amount), "the mentor's credit");
    }

    function _checkInDigest(SeatId seat, uint256 epoch, uint256 expiry)
        internal
        view
        returns (bytes32)
    {
        return TypedData.digest(address(seats), TypedData.checkInHash(seat, epoch, expiry));
    }
}
