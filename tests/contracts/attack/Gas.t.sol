// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatBaskets} from "../../../contracts/interfaces/ISeatBaskets.sol";
import {Listing} from "../../../contracts/types/Terms.sol";
import {PRICE} from "../base/Plans.sol";
import {SeatsTest} from "../base/SeatsTest.sol";
import {vm} from "../base/Vm.sol";

/// @dev A wallet that answers cheaply until its owner changes its mind.
contract MoodyWallet {
    bool private burning;

    function turn() external {
        burning = true;
    }

    function isValidSignature(bytes32, bytes calldata) external view returns (bytes4) {
        while (burning) {}
        return this.isValidSignature.selector;
    }

    receive() external payable {}
}

contract LimitedBuyer {
    function buyMany(
        address seats,
        Listing[] calldata listings,
        bytes[] calldata signatures,
        uint256 limit
    ) external payable returns (bool accepted) {
        (accepted,) = seats.call{value: msg.value, gas: limit}(
            abi.encodeCall(ISeatBaskets.buyMany, (listings, signatures))
        );
    }
}

/// @dev Passes today: what one seller can do to a basket whose gas limit was estimated.
contract GasAttacksTest is SeatsTest {
    function test_WhenASellersWalletBurnsGas_ItTakesTheHonestListingsOfTheBasketAlong() public {
        MoodyWallet wallet = new MoodyWallet();
        LimitedBuyer buyer = new LimitedBuyer();
        Listing[] memory listings = new Listing[](2);
        bytes[] memory signatures = new bytes[](2);
        listings[0] = _listing(_mint(address(wallet)), PRICE);
        listings[1] = _listing(_mint(bob), PRICE);
        signatures[1] = _sign("bob", listings[1]);
        // Twice what two purchases cost.
        uint256 limit = 400_000;
        wallet.turn();
        vm.deal(address(this), 1 ether);
        vm.assertFalse(
            buyer.buyMany{value: 2 * PRICE}(address(seats), listings, signatures, limit),
            "everything fails"
        );
        vm.assertTrue(
            buyer.buyMany{value: 2 * PRICE}(address(seats), listings, signatures, limit + 300_000),
            "with the wallet's whole allowance on top it skips one"
        );
        vm.assertEq(_ownerOf(listings[1].seat), address(buyer), "the honest one");
    }

    function test_WhenTheWalletIsQuiet_ItBuysBothWithThatGas() public {
        MoodyWallet wallet = new MoodyWallet();
        LimitedBuyer buyer = new LimitedBuyer();
        Listing[] memory listings = new Listing[](2);
        bytes[] memory signatures = new bytes[](2);
        listings[0] = _listing(_mint(address(wallet)), PRICE);
        listings[1] = _listing(_mint(bob), PRICE);
        signatures[1] = _sign("bob", listings[1]);
        vm.deal(address(this), 1 ether);
        uint256 before = gasleft();
        vm.assertTrue(
            buyer.buyMany{value: 2 * PRICE}(address(seats), listings, signatures, 300_000), "both"
        );
        vm.assertLe(before - gasleft(), 400_000, "gas");
    }
}
