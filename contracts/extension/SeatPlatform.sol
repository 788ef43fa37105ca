// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";

import {ISeatPlatform} from "../interfaces/ISeatPlatform.sol";
import {Platform} from "../libraries/Platform.sol";
import {SeatBase} from "../rooms/SeatBase.sol";

/// @title The platform room: what the owner sets for drops to come
abstract contract SeatPlatform is Ownable2Step, SeatBase, ISeatPlatform {
    uint256 internal constant MAX_CURRENCIES = 255;

    /// @inheritdoc ISeatPlatform
    function setPlatform(address treasury, uint16 fee) external onlyOwner {
        Platform.set(_seats, treasury, fee);
    }

    /// @inheritdoc ISeatPlatform
    function setCurrency(address currency, bool allowed) external onlyOwner {
        uint256 index = _seats.currencyIndexes[currency];
        if ((index != 0) == allowed) revert Seats_CurrencyUnchanged(currency, allowed);
        if (allowed) {
            if (currency.code.length == 0 || currency == address(this)) {
                revert Seats_CurrencyMissing(currency);
            }
            index = _seats.currencyCount + 1;
            if (index > MAX_CURRENCIES) revert Seats_CurrenciesExhausted(MAX_CURRENCIES);
            _seats.currencyCount = index;
            // An index names one currency for ever: drops that exist rest on it.
            _seats.currencies[index] = currency;
        }
        _seats.currencyIndexes[currency] = allowed ? index : 0;
        emit CurrencySet(currency, index, allowed);
    }

    /// @inheritdoc ISeatPlatform
    function setGuardian(address newGuardian) external onlyOwner {
        _seats.guardian = newGuardian;
        emit GuardianSet(newGuardian);
    }

    /// @inheritdoc ISeatPlatform
    function platform() external view returns (address treasury, uint256 fee) {
        return (_seats.platform.treasury(), _seats.platform.fee());
    }

    /// @inheritdoc ISeatPlatform
    function guardian() external view returns (address) {
        return _seats.guardian;
    }

    /// @inheritdoc ISeatPlatform
    function currencyIndexOf(address currency) external view returns (uint256) {
        return _seats.currencyIndexes[currency];
    }
}
