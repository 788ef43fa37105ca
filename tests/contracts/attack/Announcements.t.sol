// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatBaskets} from "../../../contracts/interfaces/ISeatBaskets.sol";
import {ISeatDelivery} from "../../../contracts/interfaces/ISeatDelivery.sol";
import {ISeatDrops} from "../../../contracts/interfaces/ISeatDrops.sol";
import {ISeatMarket} from "../../../contracts/interfaces/ISeatMarket.sol";
import {ISeatSteering} from "../../../contracts/interfaces/ISeatSteering.sol";
import {ISeatToken} from "../../../contracts/interfaces/ISeatToken.sol";
import {DropId} from "../../../contracts/types/DropId.sol";
import {SeatId} from "../../../contracts/types/SeatId.sol";
import {Listing, MintRequest} from "../../../contracts/types/Terms.sol";
import {DeployedSeats} from "../base/DeployedSeats.sol";
import {NOW, PRICE, Plan} from "../base/Plans.sol";
import {SeatsTest} from "../base/SeatsTest.sol";
import {RecordedLog, vm} from "../base/Vm.sol";
import {CallbackCoin, CalledBackHolder} from "../hostile/Currencies.sol";

/// @dev A mirror folds a transfer by what was announced right before it and stops at anything else.
/// Here a currency lets its holder, who is the mentor too, through every unguarded door in the
/// middle of a payment: no announcement is ever parted from its transfers.
contract AnnouncementAttacksTest is SeatsTest {
    uint256 private constant DOORS = 12;

    CallbackCoin private coin;
    CalledBackHolder private holder;
    SeatId private kept;

    function setUp() public override {
        super.setUp();
        coin = new CallbackCoin();
        holder = new CalledBackHolder();
        _allow(address(coin));
    }

    function test_WhenAMintIsPaid_ItHasMovedWhatItAnnounced() public {
        for (uint256 door; door < DOORS; ++door) {
            _begin();
            MintRequest[] memory requests = new MintRequest[](3);
            requests[0] = _wanted(2);
            requests[1] = _wanted(1);
            requests[2] = _wanted(3);
            _through(door, abi.encodeCall(ISeatDrops.mintMany, (requests, new bytes[](3))));
        }
    }

    function test_WhenABasketIsPaid_ItHasMovedWhatItAnnounced() public {
        for (uint256 door; door < DOORS; ++door) {
            _begin();
            Listing[] memory listings = new Listing[](3);
            bytes[] memory signatures = new bytes[](3);
            for (uint256 i; i < 3; ++i) {
                listings[i] = _listing(_mintCoin(i == 1 ? carol : bob), PRICE);
                signatures[i] = _sign(i == 1 ? "carol" : "bob", listings[i]);
            }
            (listings[1].seat, listings[1].price) = (SeatId.wrap(type(uint256).max), 0);
            _through(door, abi.encodeCall(ISeatBaskets.buyMany, (listings, signatures)));
        }
    }

    function test_WhenAGiftToOneselfIsPaid_ItHasMovedWhatItAnnounced() public {
        for (uint256 door; door < DOORS; ++door) {
            _begin();
            _through(
                door,
                abi.encodeWithSignature(
                    "transferFrom(address,address,uint256)",
                    holder,
                    holder,
                    _mintCoin(address(holder))
                )
            );
        }
    }

    function test_WhenARefundIsPaid_ItHasMovedWhatItAnnounced() public {
        for (uint256 door; door < DOORS; ++door) {
            _begin();
            SeatId seat = _mintCoin(address(holder));
            vm.warp(block.timestamp + 1);
            _through(door, abi.encodeCall(ISeatDelivery.refund, (seat)));
        }
    }

    /// @dev A drop of the holder's own, in the coin, with a seat that is kept.
    function _begin() private {
        vm.warp(NOW);
        Plan memory plan = _plan();
        plan.terms.currency = address(coin);
        plan.terms.giftCooldown = 0;
        bytes memory creation =
            abi.encodeCall(ISeatDrops.createDrop, (plan.terms, plan.tiers, plan.phases));
        holder.act(address(seats), creation);
        drop = DropId.wrap(seats.dropCount());
        _fund(address(coin), alice, 100 ether);
        coin.mint(address(holder), 100 ether);
        holder.act(address(coin), abi.encodeCall(coin.approve, (address(seats), 100 ether)));
        holder.prepare(address(seats), "");
        kept = _mintCoin(address(holder));
    }

    function _wanted(uint256 quantity) private view returns (MintRequest memory) {
        return MintRequest(drop, 0, address(holder), quantity, PRICE * quantity, address(0));
    }

    function _mintCoin(address recipient) private returns (SeatId) {
        MintRequest memory request = _wanted(1);
        request.recipient = recipient;
        vm.prank(alice);
        return seats.mint(request, "");
    }

    function _through(uint256 door, bytes memory call_) private {
        holder.prepare(address(seats), _door(door));
        vm.recordLogs();
        holder.act(address(seats), call_);
        _assertKept(vm.getRecordedLogs());
        vm.assertTrue(holder.outcome() != holder.NOT_CALLED(), "it was called back");
        bool guarded = holder.outcome() == bytes32(DeployedSeats.Reentrancy.selector);
        vm.assertEq(guarded, door == 9 || door == 11, "which doors are guarded");
    }

    function _door(uint256 door) private view returns (bytes memory) {
        if (door == 0) return abi.encodeCall(ISeatSteering.cancelDrop, (drop));
        if (door == 1) return abi.encodeCall(ISeatSteering.lowerCap, (drop, 0, 20));
        if (door == 2) {
            return abi.encodeCall(
                ISeatSteering.postpone, (drop, NOW + 20 days, NOW + 40 days, NOW + 60 days)
            );
        }
        if (door == 3) return abi.encodeCall(ISeatToken.cancelListings, (kept));
        if (door == 4) return abi.encodeCall(ISeatMarket.bumpCounter, ());
        if (door == 5) return abi.encodeCall(ISeatMarket.list, (_listing(kept, PRICE)));
        if (door == 6) return abi.encodeCall(ISeatSteering.setVerifier, (drop, carol));
        if (door == 7) return abi.encodeCall(ISeatDelivery.checkIn, (kept, NOW, "", ""));
        if (door == 8) {
            return abi.encodeWithSignature("setApprovalForAll(address,bool)", bob, true);
        }
        if (door == 9) return abi.encodeCall(ISeatSteering.grant, (drop, 0, bob, 1));
        if (door == 10) {
            Plan memory plan = _plan();
            return abi.encodeCall(ISeatDrops.createDrop, (plan.terms, plan.tiers, plan.phases));
        }
        return abi.encodeCall(ISeatDelivery.refund, (kept));
    }

    /// @dev Every announcement is followed at once by its transfers, and no mint and no burn comes
    /// without one.
    function _assertKept(RecordedLog[] memory logs) private view {
        uint256 next;
        while (next < logs.length) {
            RecordedLog memory log = logs[next++];
            if (log.emitter != address(seats)) continue;
            bytes32 topic = log.topics[0];
            if (topic == ISeatDrops.SeatsMinted.selector) {
                (, uint256 quantity,,) = abi.decode(log.data, (uint256, uint256, address, address));
                for (uint256 i; i < quantity; ++i) {
                    _assertTransfer(logs[next++], bytes32(0), uint256(log.topics[1]) + i);
                }
            } else if (topic == ISeatMarket.SeatSold.selector) {
                _assertTransfer(logs[next++], log.topics[2], uint256(log.topics[1]));
            } else if (topic == ISeatDelivery.SeatRefunded.selector) {
                vm.assertEq(logs[next].topics[2], bytes32(0), "burned");
                _assertTransfer(logs[next++], log.topics[2], uint256(log.topics[1]));
            } else if (topic == DeployedSeats.Transfer.selector) {
                vm.assertTrue(log.topics[1] != bytes32(0), "a mint that nothing announced");
                vm.assertTrue(log.topics[2] != bytes32(0), "a burn that nothing announced");
            }
        }
    }

    function _assertTransfer(RecordedLog memory log, bytes32 from, uint256 id) private pure {
        vm.assertEq(log.topics[0], DeployedSeats.Transfer.selector, "a transfer follows at once");
        vm.assertEq(log.topics[1], from, "from whom it was announced");
        vm.assertEq(uint256(log.topics[3]), id, "of the seat that was announced");
    }
}
