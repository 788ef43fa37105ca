// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SeatId} from "../types/SeatId.sol";
import {ISeats} from "./ISeats.sol";

/// @title Metadata and image of seats
/// @notice Everything is made from the chain alone; the API serves the same bytes.
interface ISeatRenderer {
    /// @notice The address of the market's pages must be given.
    error SeatRenderer_BaseAddressMissing();

    /// @notice OpenSea-compatible JSON with the image inside, as a `data:` address.
    function tokenURI(ISeats seats, SeatId seat) external view returns (string memory);

    /// @notice The JSON of `tokenURI`, in clear.
    function metadataOf(ISeats seats, SeatId seat) external view returns (string memory);

    /// @notice The image of `tokenURI`: an SVG without scripts and without outside addresses.
    function imageOf(ISeats seats, SeatId seat) external view returns (string memory);

    /// @notice ERC-7572 metadata of the whole collection, as a `data:` address.
    function contractURI() external view returns (string memory);
}
