// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SeatId} from "../../../contracts/types/SeatId.sol";
import {Listing} from "../../../contracts/types/Terms.sol";

/// @title What should be true, kept apart from the contract that is tested
/// @dev Written by the handler from what it sent and nothing else: no figure here is ever read back
/// from Seats.
contract Ledger {
    /// @dev ETH that entered and left Seats, and what was forced in.
    uint256 public paidIn;
    uint256 public paidOut;
    uint256 public forced;

    /// @dev Faces of all seats minted in a drop, by the drop's number.
    mapping(uint256 drop => uint256) public faces;
    mapping(uint256 drop => uint256) public minted;

    mapping(SeatId seat => address) public ownerOf;
    mapping(SeatId seat => uint256) public epochOf;
    mapping(SeatId seat => uint256) public heldOf;
    mapping(address account => uint256) public creditOf;
    mapping(address account => uint256) public balanceOf;
    mapping(bytes32 action => uint256) public reached;

    SeatId[] private _seats;
    Listing[] private _spent;
    mapping(bytes32 listing => bool) public isFilled;

    function seats() external view returns (SeatId[] memory) {
        return _seats;
    }

    function seatCount() external view returns (uint256) {
        return _seats.length;
    }

    function seatAt(uint256 index) external view returns (SeatId) {
        return _seats[index];
    }

    function spentCount() external view returns (uint256) {
        return _spent.length;
    }

    function spentAt(uint256 index) external view returns (Listing memory) {
        return _spent[index];
    }

    function reach(bytes32 action) external {
        ++reached[action];
    }

    function noteMint(uint256 drop, SeatId first, uint256 quantity, address recipient, uint256 paid)
        external
    {
        for (uint256 i; i < quantity; ++i) {
            SeatId seat = SeatId.wrap(SeatId.unwrap(first) + i);
            _seats.push(seat);
            ownerOf[seat] = recipient;
        }
        balanceOf[recipient] += quantity;
        faces[drop] += paid;
        minted[drop] += quantity;
        paidIn += paid;
    }

    function noteMove(SeatId seat, address to, uint256 held) external {
        --balanceOf[ownerOf[seat]];
        ++balanceOf[to];
        ownerOf[seat] = to;
        ++epochOf[seat];
        heldOf[seat] += held;
    }

    function noteIn(uint256 amount) external {
        paidIn += amount;
    }

    function noteOut(uint256 amount) external {
        paidOut += amount;
    }

    function noteForced(uint256 amount) external {
        forced += amount;
    }

    function noteCredit(address account, uint256 amount) external {
        creditOf[account] += amount;
    }

    function noteWithdrawal(address account, uint256 amount) external {
        creditOf[account] -= amount;
        paidOut += amount;
    }

    function noteCancellation(SeatId seat) external {
        ++epochOf[seat];
    }

    /// @dev A listing that must never be filled, again or at all.
    function noteSpent(Listing calldata listing, bytes32 digest, bool filled) external {
        require(!filled || !isFilled[digest], "a listing filled twice");
        if (filled) isFilled[digest] = true;
        _spent.push(listing);
    }
}
