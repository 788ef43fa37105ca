// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatPlatform} from "../interfaces/ISeatPlatform.sol";
import {SeatsLayout} from "../types/SeatsLayout.sol";

/// @title Treasury and fee of drops to come: at the deployment and whenever the owner sets them
library Platform {
    /// @dev The fee of released money can never be higher.
    uint256 internal constant MAX_FEE = 1000;

    function set(SeatsLayout storage seats, address treasury, uint16 fee) internal {
        if (fee > MAX_FEE) revert ISeatPlatform.Seats_FeeTooHigh(fee, MAX_FEE);
        if (treasury == address(0)) revert ISeatPlatform.Seats_TreasuryMissing();
        seats.platform = seats.platform.withTreasury(treasury, fee);
        emit ISeatPlatform.PlatformSet(treasury, fee);
    }
}
