// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Ownable, Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";

import {ISeatRenderer} from "./interfaces/ISeatRenderer.sol";
import {ISeats} from "./interfaces/ISeats.sol";
import {SeatDrops} from "./rooms/SeatDrops.sol";
import {SeatMarket} from "./rooms/SeatMarket.sol";
import {SeatToken} from "./rooms/SeatToken.sol";

/// @title Seats
/// @notice The deployed contract: token, drops, market and escrow at one address. Not
/// upgradeable; a new version is a new deployment.
contract Seats is Ownable2Step, SeatDrops, SeatMarket, ISeats {
    uint256 internal constant MAX_FEE = 1000;

    constructor(address owner, address treasury, uint16 fee, ISeatRenderer renderer)
        Ownable(owner)
        SeatToken(renderer)
    {
        _setPlatform(treasury, fee);
    }

    /// @inheritdoc ISeats
    function setPlatform(address treasury, uint16 fee) external onlyOwner {
        _setPlatform(treasury, fee);
    }

    /// @inheritdoc ISeats
    function platform() external view returns (address treasury, uint256 fee) {
        return (_seats.platform.treasury(), _seats.platform.fee());
    }

    /// @notice Refused: the platform without an owner could never name a currency again.
    function renounceOwnership() public pure override {
        revert Seats_OwnerRequired();
    }

    function _setPlatform(address treasury, uint16 fee) private {
        if (fee > MAX_FEE) revert Seats_FeeTooHigh(fee, MAX_FEE);
        if (treasury == address(0)) revert Seats_TreasuryMissing();
        _seats.platform = _seats.platform.withTreasury(treasury, fee);
        emit PlatformSet(treasury, fee);
    }
}
