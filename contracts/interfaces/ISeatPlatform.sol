// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title The platform: what its owner sets for drops to come
/// @dev Nothing here changes a drop that exists, but for its treasury: what a drop releases pays
/// the fee of its creation to the treasury of the day.
interface ISeatPlatform {
    /// @notice New drops pay `fee` basis points of released money to `treasury`.
    event PlatformSet(address treasury, uint256 fee);

    /// @notice New drops may be paid in `currency`, or no longer may; drops name it by `index`.
    event CurrencySet(address indexed currency, uint256 index, bool allowed);

    /// @notice `guardian` may pause drops; nobody: nobody may.
    event GuardianSet(address guardian);

    /// @notice There is no currency at this address: nothing at all, or this contract.
    error Seats_CurrencyMissing(address currency);

    /// @notice The currency is allowed already, or was not.
    error Seats_CurrencyUnchanged(address currency, bool allowed);

    /// @notice A platform names at most 255 currencies in its life.
    error Seats_CurrenciesExhausted(uint256 most);

    /// @notice The fee is above the constant that bounds it for ever.
    error Seats_FeeTooHigh(uint256 fee, uint256 most);

    /// @notice The treasury cannot be nobody.
    error Seats_TreasuryMissing();

    /// @notice Ownership is handed over, never thrown away.
    error Seats_OwnerRequired();

    /// @notice There is no function with this selector.
    error Seats_FunctionUnknown(bytes4 selector);

    /// @notice Sets treasury and fee of drops created from now on. Only the platform's owner.
    function setPlatform(address treasury, uint16 fee) external;

    /// @notice Lets new drops be paid in an ERC-20, or no longer. Only the platform's owner. Drops
    /// that exist keep their currency.
    function setCurrency(address currency, bool allowed) external;

    /// @notice Names who may pause drops. Only the platform's owner.
    function setGuardian(address newGuardian) external;

    /// @notice Who may pause drops.
    function guardian() external view returns (address);

    /// @notice The index by which new drops name `currency`; zero: they may not use it.
    function currencyIndexOf(address currency) external view returns (uint256);

    /// @notice Treasury and fee that the next drop will get.
    function platform() external view returns (address treasury, uint256 fee);
}
