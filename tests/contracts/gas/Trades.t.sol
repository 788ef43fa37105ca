// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SeatId} from "../../../contracts/types/SeatId.sol";
import {Listing, SeatOffer, TierOffer} from "../../../contracts/types/Terms.sol";
import {PRICE} from "../base/Plans.sol";
import {TypedData} from "../base/TypedData.sol";
import {vm} from "../base/Vm.sol";
import {PlainCoin} from "../hostile/Currencies.sol";
import {GasTest} from "./GasTest.sol";

interface IDepositable {
    function deposit() external payable;
    function approve(address spender, uint256 amount) external returns (bool);
}

/// @dev Offers, baskets and sales in a currency: compare with `buy_signed_first_resale`. Who sells
/// keeps a seat, who buys is a new holder, and no seat was sold before.
contract TradesGasTest is GasTest {
    string private constant GROUP = "options";
    uint256 private constant BID = 0.04 ether;

    function test_BuyInACurrency() public {
        PlainCoin coin = new PlainCoin();
        drop = _createIn(address(coin));
        SeatId seat = _mintTwo(address(coin));
        Listing memory listing = _listing(seat, BID);
        bytes memory signature = _sign("alice", listing);
        _fund(address(coin), bob, 2 * BID);
        vm.prank(bob);
        seats.buy(listing, signature);
        _measured(GROUP, "buy_signed_in_erc20");
    }

    function test_BuyThree() public {
        _measureBasket(3, "buy_three");
    }

    function test_BuyThreeOfWhichOneIsDead() public {
        Listing memory dead = _listing(_mint(alice), BID);
        vm.prank(alice);
        seats.cancelListings(dead.seat);
        (Listing[] memory listings, bytes[] memory signatures) = _basket(3);
        listings[1] = dead;
        vm.prank(bob);
        seats.buyMany{value: 3 * BID}(listings, signatures);
        _measured(GROUP, "buy_three_of_which_one_is_dead");
    }

    function test_AcceptASeatOffer() public {
        _wrap();
        SeatId seat = _mint(alice);
        _mint(alice);
        SeatOffer memory offer =
            SeatOffer(seat, BID, 0, bob, seats.counterOf(bob), 0, 1, block.timestamp + 1 days);
        bytes memory signature = _signedBy("bob", TypedData.hashOf(offer));
        vm.prank(alice);
        seats.acceptSeatOffer(offer, signature);
        _measured(GROUP, "accept_seat_offer_in_wrapped_ether");
    }

    function test_AcceptATierOffer() public {
        _wrap();
        _measureTierOffer(_mintTwo(address(0)), "accept_tier_offer_in_wrapped_ether");
    }

    function test_AcceptATierOfferInACurrency() public {
        PlainCoin coin = new PlainCoin();
        drop = _createIn(address(coin));
        SeatId seat = _mintTwo(address(coin));
        _fund(address(coin), bob, 2 * BID);
        _measureTierOffer(seat, "accept_tier_offer_in_erc20");
    }

    function test_CancelAnOffer() public {
        vm.prank(bob);
        seats.cancelOffer(1);
        _measured(GROUP, "cancel_offer");
    }

    function _measureTierOffer(SeatId seat, string memory name) private {
        TierOffer memory offer = TierOffer(
            drop, 0, PRICE, BID, bob, seats.counterOf(bob), 0, 1, block.timestamp + 1 days
        );
        bytes memory signature = _signedBy("bob", TypedData.hashOf(offer));
        vm.prank(alice);
        seats.acceptTierOffer(offer, seat, signature);
        _measured(GROUP, name);
    }

    function _measureBasket(uint256 count, string memory name) private {
        _mint(alice);
        (Listing[] memory listings, bytes[] memory signatures) = _basket(count);
        vm.prank(bob);
        seats.buyMany{value: count * BID}(listings, signatures);
        _measured(GROUP, name);
    }

    function _basket(uint256 count)
        private
        returns (Listing[] memory listings, bytes[] memory signatures)
    {
        listings = new Listing[](count);
        signatures = new bytes[](count);
        for (uint256 i; i < count; ++i) {
            listings[i] = _listing(_mint(alice), BID);
            signatures[i] = _sign("alice", listings[i]);
        }
    }

    /// @dev The first of two seats of alice's, paid in `coin` or, where that is nobody, in ETH.
    function _mintTwo(address coin) private returns (SeatId) {
        if (coin != address(0)) _fund(coin, alice, 2 * PRICE);
        vm.prank(alice);
        return seats.mint{value: coin == address(0) ? 2 * PRICE : 0}(_request(alice, 2), "");
    }

    function _wrap() private {
        vm.prank(bob);
        IDepositable(wrappedEther).deposit{value: 1 ether}();
        vm.prank(bob);
        IDepositable(wrappedEther).approve(address(seats), 1 ether);
    }

    function _signedBy(string memory name, bytes32 structHash) private view returns (bytes memory) {
        return _signDigest(name, TypedData.digest(address(seats), structHash));
    }
}
