// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DropId} from "../../../../contracts/types/DropId.sol";
import {SeatId, toSeatId} from "../../../../contracts/types/SeatId.sol";
import {TransferPolicy} from "../../../../contracts/types/Terms.sol";
import {DropView, PhaseView, SeatView, TierView} from "../../../../contracts/types/Views.sol";
import {DropBook} from "./DropBook.sol";

/// @title What every seat should look like
/// @dev Kept in the form in which `seatOf` answers. Every id that was ever given out stays in the
/// list; a burned seat has no owner. Written by the handlers from what they sent and nothing else.
abstract contract SeatBook is DropBook {
    SeatId[] internal _ids;
    mapping(SeatId seat => SeatView) internal _seats;
    mapping(SeatId seat => bool) public everMinted;
    mapping(SeatId seat => address) public burnerOf;
    mapping(SeatId seat => uint256) public claimedFrom;
    mapping(address account => uint256) public balanceOf;

    /// @dev K of all seats of a drop.
    mapping(uint256 drop => uint256) public heldIn;

    /// @dev Seats that were written to since `begin`.
    SeatId[] internal _touchedSeats;

    /// @dev What is checked after an action is what it wrote to.
    function begin() external {
        delete _touchedSeats;
        delete _touchedDrops;
    }

    function noteMinted(
        uint256 id,
        uint256 phase,
        uint256 quantity,
        address payer,
        address recipient
    ) external returns (SeatId first) {
        PhaseView storage sales = _phases[id][phase];
        first = _noteNew(id, sales.tier, quantity, recipient);
        for (uint256 i; i < quantity; ++i) {
            SeatView storage seat = _seats[_after(first, i)];
            (seat.phase, seat.face) = (phase, sales.price);
        }
        if (sales.supply != 0) sales.sold += quantity;
        if (sales.walletLimit != 0) mintedBy[id][phase][payer] += quantity;
        _drops[id].owed += quantity * sales.price;
        _tiers[id][sales.tier].escrowed += quantity * sales.price;
    }

    function noteGranted(uint256 id, uint256 tier, uint256 quantity, address recipient)
        external
        returns (SeatId first)
    {
        first = _noteNew(id, tier, quantity, recipient);
        for (uint256 i; i < quantity; ++i) {
            _seats[_after(first, i)].granted = true;
        }
    }

    function noteMoved(SeatId id, address to, uint256 held) external {
        SeatView storage seat = _touchSeat(id);
        DropView storage drop = _drops[DropId.unwrap(seat.drop)];
        require(drop.policy != TransferPolicy.BOUND && !seat.locked, "a fixed seat moved");
        --balanceOf[seat.owner];
        ++balanceOf[to];
        seat.owner = to;
        ++seat.epoch;
        seat.movedAt = block.timestamp;
        seat.movableFrom = block.timestamp + drop.giftCooldown;
        _hold(seat, held);
    }

    function noteEpoch(SeatId id) external {
        ++_touchSeat(id).epoch;
    }

    function noteCheckedIn(SeatId id) external {
        SeatView storage seat = _touchSeat(id);
        (seat.checkedIn, seat.locked) = (true, true);
    }

    function noteObjected(SeatId id) external {
        SeatView storage seat = _touchSeat(id);
        (seat.objected, seat.locked) = (true, true);
        _touchDrop(DropId.unwrap(seat.drop)).objected += seat.face;
    }

    function noteBurned(SeatId id, uint256 penalty) external {
        SeatView storage seat = _touchSeat(id);
        uint256 drop = DropId.unwrap(seat.drop);
        burnerOf[id] = seat.owner;
        --balanceOf[seat.owner];
        seat.owner = address(0);
        _hold(seat, penalty);
        _touchDrop(drop).owed -= seat.face;
        --_tiers[drop][seat.tier].live;
        _tiers[drop][seat.tier].escrowed -= seat.face;
        if (_phases[drop][seat.phase].supply != 0) --_phases[drop][seat.phase].sold;
    }

    /// @param face what of E the claim pays. @param held what of K it pays to the same account.
    function noteClaimed(SeatId id, uint256 face, uint256 held) external {
        SeatView storage seat = _touchSeat(id);
        require(!seat.claimed, "a seat paid out twice");
        require(face <= seat.face && held <= seat.held, "more than face and K");
        seat.claimed = true;
        claimedFrom[id] = face + held;
        _touchDrop(DropId.unwrap(seat.drop)).owed -= face;
        _unhold(seat);
    }

    function noteCollected(SeatId id) external {
        _unhold(_touchSeat(id));
    }

    function seatCount() external view returns (uint256) {
        return _ids.length;
    }

    function seatAt(uint256 index) external view returns (SeatId) {
        return _ids[index];
    }

    function seatOf(SeatId id) external view returns (SeatView memory) {
        return _seats[id];
    }

    function touchedSeats() external view returns (SeatId[] memory) {
        return _touchedSeats;
    }

    /// @dev The lowest and the highest price of a sale; the lowest is higher where there is none.
    function boundsOf(SeatId id) public view returns (uint256 least, uint256 most) {
        SeatView storage seat = _seats[id];
        least = seat.toll == 0 ? 1 : seat.toll;
        most = seat.face * _drops[DropId.unwrap(seat.drop)].resaleCap / 10_000;
    }

    function _noteNew(uint256 id, uint256 tier, uint256 quantity, address recipient)
        private
        returns (SeatId first)
    {
        DropView storage drop = _touchDrop(id);
        TierView storage sales = _tiers[id][tier];
        first = toSeatId(DropId.wrap(id), tier, sales.issued + 1);
        for (uint256 i; i < quantity; ++i) {
            SeatView storage seat = _touchSeat(_after(first, i));
            require(!everMinted[_after(first, i)], "a number given out twice");
            everMinted[_after(first, i)] = true;
            _ids.push(_after(first, i));
            seat.owner = recipient;
            seat.drop = DropId.wrap(id);
            seat.tier = tier;
            seat.number = sales.issued + 1 + i;
            seat.movedAt = block.timestamp;
            seat.movableFrom = block.timestamp + drop.giftCooldown;
            seat.toll = sales.listPrice * drop.toll / 10_000;
            seat.locked = drop.policy == TransferPolicy.BOUND;
        }
        balanceOf[recipient] += quantity;
        sales.issued += quantity;
        sales.live += quantity;
    }

    function _touchSeat(SeatId id) private returns (SeatView storage) {
        _touchedSeats.push(id);
        return _seats[id];
    }

    function _hold(SeatView storage seat, uint256 amount) private {
        seat.held += amount;
        heldIn[DropId.unwrap(seat.drop)] += amount;
    }

    function _unhold(SeatView storage seat) private {
        heldIn[DropId.unwrap(seat.drop)] -= seat.held;
        seat.held = 0;
    }

    function _after(SeatId first, uint256 distance) private pure returns (SeatId) {
        return SeatId.wrap(SeatId.unwrap(first) + distance);
    }
}
