// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SeatId} from "../../../contracts/types/SeatId.sol";
import {Listing} from "../../../contracts/types/Terms.sol";
import {COOLDOWN, NOW, PRICE, Plan, TOLL} from "../base/Plans.sol";
import {vm} from "../base/Vm.sol";
import {GasTest} from "./GasTest.sol";

/// @dev The transactions that people send, each in its usual and its dearer circumstances: a new
/// holder pays for a balance that was zero, a first resale for the slot of what waits.
contract OperationsGasTest is GasTest {
    string private constant GROUP = "operations";

    function test_MintOneNew() public {
        _mintOwn(alice, 1);
        _measured(GROUP, "mint_one_new");
    }

    function test_MintOneExisting() public {
        _mintOwn(alice, 1);
        _mintOwn(alice, 1);
        _measured(GROUP, "mint_one_existing");
    }

    function test_MintFive() public {
        _mintOwn(alice, 5);
        _measured(GROUP, "mint_five");
    }

    function test_GiftNew() public {
        Plan memory plan = _plan();
        plan.terms.toll = 0;
        drop = _create(plan);
        SeatId seat = _mint(alice);
        _mint(alice);
        _coolDown();
        vm.prank(alice);
        seats.transferFrom(alice, bob, SeatId.unwrap(seat));
        _measured(GROUP, "gift_new");
    }

    function test_GiftWithToll() public {
        SeatId seat = _mint(alice);
        _mint(alice);
        _coolDown();
        vm.prank(alice);
        seats.transferFrom{value: TOLL}(alice, bob, SeatId.unwrap(seat));
        _measured(GROUP, "gift_with_toll");
    }

    function test_BuySignedFirstResale() public {
        SeatId seat = _mint(alice);
        _mint(alice);
        _resell(seat, "alice", bob, 0.04 ether);
        _measured(GROUP, "buy_signed_first_resale");
    }

    function test_BuySignedWarm() public {
        SeatId seat = _mint(alice);
        _mint(bob);
        _resell(seat, "alice", bob, 0.04 ether);
        _resell(seat, "bob", dave, 0.045 ether);
        _measured(GROUP, "buy_signed_warm");
    }

    function test_ListStored() public {
        Listing memory listing = _listing(_mint(alice), 0.04 ether);
        vm.prank(alice);
        seats.list(listing);
        _measured(GROUP, "list_stored");
    }

    function test_BuyStored() public {
        SeatId seat = _mint(alice);
        _mint(bob);
        _resell(seat, "alice", bob, 0.04 ether);
        Listing memory listing = _listing(seat, 0.045 ether);
        vm.prank(bob);
        seats.list(listing);
        _buy(dave, listing, "");
        _measured(GROUP, "buy_stored");
    }

    function test_CreateDrop() public {
        _create(_plan());
        _measured(GROUP, "create_drop");
    }

    function test_CancelListings() public {
        SeatId seat = _mint(alice);
        vm.prank(alice);
        seats.cancelListings(seat);
        _measured(GROUP, "cancel_listings");
    }

    function test_BumpCounter() public {
        _mint(alice);
        vm.prank(alice);
        seats.bumpCounter();
        _measured(GROUP, "bump_counter");
    }

    /// @dev Half of the credit, so that its slot stays.
    function test_Withdraw() public {
        vm.etch(alice, hex"fe");
        Listing memory listing = _listing(_mint(alice), 0.04 ether);
        vm.prank(alice);
        seats.list(listing);
        _buy(bob, listing, "");
        vm.warp(NOW + COOLDOWN);
        vm.prank(alice);
        seats.withdraw(address(0), carol, PRICE / 4);
        _measured(GROUP, "withdraw_half");
    }
}
