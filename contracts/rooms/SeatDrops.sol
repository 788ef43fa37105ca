// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatDrops} from "../interfaces/ISeatDrops.sol";
import {DropCreation} from "../libraries/DropCreation.sol";
import {SeatViews} from "../rare/SeatViews.sol";
import {DropId} from "../types/DropId.sol";
import {RulesWord} from "../types/DropWords.sol";
import {PhaseWord} from "../types/PhaseWord.sol";
import {MAX_NUMBER, SeatId, toSeatId} from "../types/SeatId.sol";
import {Drop} from "../types/SeatsLayout.sol";
import {SeatWord, packSeat} from "../types/SeatWord.sol";
import {
    DropState,
    DropTerms,
    MintRequest,
    PhaseTerms,
    TierTerms,
    TransferPolicy
} from "../types/Terms.sol";
import {TierWord} from "../types/TierWord.sol";
import {DropView, PhaseView, TierView} from "../types/Views.sol";
import {SeatToken} from "./SeatToken.sol";

/// @title The drops room: terms, phases and minting
abstract contract SeatDrops is SeatToken, ISeatDrops {
    /// @inheritdoc ISeatDrops
    function createDrop(
        DropTerms calldata terms,
        TierTerms[] calldata tiers,
        PhaseTerms[] calldata phases
    ) external returns (DropId) {
        return DropCreation.create(_seats, terms, tiers, phases);
    }

    /// @inheritdoc ISeatDrops
    function mint(MintRequest calldata request, bytes calldata)
        external
        payable
        nonReentrant
        returns (SeatId first)
    {
        Drop storage drop = _seats.drops[request.drop];
        RulesWord rules = drop.rules;
        _requireSelling(request.drop, rules);
        if (request.phase >= rules.phaseCount()) {
            revert SeatDrops_PhaseUnknown(request.drop, request.phase);
        }
        PhaseWord phase = drop.phases[request.phase].sales;
        uint256 quantity = request.quantity;
        _requireOpen(request, phase);
        TierWord tier = drop.tiers[phase.tier()].sales;
        _requireLeft(drop, request, phase, tier);
        uint256 total = phase.priceOf(quantity);
        if (msg.value != total) revert SeatDrops_WrongPayment(total, msg.value);
        if (total > request.maxTotal) revert SeatDrops_AboveMaxTotal(total, request.maxTotal);

        _countWallet(drop, request, phase);
        if (phase.supply() != 0) drop.phases[request.phase].sales = phase.withSold(quantity);
        drop.tiers[phase.tier()].sales = tier.minted(quantity, total);
        first = toSeatId(request.drop, phase.tier(), tier.issued() + 1);
        emit SeatsMinted(first, request.phase, quantity, msg.sender, request.referrer);
        _mintSeats(request.recipient, first, quantity, packSeat(block.timestamp, request.phase));
        if (rules.policy() == TransferPolicy.BOUND) _emitLocked(first, quantity);
    }

    /// @inheritdoc ISeatDrops
    function dropCount() external view returns (uint256) {
        return DropId.unwrap(_seats.platform.dropCount());
    }

    /// @inheritdoc ISeatDrops
    function termsOf(DropId drop)
        external
        view
        returns (DropView memory, TierView[] memory, PhaseView[] memory)
    {
        _return(SeatViews.termsOf(_seats, drop));
    }

    /// @inheritdoc ISeatDrops
    function mintedBy(DropId drop, uint256 phase, address account) external view returns (uint256) {
        return phase > 15 ? 0 : uint16(_seats.drops[drop].mintCounts[account] >> phase * 16);
    }

    function _requireSelling(DropId id, RulesWord rules) private view {
        DropState state = rules.state();
        if (state != DropState.LIVE) revert SeatDrops_NotLive(id, state);
        uint256 until = rules.pausedUntil();
        if (block.timestamp <= until) revert SeatDrops_Paused(id, until);
    }

    function _requireOpen(MintRequest calldata request, PhaseWord phase) private view {
        if (block.timestamp < phase.opens() || block.timestamp > phase.closes()) {
            revert SeatDrops_PhaseClosed(phase.opens(), phase.closes(), block.timestamp);
        }
        if (request.quantity == 0 || request.recipient == address(0)) {
            revert SeatDrops_EmptyMint(request.quantity, request.recipient);
        }
    }

    /// @dev What cap and unused numbers leave, less what others hold back, and at most what the
    /// phase's own supply leaves.
    function _requireLeft(
        Drop storage drop,
        MintRequest calldata request,
        PhaseWord phase,
        TierWord tier
    ) private view {
        // The phase's own bit is cleared: it does not hold back from itself.
        uint256 heldBack = _heldBack(drop, phase.reserves() & ~(uint256(1) << request.phase));
        uint256 left;
        unchecked {
            // live <= cap and issued <= MAX_NUMBER always; sold <= supply where there is one.
            left = tier.cap() - tier.live();
            uint256 numbers = MAX_NUMBER - tier.issued();
            if (numbers < left) left = numbers;
            left = left > heldBack ? left - heldBack : 0;
            if (phase.supply() != 0) {
                uint256 unsold = phase.supply() - phase.sold();
                if (unsold < left) left = unsold;
            }
        }
        if (request.quantity > left) {
            revert SeatDrops_SoldOut(request.drop, request.phase, request.quantity, left);
        }
    }

    /// @dev What other phases of the tier still hold back; only phases that have such a
    /// neighbour pay for the look.
    function _heldBack(Drop storage drop, uint256 reserves) private view returns (uint256 seats) {
        for (uint256 index; reserves != 0; ++index) {
            if (reserves & 1 != 0) {
                PhaseWord other = drop.phases[index].sales;
                if (block.timestamp <= other.closes()) seats += other.supply() - other.sold();
            }
            reserves >>= 1;
        }
    }

    function _countWallet(Drop storage drop, MintRequest calldata request, PhaseWord phase)
        private
    {
        uint256 limit = phase.walletLimit();
        if (limit == 0) return;
        uint256 shift = request.phase * 16;
        uint256 counts = drop.mintCounts[msg.sender];
        uint256 already = uint16(counts >> shift);
        if (already + request.quantity > limit) {
            revert SeatDrops_WalletLimit(msg.sender, already, request.quantity, limit);
        }
        // Counts never fall, not even by a refund, and stay at most the 16-bit limit.
        drop.mintCounts[msg.sender] = counts + (request.quantity << shift);
    }

    function _mintSeats(address recipient, SeatId first, uint256 quantity, SeatWord word) private {
        uint256 id = SeatId.unwrap(first);
        uint256 end = id + quantity;
        // Unchecked for existence, because numbers are never given out twice.
        for (; id < end; ++id) {
            _mintAndSetExtraDataUnchecked(recipient, id, SeatWord.unwrap(word));
        }
    }

    function _emitLocked(SeatId first, uint256 quantity) private {
        for (uint256 i; i < quantity; ++i) {
            emit Locked(SeatId.unwrap(first) + i);
        }
    }
}
