// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SeatId} from "../types/SeatId.sol";

/// @title Metadata and image of seats
interface ISeatRenderer {
    /// @notice OpenSea-compatible JSON with the image inside, as a `data:` address.
    function tokenURI(SeatId seat) external view returns (string memory);

    /// @notice ERC-7572 metadata of the whole collection, as a `data:` address.
    function contractURI() external view returns (string memory);
}
