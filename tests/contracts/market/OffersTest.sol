// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatMarket} from "../../../contracts/interfaces/ISeatMarket.sol";
import {DropId} from "../../../contracts/types/DropId.sol";
import {SeatId} from "../../../contracts/types/SeatId.sol";
import {DropState, SeatOffer, TierOffer} from "../../../contracts/types/Terms.sol";
import {NOW, PRICE} from "../base/Plans.sol";
import {SeatsTest} from "../base/SeatsTest.sol";
import {TypedData} from "../base/TypedData.sol";
import {vm} from "../base/Vm.sol";

interface IWrappedEther {
    function deposit() external payable;
    function approve(address spender, uint256 amount) external returns (bool);
    function transfer(address to, uint256 amount) external returns (bool);
    function balanceOf(address account) external view returns (uint256);
    function allowance(address owner, address spender) external view returns (uint256);
}

/// @title What every test of offers begins with
/// @dev A seat of alice's in a drop paid in ETH, and bob, who offers for it: he holds wrapped ether
/// and has allowed all of it.
abstract contract OffersTest is SeatsTest {
    uint256 internal constant BID = 0.04 ether;
    uint256 internal constant ROYALTY = BID / 10;

    IWrappedEther internal wrapped;
    SeatId internal seat;

    function setUp() public virtual override {
        super.setUp();
        wrapped = IWrappedEther(wrappedEther);
        seat = _mint(alice);
        _wrap(bob, 10 ether);
    }

    /// @dev An offer of bob's that is alive at this moment.
    function _seatOffer(SeatId wanted, uint256 price) internal view returns (SeatOffer memory) {
        return SeatOffer({
            seat: wanted,
            price: price,
            epoch: seats.seatOf(wanted).epoch,
            buyer: bob,
            counter: seats.counterOf(bob),
            termsVersion: 0,
            nonce: 0,
            expiry: block.timestamp + 7 days
        });
    }

    function _tierOffer(DropId wanted, uint256 price) internal view returns (TierOffer memory) {
        return TierOffer({
            drop: wanted,
            tier: 0,
            leastFace: PRICE,
            price: price,
            buyer: bob,
            counter: seats.counterOf(bob),
            termsVersion: 0,
            nonce: 0,
            expiry: block.timestamp + 7 days
        });
    }

    function _digest(SeatOffer memory offer) internal view returns (bytes32) {
        return TypedData.digest(address(seats), TypedData.hashOf(offer));
    }

    function _digest(TierOffer memory offer) internal view returns (bytes32) {
        return TypedData.digest(address(seats), TypedData.hashOf(offer));
    }

    function _signOffer(string memory name, SeatOffer memory offer)
        internal
        view
        returns (bytes memory)
    {
        return _signDigest(name, _digest(offer));
    }

    function _signOffer(string memory name, TierOffer memory offer)
        internal
        view
        returns (bytes memory)
    {
        return _signDigest(name, _digest(offer));
    }

    /// @dev alice takes the offer, which bob has signed.
    function _accept(SeatOffer memory offer) internal {
        bytes memory signature = _signOffer("bob", offer);
        vm.prank(alice);
        seats.acceptSeatOffer(offer, signature);
    }

    function _accept(TierOffer memory offer, SeatId sold) internal {
        bytes memory signature = _signOffer("bob", offer);
        vm.prank(alice);
        seats.acceptTierOffer(offer, sold, signature);
    }

    function _refused(SeatOffer memory offer, bytes memory expected) internal {
        bytes memory signature = _signOffer("bob", offer);
        vm.prank(alice);
        vm.expectRevert(expected);
        seats.acceptSeatOffer(offer, signature);
    }

    function _refused(TierOffer memory offer, SeatId sold, bytes memory expected) internal {
        bytes memory signature = _signOffer("bob", offer);
        vm.prank(alice);
        vm.expectRevert(expected);
        seats.acceptTierOffer(offer, sold, signature);
    }

    /// @dev Gives `account` wrapped ether, and this contract the right to take it.
    function _wrap(address account, uint256 amount) internal {
        vm.deal(account, account.balance + amount);
        vm.startPrank(account);
        wrapped.deposit{value: amount}();
        wrapped.approve(address(seats), amount);
        vm.stopPrank();
    }

    function _spent(address buyer, uint256 nonce) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(ISeatMarket.SeatMarket_OfferSpent.selector, buyer, nonce);
    }

    function _closed(DropId where, DropState state) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(
            ISeatMarket.SeatMarket_OffersClosed.selector, where, state, NOW + 38 days
        );
    }

    function _outOfBounds(uint256 price, uint256 least, uint256 most)
        internal
        pure
        returns (bytes memory)
    {
        return abi.encodeWithSelector(
            ISeatMarket.SeatMarket_PriceOutOfBounds.selector, price, least, most
        );
    }

    function _invalid(address signer, bytes32 digest) internal pure returns (bytes memory) {
        return
            abi.encodeWithSelector(ISeatMarket.SeatMarket_SignatureInvalid.selector, signer, digest);
    }
}
