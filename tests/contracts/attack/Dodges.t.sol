// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatDelivery} from "../../../contracts/interfaces/ISeatDelivery.sol";
import {ISeatDrops} from "../../../contracts/interfaces/ISeatDrops.sol";
import {DropId} from "../../../contracts/types/DropId.sol";
import {SeatId} from "../../../contracts/types/SeatId.sol";
import {Gate, Listing, MintRequest, TransferPolicy} from "../../../contracts/types/Terms.sol";
import {CAP, COOLDOWN, NOW, PRICE, Plan} from "../base/Plans.sol";
import {vm} from "../base/Vm.sol";
import {DeliveryTest} from "../delivery/DeliveryTest.sol";

/// @dev What an account with code can do in one transaction: give its seat back and mint the same
/// place for somebody else.
contract Switcher {
    function buy(address seats, MintRequest calldata request) external payable {
        ISeatDrops(seats).mint{value: msg.value}(request, "");
    }

    function handOver(address seats, SeatId seat, MintRequest calldata request)
        external
        payable
        returns (SeatId)
    {
        ISeatDelivery(seats).refund(seat);
        return ISeatDrops(seats).mint{value: request.maxTotal}(request, "");
    }

    receive() external payable {}
}

/// @dev A pool as there are many for ERC-721: what comes in goes out by transfer only.
contract Pool {
    mapping(uint256 id => address) private owners;

    function deposit(address token, uint256 id) external {
        owners[id] = msg.sender;
        _move(token, msg.sender, address(this), id);
    }

    function redeem(address token, uint256 id) external {
        require(owners[id] == msg.sender, "not yours");
        _move(token, address(this), msg.sender, id);
    }

    function _move(address token, address from, address to, uint256 id) private {
        (bool moved,) = token.call(
            abi.encodeWithSignature("transferFrom(address,address,uint256)", from, to, id)
        );
        require(moved, "stuck");
    }
}

/// @dev Ways around toll, cooldown and royalty, and what a seller can still spend. Each passes
/// today.
contract DodgeAttacksTest is DeliveryTest {
    function _plan() internal view override returns (Plan memory plan) {
        plan = super._plan();
        plan.terms.penalty = 0;
    }

    function test_WhenASeatIsRefundedAndMintedAgain_ItChangesHandsWithoutTollCooldownOrRoyalty()
        public
    {
        Plan memory plan = _plan();
        plan.tiers[0].cap = 1;
        drop = _create(plan);
        Switcher switcher = new Switcher();
        vm.deal(address(this), PRICE);
        switcher.buy{value: PRICE}(address(seats), _request(address(switcher), 1));
        vm.warp(block.timestamp + 1);
        // Sold out, and a gift would wait for a week and cost the toll.
        vm.assertGt(COOLDOWN, 1, "cooldown");
        SeatId fresh = switcher.handOver(address(seats), _seat(1), _request(bob, 1));
        vm.assertEq(_ownerOf(fresh), bob, "handed over in one transaction");
        vm.assertEq(seats.heldOf(fresh) + seats.heldOf(_seat(1)), 0, "nothing for the mentor");
        vm.assertEq(seats.escrowOf(drop), PRICE, "E as before");
    }

    function test_WhenOneBuyerTakesEverythingAndRefundsAfterThePhase_ItLeavesNothingToSell()
        public
    {
        uint256 before = alice.balance;
        vm.warp(NOW + 9 days);
        _mintSeats(alice, CAP);
        vm.warp(block.timestamp + 1);
        for (uint256 number = 1; number <= CAP; ++number) {
            _refund(_seat(number));
        }
        vm.assertEq(alice.balance, before, "it cost gas and a second");
        vm.assertEq(_tier().live, 0, "an empty drop");
        // The only phase is over, and not even postponing opens one again.
        vm.prank(mentor);
        seats.postpone(drop, STARTS + 30 days, ENDS + 30 days, DELIVER_BY + 30 days);
        vm.prank(bob);
        vm.expectRevert(
            abi.encodeWithSelector(
                ISeatDrops.SeatDrops_PhaseClosed.selector, NOW, NOW + 9 days, block.timestamp
            )
        );
        seats.mint{value: PRICE}(_request(bob, 1), "");
    }

    function test_WhenTheSellerUsesTheSeatFirst_ItSellsAKeyThatOpensNothing() public {
        SeatId key = _mint(alice);
        Plan memory plan = _plan();
        plan.phases[0].gate = Gate.SEAT;
        plan.phases[0].gateData = bytes32(DropId.unwrap(drop));
        plan.phases[0].closes = ENDS;
        DropId behind = _create(plan);
        vm.warp(REFUND_UNTIL + 1);
        Listing memory listing = _listing(key, PRICE);
        bytes memory signature = _sign("alice", listing);
        // bob sees an unspent key and buys; alice's mint is put before it in the same block.
        vm.assertFalse(seats.isSeatSpent(behind, 0, key), "unspent when bob looked");
        vm.prank(alice);
        seats.mint{value: PRICE}(_requestFor(behind, PRICE), abi.encode(key));
        _buy(bob, listing, signature);
        vm.assertEq(_ownerOf(key), bob, "bob paid");
        vm.assertTrue(seats.isSeatSpent(behind, 0, key), "for a spent key");
    }

    function test_WhenADropIsCancelledWhileAnOpenSeatLiesInAPool_ItKeepsTheMoneyForEver() public {
        Plan memory plan = _plan();
        plan.terms.policy = TransferPolicy.OPEN;
        plan.terms.toll = 0;
        plan.terms.giftCooldown = 0;
        drop = _create(plan);
        SeatId seat = _mint(alice);
        Pool pool = new Pool();
        vm.startPrank(alice);
        seats.setApprovalForAll(address(pool), true);
        pool.deposit(address(seats), SeatId.unwrap(seat));
        vm.stopPrank();
        _cancel();
        vm.prank(alice);
        vm.expectRevert(bytes("stuck"));
        pool.redeem(address(seats), SeatId.unwrap(seat));
        vm.prank(alice);
        seats.claim(seat);
        vm.assertEq(_creditOf(address(pool)), PRICE, "a credit that nobody can withdraw");
    }
}
