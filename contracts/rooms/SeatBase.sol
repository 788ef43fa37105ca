// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC721} from "solady/tokens/ERC721.sol";
import {EIP712} from "solady/utils/EIP712.sol";
import {ReentrancyGuardTransient} from "solady/utils/ReentrancyGuardTransient.sol";

import {ISeatDrops} from "../interfaces/ISeatDrops.sol";
import {ISeatRenderer} from "../interfaces/ISeatRenderer.sol";
import {ISeats} from "../interfaces/ISeats.sol";
import {ISeatToken} from "../interfaces/ISeatToken.sol";
import {DropId} from "../types/DropId.sol";
import {RulesWord} from "../types/DropWords.sol";
import {SEATS_PER_DROP, SeatId} from "../types/SeatId.sol";
import {Drop, SeatsLayout} from "../types/SeatsLayout.sol";
import {MAX_EPOCH, SeatWord} from "../types/SeatWord.sol";
import {DropState, TransferPolicy, letsSeatsMove} from "../types/Terms.sol";

/// @title What every room stands on
/// @dev The storage that all rooms share, the guard, the signing domain, and what may be done to a
/// seat. Both `Seats` and its extension inherit it, so that they agree on every slot. Every change
/// of owner after the mint goes through `_changeOwner`, which raises the epoch.
abstract contract SeatBase is ReentrancyGuardTransient, ERC721, EIP712 {
    ISeatRenderer internal immutable RENDERER;

    SeatsLayout internal _seats;

    constructor(ISeatRenderer renderer) {
        if (address(renderer).code.length == 0) {
            revert ISeatToken.SeatToken_RendererMissing(address(renderer));
        }
        RENDERER = renderer;
    }

    function name() public pure override returns (string memory) {
        return "Seatmarket";
    }

    function symbol() public pure override returns (string memory) {
        return "SEAT";
    }

    function tokenURI(uint256 id) public view override returns (string memory) {
        return RENDERER.tokenURI(ISeats(address(this)), SeatId.wrap(id));
    }

    /// @dev Ends the call with `encoded` as its result.
    function _return(bytes memory encoded) internal pure {
        assembly ("memory-safe") {
            return(add(encoded, 0x20), mload(encoded))
        }
    }

    /// @dev Owner and word of a living seat, or SeatToken_Unknown.
    function _seatOf(SeatId seat) internal view returns (address owner, SeatWord word) {
        owner = _ownerOf(SeatId.unwrap(seat));
        if (owner == address(0)) revert ISeatToken.SeatToken_Unknown(seat);
        word = SeatWord.wrap(_getExtraData(SeatId.unwrap(seat)));
    }

    /// @dev A living seat of the caller's.
    function _ownSeat(SeatId seat) internal view returns (address owner, SeatWord word) {
        (owner, word) = _seatOf(seat);
        if (msg.sender != owner) {
            revert ISeatToken.SeatToken_NotOwner(seat, owner, msg.sender);
        }
    }

    /// @dev As `_seatOf`, but answers for a burned seat too, whose owner is nobody.
    function _everSeatOf(SeatId seat) internal view returns (address owner, SeatWord word) {
        owner = _ownerOf(SeatId.unwrap(seat));
        word = SeatWord.wrap(_getExtraData(SeatId.unwrap(seat)));
        // A seat that was minted once has been moved at some time.
        if (SeatWord.unwrap(word) == 0) revert ISeatToken.SeatToken_Unknown(seat);
    }

    /// @dev What a sale and a gift have in common.
    function _requireMovable(SeatId seat, SeatWord word, RulesWord rules) internal view {
        if (word.isLocked()) revert ISeatToken.SeatToken_Locked(seat);
        if (rules.policy() == TransferPolicy.BOUND) revert ISeatToken.SeatToken_Bound(seat);
        DropState state = rules.state();
        if (!letsSeatsMove(state)) revert ISeatToken.SeatToken_DropImmovable(seat.dropOf(), state);
        uint256 deliverBy = rules.deliverBy();
        if (state == DropState.LIVE && block.timestamp > deliverBy) {
            revert ISeatToken.SeatToken_DeliveryOverdue(seat.dropOf(), deliverBy);
        }
    }

    function _mintSeats(address recipient, SeatId first, uint256 quantity, SeatWord word) internal {
        uint256 id = SeatId.unwrap(first);
        uint256 end = id + quantity;
        // Unchecked for existence, because numbers are never given out twice.
        for (; id < end; ++id) {
            _mintAndSetExtraDataUnchecked(recipient, id, SeatWord.unwrap(word));
        }
    }

    function _emitLocked(SeatId first, uint256 quantity) internal {
        for (uint256 i; i < quantity; ++i) {
            emit ISeatToken.Locked(SeatId.unwrap(first) + i);
        }
    }

    /// @dev Accounts that could never use a seat nor get its money. No other contract is refused
    /// unasked: a wallet need not say that it is one.
    function _isNobody(address account) internal view returns (bool) {
        return account == address(0) || account == address(this);
    }

    /// @dev Raises the epoch, notes the time and moves the seat.
    function _changeOwner(SeatId seat, SeatWord word, address from, address to) internal {
        if (word.epoch() == MAX_EPOCH) revert ISeatToken.SeatToken_EpochExhausted(seat);
        uint256 id = SeatId.unwrap(seat);
        _setExtraData(id, SeatWord.unwrap(word.moved(block.timestamp)));
        _transfer(from, to, id);
    }

    /// @dev Ends moving: ERC-5192, and ERC-4906 because the picture tells it.
    function _fix(SeatId seat, SeatWord word) internal {
        _setExtraData(SeatId.unwrap(seat), SeatWord.unwrap(word));
        emit ISeatToken.Locked(SeatId.unwrap(seat));
        emit ISeatToken.MetadataUpdate(SeatId.unwrap(seat));
    }

    /// @dev A LIVE drop of the caller's.
    function _mentors(DropId id) internal view returns (Drop storage drop, RulesWord rules) {
        drop = _seats.drops[id];
        rules = drop.rules;
        _requireLive(id, rules);
        address mentor = drop.schedule.mentor();
        if (msg.sender != mentor) revert ISeatDrops.SeatDrops_NotMentor(id, mentor, msg.sender);
    }

    function _requireLive(DropId id, RulesWord rules) internal pure {
        DropState state = rules.state();
        if (state != DropState.LIVE) revert ISeatDrops.SeatDrops_NotLive(id, state);
    }

    /// @dev ERC-4906: the pictures of all seats tell the state of their drop.
    function _announce(DropId id) internal {
        uint256 first = DropId.unwrap(id) * SEATS_PER_DROP;
        emit ISeatToken.BatchMetadataUpdate(first, first + SEATS_PER_DROP - 1);
    }

    function _domainNameAndVersion()
        internal
        pure
        override
        returns (string memory name_, string memory version)
    {
        return ("Seatmarket", "1");
    }

    /// @dev The guard costs the same on every chain.
    function _useTransientReentrancyGuardOnlyOnMainnet() internal pure override returns (bool) {
        return false;
    }
}
