// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title What other software asks about a seat
/// @notice Answers by the standards that wallets and other markets know. `SeatToken` declares
/// their events and says which of them are supported (ERC-165).
interface ISeatStandards {
    /// @notice The royalty of such a price cannot be told.
    error SeatStandards_PriceTooHigh(uint256 price, uint256 most);

    /// @notice ERC-2981: the mentor's share of a sale elsewhere, which only this market enforces.
    /// @dev A sale here owes at least the toll and leaves the royalty with the seat until the drop
    /// is settled; see ISeatMarket.
    function royaltyInfo(uint256 tokenId, uint256 salePrice)
        external
        view
        returns (address receiver, uint256 amount);

    /// @notice ERC-5192: whether `tokenId` is fixed to its owner by itself: BOUND, checked in or
    /// objected with. The state of its drop can keep it as well; `isTransferable` knows both.
    function locked(uint256 tokenId) external view returns (bool);

    /// @notice ERC-6454: whether `tokenId` could move from `from` to `to` by any way there is here:
    /// a sale, a gift or, under OPEN, a transfer.
    function isTransferable(uint256 tokenId, address from, address to) external view returns (bool);

    /// @notice ERC-7572: metadata of the whole collection.
    function contractURI() external view returns (string memory);
}
