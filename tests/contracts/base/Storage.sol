// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DropId} from "../../../contracts/types/DropId.sol";
import {SeatId} from "../../../contracts/types/SeatId.sol";
import {DropState} from "../../../contracts/types/Terms.sol";
import {DeployedSeats} from "./DeployedSeats.sol";
import {vm} from "./Vm.sol";

/// @title Writing states that no function reaches by itself
/// @dev Places follow snapshots/storage-layout.json: `_seats` begins at slot 2. Every writer reads
/// first and changes its own bits alone.
library Storage {
    uint256 private constant DROPS = 2 + 5;
    uint256 private constant HELD = 2 + 6;
    uint256 private constant CREDITS = 2 + 7;
    uint256 private constant TIERS = 6;

    function setState(DeployedSeats seats, DropId drop, DropState state) internal {
        _setBits(seats, dropSlot(drop), 0, 8, uint256(state));
    }

    function setTermsVersion(DeployedSeats seats, DropId drop, uint256 version) internal {
        _setBits(seats, dropSlot(drop), 24, 8, version);
    }

    function setPausedUntil(DeployedSeats seats, DropId drop, uint256 until) internal {
        _setBits(seats, dropSlot(drop), 128, 40, until);
    }

    /// @dev As many seats issued in tier 0 as `issued`, of which `live` live.
    function setIssued(DeployedSeats seats, DropId drop, uint256 issued, uint256 live) internal {
        bytes32 slot = bytes32(uint256(dropSlot(drop)) + TIERS);
        _setBits(seats, slot, 208, 24, issued);
        _setBits(seats, slot, 232, 24, live);
    }

    function setHeld(DeployedSeats seats, SeatId seat, uint256 amount) internal {
        _setBits(seats, _inMapping(bytes32(SeatId.unwrap(seat)), HELD), 0, 96, amount);
    }

    /// @dev Gives `account` a credit and the contract the money for it.
    function addCredit(DeployedSeats seats, address account, uint256 amount) internal {
        bytes32 ofEther = _inMapping(bytes32(0), CREDITS);
        bytes32 slot = _inMapping(bytes32(uint256(uint160(account))), uint256(ofEther));
        vm.store(address(seats), slot, bytes32(uint256(vm.load(address(seats), slot)) + amount));
        vm.deal(address(seats), address(seats).balance + amount);
    }

    function setEpoch(DeployedSeats seats, SeatId seat, uint256 epoch) internal {
        _setBits(seats, seatSlot(seat), 160 + 40, 32, epoch);
    }

    function setFlags(DeployedSeats seats, SeatId seat, uint256 flags) internal {
        _setBits(seats, seatSlot(seat), 160 + 80, 8, flags);
    }

    function dropSlot(DropId drop) internal pure returns (bytes32) {
        return _inMapping(bytes32(DropId.unwrap(drop)), DROPS);
    }

    /// @dev Solady's ERC721: the owner and the 96 bits beside it.
    function seatSlot(SeatId seat) internal pure returns (bytes32 slot) {
        uint256 id = SeatId.unwrap(seat);
        assembly ("memory-safe") {
            mstore(0x00, id)
            mstore(0x1c, shl(192, 0x7d8825530a5a2e7a))
            slot := add(id, add(id, keccak256(0x00, 0x20)))
        }
    }

    function _inMapping(bytes32 key, uint256 slot) private pure returns (bytes32) {
        return keccak256(abi.encode(key, slot));
    }

    function _setBits(
        DeployedSeats seats,
        bytes32 slot,
        uint256 offset,
        uint256 size,
        uint256 value
    ) private {
        uint256 mask = ((1 << size) - 1) << offset;
        uint256 kept = uint256(vm.load(address(seats), slot)) & ~mask;
        vm.store(address(seats), slot, bytes32(kept | value << offset));
    }
}
