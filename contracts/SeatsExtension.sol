// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";

import {SeatBaskets} from "./extension/SeatBaskets.sol";
import {SeatDelivery} from "./extension/SeatDelivery.sol";
import {SeatOffers} from "./extension/SeatOffers.sol";
import {SeatPlatform} from "./extension/SeatPlatform.sol";
import {SeatStandards} from "./extension/SeatStandards.sol";
import {SeatSteering} from "./extension/SeatSteering.sol";
import {ISeatEscrow} from "./interfaces/ISeatEscrow.sol";
import {ISeatPlatform} from "./interfaces/ISeatPlatform.sol";
import {ISeatRenderer} from "./interfaces/ISeatRenderer.sol";
import {SeatBase} from "./rooms/SeatBase.sol";

/// @title SeatsExtension
/// @notice What is done seldom: steering a drop, delivery, disputes, claims, offers, baskets, the
/// platform, and what other software asks about a seat.
/// It runs at the address and in the storage of `Seats`, which creates it and hands it every call
/// that is not a function of its own.
/// @dev Whoever calls it at its own address finds an empty market without an owner. Its storage
/// begins as that of `Seats` does; a test compares the layouts.
contract SeatsExtension is
    SeatPlatform,
    SeatSteering,
    SeatDelivery,
    SeatOffers,
    SeatBaskets,
    SeatStandards
{
    constructor(ISeatRenderer renderer, address wrappedEther_)
        Ownable(address(0xdead))
        SeatBase(renderer)
        SeatOffers(wrappedEther_)
    {}

    /// @dev At its own address; the ether that `Seats` gets it answers itself.
    receive() external payable {
        revert ISeatEscrow.SeatEscrow_EtherUnasked(msg.sender, msg.value);
    }

    /// @dev What neither contract knows. Payable, so that ether does not hide the reason.
    fallback() external payable {
        revert ISeatPlatform.Seats_FunctionUnknown(msg.sig);
    }
}
