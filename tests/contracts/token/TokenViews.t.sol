// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatDrops} from "../../../contracts/interfaces/ISeatDrops.sol";
import {ISeatStandards} from "../../../contracts/interfaces/ISeatStandards.sol";
import {ISeatToken} from "../../../contracts/interfaces/ISeatToken.sol";
import {DropId} from "../../../contracts/types/DropId.sol";
import {SeatId} from "../../../contracts/types/SeatId.sol";
import {CHECKED_IN, CLAIMED, GRANTED, OBJECTED} from "../../../contracts/types/SeatWord.sol";
import {DropState, TransferPolicy} from "../../../contracts/types/Terms.sol";
import {SeatView} from "../../../contracts/types/Views.sol";
import {DeployedSeats} from "../base/DeployedSeats.sol";
import {COOLDOWN, NOW, PRICE, Plan, TOLL} from "../base/Plans.sol";
import {SeatsTest} from "../base/SeatsTest.sol";
import {Storage} from "../base/Storage.sol";
import {vm} from "../base/Vm.sol";

contract TokenViewsTest is SeatsTest {
    SeatId internal seat;
    uint256 internal id;

    function setUp() public override {
        super.setUp();
        seat = _mint(alice);
        id = SeatId.unwrap(seat);
    }

    function test_ItNamesTheCollection() public view {
        vm.assertEq(seats.name(), "Seatmarket", "name");
        vm.assertEq(seats.symbol(), "SEAT", "symbol");
    }

    function test_ItClaimsTheInterfacesThatItHas() public view {
        vm.assertTrue(seats.supportsInterface(0x01ffc9a7), "ERC-165");
        vm.assertTrue(seats.supportsInterface(0x80ac58cd), "ERC-721");
        vm.assertTrue(seats.supportsInterface(0x5b5e139f), "ERC-721 metadata");
        vm.assertTrue(seats.supportsInterface(0x2a55205a), "ERC-2981");
        vm.assertTrue(seats.supportsInterface(0x49064906), "ERC-4906");
        vm.assertTrue(seats.supportsInterface(0xb45a3c0e), "ERC-5192");
        vm.assertTrue(seats.supportsInterface(0x91a6262f), "ERC-6454");
        vm.assertTrue(seats.supportsInterface(0xe8a3d485), "ERC-7572");
        vm.assertEq(
            bytes32(ISeatStandards.locked.selector), bytes32(bytes4(0xb45a3c0e)), "of one function"
        );
        vm.assertEq(
            bytes32(ISeatStandards.isTransferable.selector),
            bytes32(bytes4(0x91a6262f)),
            "of another"
        );
        vm.assertEq(
            bytes32(ISeatStandards.contractURI.selector), bytes32(bytes4(0xe8a3d485)), "of the last"
        );
        vm.assertFalse(seats.supportsInterface(0xffffffff), "no interface");
        vm.assertFalse(seats.supportsInterface(0x00000000), "the empty one");
        vm.assertFalse(seats.supportsInterface(0x780e9d63), "ERC-721 enumerable");
        vm.assertFalse(seats.supportsInterface(0x150b7a02), "ERC-721 receiver");
    }

    function test_ItTellsTheDomainThatSellersSign() public view {
        (
            bytes1 fields,
            string memory name,
            string memory version,
            uint256 chainId,
            address verifyingContract,
            bytes32 salt,
            uint256[] memory extensions
        ) = seats.eip712Domain();
        vm.assertEq(uint256(uint8(fields)), 0x0f, "fields");
        vm.assertEq(name, "Seatmarket", "name");
        vm.assertEq(version, "1", "version");
        vm.assertEq(chainId, block.chainid, "chain");
        vm.assertEq(verifyingContract, address(seats), "contract");
        vm.assertEq(salt, bytes32(0), "salt");
        vm.assertEq(extensions.length, 0, "extensions");
    }

    function test_ItTellsTheMentorsRoyalty() public {
        (address receiver, uint256 amount) = seats.royaltyInfo(id, 12_345);
        vm.assertEq(receiver, mentor, "receiver");
        vm.assertEq(amount, 1234, "rounded down");
        (, amount) = seats.royaltyInfo(id, 10 ether);
        vm.assertEq(amount, 1 ether, "to the wei");
        Plan memory plan = _plan();
        plan.terms.payout = carol;
        SeatId other = _mintIn(_create(plan), alice);
        (receiver,) = seats.royaltyInfo(SeatId.unwrap(other), 0);
        vm.assertEq(receiver, carol, "payout");
    }

    function test_ItTellsWhatASeatOfAnUnknownDropPays() public view {
        (address receiver, uint256 amount) = seats.royaltyInfo(9_000_001, 1 ether);
        vm.assertEq(receiver, address(0), "receiver");
        vm.assertEq(amount, 0, "amount");
    }

    function test_ItTellsNoRoyaltyOfAPriceTooHighToMultiply() public {
        uint256 most = type(uint256).max / 10_000;
        (, uint256 amount) = seats.royaltyInfo(id, most);
        vm.assertGt(amount, most / 100, "the highest");
        vm.expectRevert(
            abi.encodeWithSelector(
                ISeatStandards.SeatStandards_PriceTooHigh.selector, most + 1, most
            )
        );
        seats.royaltyInfo(id, most + 1);
    }

    function test_ItTellsWhetherASeatIsLocked() public {
        vm.assertFalse(seats.locked(id), "free");
        Storage.setFlags(seats, seat, CHECKED_IN);
        vm.assertTrue(seats.locked(id), "checked in");
        Storage.setFlags(seats, seat, OBJECTED);
        vm.assertTrue(seats.locked(id), "objected");
        Storage.setFlags(seats, seat, GRANTED);
        vm.assertFalse(seats.locked(id), "granted");
        Plan memory plan = _plan();
        plan.terms.policy = TransferPolicy.BOUND;
        SeatId bound = _mintIn(_create(plan), alice);
        vm.assertTrue(seats.locked(SeatId.unwrap(bound)), "bound");
        vm.assertTrue(seats.seatOf(bound).locked, "bound, in the view");
    }

    function test_ItTellsOfASeatWhatHappenedToIt() public {
        vm.warp(NOW + COOLDOWN);
        vm.prank(alice);
        seats.transferFrom{value: TOLL}(alice, bob, id);
        SeatView memory view_ = seats.seatOf(seat);
        vm.assertEq(view_.owner, bob, "owner");
        vm.assertEq(view_.epoch, 1, "epoch");
        vm.assertEq(view_.held, TOLL, "held");
        vm.assertEq(view_.face, PRICE, "face");
        vm.assertEq(view_.movableFrom, NOW + 2 * COOLDOWN, "movable from");
        Storage.setFlags(seats, seat, GRANTED);
        vm.assertEq(seats.seatOf(seat).face, 0, "face of a granted seat");
    }

    function test_ItTellsEachFlagOfASeatByItself() public {
        uint256[4] memory flags = [CHECKED_IN, GRANTED, OBJECTED, CLAIMED];
        for (uint256 i; i < flags.length; ++i) {
            Storage.setFlags(seats, seat, flags[i]);
            SeatView memory view_ = seats.seatOf(seat);
            vm.assertEq(view_.checkedIn, flags[i] == CHECKED_IN, "checked in");
            vm.assertEq(view_.granted, flags[i] == GRANTED, "granted");
            vm.assertEq(view_.objected, flags[i] == OBJECTED, "objected");
            vm.assertEq(view_.claimed, flags[i] == CLAIMED, "claimed");
        }
    }

    function test_ItKnowsNoSeatThatWasNeverMinted() public {
        bytes memory unknown =
            abi.encodeWithSelector(ISeatToken.SeatToken_Unknown.selector, _seat(2));
        vm.expectRevert(unknown);
        seats.seatOf(_seat(2));
        vm.expectRevert(unknown);
        seats.locked(id + 1);
        vm.expectRevert(unknown);
        seats.tokenURI(id + 1);
        vm.expectRevert(unknown);
        seats.ownerOf(id + 1);
        vm.expectRevert(unknown);
        seats.getApproved(id + 1);
        vm.expectRevert(DeployedSeats.BalanceQueryForZeroAddress.selector);
        seats.balanceOf(address(0));
    }

    function test_ItKnowsNoDropThatWasNeverCreated() public {
        vm.expectRevert(
            abi.encodeWithSelector(ISeatDrops.SeatDrops_Unknown.selector, DropId.wrap(2))
        );
        seats.termsOf(DropId.wrap(2));
        vm.assertEq(seats.escrowOf(DropId.wrap(2)), 0, "escrow");
    }

    function test_ItOwesNothingOnceTheDropIsNoLongerLive() public {
        vm.assertEq(seats.escrowOf(drop), PRICE, "live");
        Storage.setState(seats, drop, DropState.SETTLED);
        vm.assertEq(seats.escrowOf(drop), 0, "settled");
    }
}
