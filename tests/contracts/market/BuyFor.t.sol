// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatBaskets} from "../../../contracts/interfaces/ISeatBaskets.sol";
import {ISeatMarket} from "../../../contracts/interfaces/ISeatMarket.sol";
import {SeatId} from "../../../contracts/types/SeatId.sol";
import {PRICE} from "../base/Plans.sol";
import {vm} from "../base/Vm.sol";
import {ReenteringReceiver} from "../hostile/EtherReceivers.sol";
import {BasketsTest} from "./BasketsTest.sol";

/// @dev It takes its buyer's name from its caller, so its caller must be the contract itself.
contract BuyForTest is BasketsTest {
    function test_WhenAnybodyCallsIt_ItRevertsWithTheCaller() public {
        _add(PRICE);
        address[6] memory callers = [alice, bob, mentor, platformOwner, resolver, address(0)];
        for (uint256 i; i < callers.length; ++i) {
            vm.prank(callers[i]);
            vm.expectRevert(_onlyItself(callers[i]));
            seats.buyFor(listings[0], signatures[0], carol);
        }
        address extension = seats.extension();
        vm.prank(extension);
        vm.expectRevert(_onlyItself(extension));
        seats.buyFor(listings[0], signatures[0], carol);
    }

    function test_WhenSomebodyPaysForIt_ItRevertsWithTheCaller() public {
        _add(PRICE);
        vm.prank(bob);
        vm.expectRevert(_onlyItself(bob));
        seats.buyFor{value: PRICE}(listings[0], signatures[0], bob);
    }

    function test_WhenASellerCallsItWhileBeingPaid_ItRevertsAlthoughABasketIsBeingBought() public {
        ReenteringReceiver seller = new ReenteringReceiver();
        _add(PRICE);
        seller.prepare(
            address(seats),
            abi.encodeCall(ISeatMarket.buyFor, (listings[0], "", address(seller))),
            0
        );
        _empty();
        _put(_listing(_mint(address(seller)), PRICE), "");
        _buyAll(PRICE);
        vm.assertEq(
            bytes32(bytes4(seller.outcome())),
            bytes32(ISeatMarket.SeatMarket_OnlyItself.selector),
            "the door"
        );
    }

    /// @dev The extension's own storage is an empty market without this function.
    function test_WhenItIsCalledAtTheExtension_ItIsNoFunctionThere() public {
        _add(PRICE);
        address extension = seats.extension();
        vm.prank(bob);
        (bool accepted,) = extension.call{value: PRICE}(
            abi.encodeCall(ISeatMarket.buyFor, (listings[0], signatures[0], bob))
        );
        vm.assertFalse(accepted, "accepted");
        vm.prank(bob);
        vm.expectRevert(_nothing(1));
        ISeatBaskets(extension).buyMany{value: PRICE}(listings, signatures);
    }

    function test_WhenABasketCallsIt_ItBuysForWhoPays() public {
        SeatId seat = _add(PRICE);
        vm.prank(carol);
        bool[] memory bought = seats.buyMany{value: PRICE}(listings, signatures);
        vm.assertTrue(bought[0], "bought");
        vm.assertEq(_ownerOf(seat), carol, "owner");
    }

    function _onlyItself(address caller) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ISeatMarket.SeatMarket_OnlyItself.selector, caller);
    }
}
