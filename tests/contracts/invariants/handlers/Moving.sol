// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatToken} from "../../../../contracts/interfaces/ISeatToken.sol";
import {SeatId} from "../../../../contracts/types/SeatId.sol";
import {DropState, TransferPolicy} from "../../../../contracts/types/Terms.sol";
import {DropView, SeatView} from "../../../../contracts/types/Views.sol";
import {DeployedSeats} from "../../base/DeployedSeats.sol";
import {SeatWish} from "../stores/Books.sol";
import {Minting} from "./Minting.sol";

/// @title Gifts, transfers of OPEN seats, and everything that must not move
abstract contract Moving is Minting {
    function give(uint256 seed, uint256 actorSeed) external acts("give") {
        SeatId seat = _givable(seed);
        _give(seat, _actor(actorSeed));
    }

    /// @dev Neither without the toll nor before the cooldown is over.
    function giveRefused(uint256 seed, uint256 actorSeed) external acts("giveRefused") {
        SeatId seat = _seatFor(SeatWish.GIVABLE, seed, address(0));
        SeatView memory facts = BOOKS.seatOf(seat);
        address currency = _currencyOf(_dropOf(seat));
        bool early = block.timestamp < facts.movableFrom;
        uint256 toll = early ? facts.toll : facts.toll + 1;
        uint256 value = currency == address(0) ? toll : early ? 0 : 1;
        if (currency != address(0)) _fund(facts.owner, currency, toll);
        bytes4 reason = ISeatToken.SeatToken_WrongToll.selector;
        if (early) reason = ISeatToken.SeatToken_CoolingDown.selector;
        _refused(facts.owner, value, _transferCall(seat, _actor(actorSeed)), reason);
    }

    function transferOpen(uint256 seed, uint256 actorSeed) external acts("transferOpen") {
        SeatId seat = _seatFor(SeatWish.OPEN, seed, address(0));
        address to = _actor(actorSeed);
        _send(_ownerOf(seat), 0, _transferCall(seat, to));
        BOOKS.noteMoved(seat, to, 0);
    }

    /// @dev By an account that was approved for the seat or for all seats.
    function transferByOperator(uint256 seed, uint256 actorSeed)
        external
        acts("transferByOperator")
    {
        SeatId seat = _seatFor(SeatWish.OPEN, seed, address(0));
        address owner = _ownerOf(seat);
        bool forAll = seed % 2 == 0;
        bytes memory approval = forAll
            ? abi.encodeCall(SEATS.setApprovalForAll, (stranger, true))
            : abi.encodeCall(SEATS.approve, (stranger, SeatId.unwrap(seat)));
        _send(owner, 0, approval);
        bytes memory move = _transferCall(seat, _actor(actorSeed));
        _send(stranger, 0, move);
        BOOKS.noteMoved(seat, _actor(actorSeed), 0);
        if (forAll) _send(owner, 0, abi.encodeCall(SEATS.setApprovalForAll, (stranger, false)));
        _refused(stranger, 0, _transferCall(seat, stranger), ISeatToken.SeatToken_NotOwner.selector);
    }

    /// @dev Nobody moves another's seat under MARKET_ONLY and BOUND, approved or not.
    function moveByStranger(uint256 seed) external acts("moveByStranger") {
        SeatId seat = _seatFor(SeatWish.LIVING, seed, address(0));
        address owner = _ownerOf(seat);
        if (_dropView(seat).policy != TransferPolicy.OPEN) {
            bytes4 unapproved = ISeatToken.SeatToken_ApprovalRefused.selector;
            bytes memory approval = abi.encodeCall(SEATS.approve, (stranger, SeatId.unwrap(seat)));
            _refused(owner, 0, approval, unapproved);
            _send(owner, 0, abi.encodeCall(SEATS.setApprovalForAll, (stranger, true)));
        }
        bytes memory move = _transferCall(seat, stranger);
        _refused(stranger, 0, move, ISeatToken.SeatToken_NotOwner.selector);
        _send(owner, 0, abi.encodeCall(SEATS.setApprovalForAll, (stranger, false)));
    }

    /// @dev A BOUND, checked-in or objected seat, and one that the state of its drop keeps.
    function moveStuck(uint256 seed) external acts("moveStuck") {
        SeatId seat = _stuck(seed, address(0));
        SeatView memory facts = BOOKS.seatOf(seat);
        uint256 value = _fund(facts.owner, _currencyOf(_dropOf(seat)), facts.toll);
        bytes4 reason = _whyStuck(seat);
        _refused(facts.owner, value, _transferCall(seat, _actor(seed >> 8)), reason);
    }

    /// @dev Each cause as often as the others.
    function _stuck(uint256 seed, address notOwner) internal returns (SeatId) {
        SeatWish wish = [
            SeatWish.STUCK, SeatWish.OVERDUE, SeatWish.BOUND, SeatWish.CHECKED_IN, SeatWish.OBJECTED
        ][seed % 5];
        return _seatFor(wish, _roll(seed, "stuck", 0), notOwner);
    }

    /// @dev Why a seat that does not move is not moved.
    function _whyStuck(SeatId seat) internal returns (bytes4) {
        SeatView memory facts = BOOKS.seatOf(seat);
        DropView memory drop = _dropView(seat);
        if (facts.checkedIn || facts.objected) {
            REACHED.reach(
                facts.objected ? bytes32("stuck by objection") : bytes32("stuck by check-in")
            );
            return ISeatToken.SeatToken_Locked.selector;
        }
        if (drop.policy == TransferPolicy.BOUND) {
            REACHED.reach("stuck by policy");
            return ISeatToken.SeatToken_Bound.selector;
        }
        REACHED.reach(
            drop.state == DropState.LIVE ? bytes32("stuck by time") : bytes32("stuck by state")
        );
        return drop.state == DropState.LIVE
            ? ISeatToken.SeatToken_DeliveryOverdue.selector
            : ISeatToken.SeatToken_DropImmovable.selector;
    }

    /// @dev A seat of a MARKET_ONLY drop after its cooldown.
    function _givable(uint256 seed) internal returns (SeatId seat) {
        for (uint256 i; i < 10; ++i) {
            seat = _seatFor(SeatWish.GIVABLE, _roll(seed, "givable", i), address(0));
            _waitUntil(BOOKS.seatOf(seat).movableFrom);
            // Waiting may have ended the time to move.
            if (BOOKS.canMove(seat)) return seat;
        }
    }

    function _give(SeatId seat, address to) internal {
        SeatView memory facts = BOOKS.seatOf(seat);
        address currency = _currencyOf(_dropOf(seat));
        uint256 value = _fund(facts.owner, currency, facts.toll);
        _send(facts.owner, value, _transferCall(seat, to));
        LEDGER.noteIn(currency, facts.toll);
        LEDGER.noteKept(_dropOf(seat), facts.toll);
        BOOKS.noteMoved(seat, to, facts.toll);
    }

    function _transferCall(SeatId seat, address to) internal view returns (bytes memory) {
        return abi.encodeCall(DeployedSeats.transferFrom, (_ownerOf(seat), to, SeatId.unwrap(seat)));
    }
}
