// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DropId} from "../types/DropId.sol";
import {SeatId} from "../types/SeatId.sol";
import {DropState, TransferPolicy} from "../types/Terms.sol";
import {SeatView} from "../types/Views.sol";

/// @title The seat as a token
/// @notice An ERC-721 token that moves only as its drop's policy allows.
/// @dev Under MARKET_ONLY there are no approvals: the owner's own `transferFrom` is a gift, which
/// waits for the cooldown and pays the toll; every other move is a sale here. Under OPEN a seat is
/// an ordinary ERC-721 token without cooldown and toll, and a royalty elsewhere is advisory. Under
/// BOUND it never moves. In every policy a seat that is checked in, objected with, or kept by the
/// state of its drop does not move, whoever asks.
/// WARNING: `setApprovalForAll` always succeeds, because an account may hold seats of OPEN drops,
/// and has no effect on any other seat.
/// WARNING: who sells the wallet that holds a seat, or a contract that wraps it, sells the seat
/// without a royalty. No contract can see that.
interface ISeatToken {
    /// @notice ERC-5192: `tokenId` will not move again.
    event Locked(uint256 tokenId);

    /// @notice ERC-4906: the metadata of `tokenId` changed.
    event MetadataUpdate(uint256 tokenId);

    /// @notice ERC-4906: the metadata of all these seats changed.
    event BatchMetadataUpdate(uint256 fromTokenId, uint256 toTokenId);

    /// @notice The owner raised the epoch of `seat`: every listing of it is dead.
    event ListingsCancelled(SeatId indexed seat, uint256 epoch);

    /// @notice There is no contract at the renderer's address.
    error SeatToken_RendererMissing(address renderer);

    /// @notice There is no such seat, or it was burned.
    error SeatToken_Unknown(SeatId seat);

    /// @notice Only the owner may do this.
    error SeatToken_NotOwner(SeatId seat, address owner, address caller);

    /// @notice A transfer names as `from` an account that does not own the seat.
    error SeatToken_NotTheirs(SeatId seat, address owner, address from);

    /// @notice A seat is never given to the zero address, nor to this contract, which cannot act as
    /// its owner.
    error SeatToken_ToNobody(SeatId seat, address recipient);

    /// @notice `receiver` is a contract that does not say that it takes tokens.
    error SeatToken_NotTaken(SeatId seat, address receiver);

    /// @notice Under this policy seats are not approved to others: sell here or give as a gift.
    error SeatToken_ApprovalRefused(TransferPolicy policy);

    /// @notice A BOUND seat never moves.
    error SeatToken_Bound(SeatId seat);

    /// @notice A checked-in or objected seat never moves.
    error SeatToken_Locked(SeatId seat);

    /// @notice The state of its drop keeps the seat where it is.
    error SeatToken_DropImmovable(DropId drop, DropState state);

    /// @notice The drop was not delivered in time: claim the money back instead.
    error SeatToken_DeliveryOverdue(DropId drop, uint256 deliverBy);

    /// @notice The seat was moved too recently to be given away; `from` is the first second.
    error SeatToken_CoolingDown(SeatId seat, uint256 from);

    /// @notice A gift pays exactly the toll: `toll` with the call. In a drop whose currency is an
    /// ERC-20 the toll is taken from the owner's allowance, and nothing comes with the call.
    error SeatToken_WrongToll(SeatId seat, uint256 toll, uint256 paid);

    /// @notice The seat has changed hands as often as can be counted.
    error SeatToken_EpochExhausted(SeatId seat);

    /// @notice Kills every listing of `seat`, signed or stored, by raising its epoch.
    function cancelListings(SeatId seat) external;

    /// @notice Owner, epoch, face, toll and more of a living seat.
    function seatOf(SeatId seat) external view returns (SeatView memory);
}
