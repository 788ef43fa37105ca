// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Ownable, Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";

import {ISeatEscrow} from "./interfaces/ISeatEscrow.sol";
import {ISeatPlatform} from "./interfaces/ISeatPlatform.sol";
import {ISeatRenderer} from "./interfaces/ISeatRenderer.sol";
import {Platform} from "./libraries/Platform.sol";
import {SeatBase} from "./rooms/SeatBase.sol";
import {SeatDrops} from "./rooms/SeatDrops.sol";
import {SeatMarket} from "./rooms/SeatMarket.sol";
import {SeatsExtension} from "./SeatsExtension.sol";

/// @title Seats
/// @notice The deployed contract: all of `ISeats` at one address. Minting, selling, giving and
/// withdrawing are here; what is done seldom is in `SeatsExtension`, which this contract creates
/// and to which it hands every other call. Not upgradeable: the extension's address is part of
/// this code, and a new version is a new deployment.
contract Seats is Ownable2Step, SeatDrops, SeatMarket {
    SeatsExtension private immutable EXTENSION;
    address private immutable WRAPPED_ETHER;

    constructor(
        address owner,
        address treasury,
        uint16 fee,
        ISeatRenderer renderer,
        address wrappedEther
    ) Ownable(owner) SeatBase(renderer) {
        Platform.set(_seats, treasury, fee);
        EXTENSION = new SeatsExtension(renderer, wrappedEther);
        // slither-disable-next-line missing-zero-check -- the extension has refused an empty address
        WRAPPED_ETHER = wrappedEther;
    }

    /// @dev Hands every call that is no function of this contract to the extension, and its answer
    /// to the caller. Functions that take no ether refuse it there.
    fallback() external payable {
        address target = address(EXTENSION);
        // Assembly, because calldata and answer pass as they are. OpenZeppelin's `Proxy` does the
        // same but overwrites memory that the compiler needs for the rest of this contract.
        assembly ("memory-safe") {
            let free := mload(0x40)
            calldatacopy(free, 0, calldatasize())
            let done := delegatecall(gas(), target, free, calldatasize(), 0, 0)
            returndatacopy(free, 0, returndatasize())
            if iszero(done) { revert(free, returndatasize()) }
            return(free, returndatasize())
        }
    }

    /// @dev Ether that is unwrapped for a royalty; whatever else is sent goes back.
    receive() external payable {
        if (msg.sender != WRAPPED_ETHER) {
            revert ISeatEscrow.SeatEscrow_EtherUnasked(msg.sender, msg.value);
        }
    }

    /// @notice See `ISeats.extension`.
    function extension() external view returns (address) {
        return address(EXTENSION);
    }

    /// @notice Refused: the platform without an owner could never name a currency again.
    function renounceOwnership() public pure override {
        revert ISeatPlatform.Seats_OwnerRequired();
    }
}
