// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatDrops} from "../interfaces/ISeatDrops.sol";
import {Admission} from "../libraries/Admission.sol";
import {DropCreation} from "../libraries/DropCreation.sol";
import {Payments} from "../libraries/Payments.sol";
import {Reserves} from "../libraries/Reserves.sol";
import {SeatViews} from "../libraries/SeatViews.sol";
import {DropId} from "../types/DropId.sol";
import {RulesWord} from "../types/DropWords.sol";
import {PhaseWord} from "../types/PhaseWord.sol";
import {SeatId, toSeatId} from "../types/SeatId.sol";
import {Drop} from "../types/SeatsLayout.sol";
import {SeatWord, packSeat} from "../types/SeatWord.sol";
import {
    DropState,
    DropTerms,
    Gate,
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
    function mint(MintRequest calldata request, bytes calldata authorisation)
        external
        payable
        nonReentrant
        returns (SeatId first)
    {
        address currency;
        uint256 total;
        (first, currency, total) = _mintOne(request, authorisation);
        // Compared after the mint, because a bundle pays for all of its mints at once.
        uint256 due = currency == address(0) ? total : 0;
        if (msg.value != due) revert SeatDrops_WrongPayment(due, msg.value);
        if (currency != address(0)) Payments.take(currency, msg.sender, total);
    }

    /// @inheritdoc ISeatDrops
    function mintMany(MintRequest[] calldata requests, bytes[] calldata authorisations)
        external
        payable
        nonReentrant
        returns (SeatId[] memory first)
    {
        uint256 count = requests.length;
        if (count != authorisations.length) {
            revert SeatDrops_LengthsDiffer(count, authorisations.length);
        }
        first = new SeatId[](count);
        address[] memory currencies = new address[](count);
        uint256[] memory totals = new uint256[](count);
        uint256 due = 0;
        for (uint256 i; i < count; ++i) {
            (first[i], currencies[i], totals[i]) = _mintOne(requests[i], authorisations[i]);
            if (currencies[i] == address(0)) due += totals[i];
        }
        if (msg.value != due) revert SeatDrops_WrongPayment(due, msg.value);
        for (uint256 i; i < count; ++i) {
            if (currencies[i] != address(0)) Payments.take(currencies[i], msg.sender, totals[i]);
        }
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

    /// @dev Everything but the payment, which the caller takes in `currency`.
    function _mintOne(MintRequest calldata request, bytes calldata authorisation)
        private
        returns (SeatId first, address currency, uint256 total)
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
        total = phase.priceOf(quantity);
        if (total > request.maxTotal) revert SeatDrops_AboveMaxTotal(total, request.maxTotal);
        if (phase.gate() != Gate.PUBLIC) {
            _admit(drop, phase.gate(), request, authorisation);
        }

        _countWallet(drop, request, phase);
        if (phase.supply() != 0) drop.phases[request.phase].sales = phase.withSold(quantity);
        drop.tiers[phase.tier()].sales = tier.minted(quantity, total);
        first = toSeatId(request.drop, phase.tier(), tier.issued() + 1);
        emit SeatsMinted(first, request.phase, quantity, msg.sender, request.referrer);
        _mintSeats(request.recipient, first, quantity, packSeat(block.timestamp, request.phase));
        if (rules.policy() == TransferPolicy.BOUND) _emitLocked(first, quantity);
        currency = Payments.currencyOf(_seats, rules);
    }

    /// @dev Opens the gate of a phase to the caller, or reverts; uses up what can be used once.
    function _admit(
        Drop storage drop,
        Gate gate,
        MintRequest calldata request,
        bytes calldata authorisation
    ) private {
        bytes32 data = drop.phases[request.phase].gateData;
        if (gate == Gate.ALLOWLIST) {
            Admission.requireListed(data, request, authorisation);
        } else if (gate == Gate.PASS) {
            bytes32 digest = _hashTypedData(Admission.passHash(request, authorisation));
            Admission.usePass(drop, data, request, authorisation, digest);
        } else {
            SeatId seat = Admission.shownSeat(authorisation);
            address owner = _ownerOf(SeatId.unwrap(seat));
            SeatWord word = SeatWord.wrap(_getExtraData(SeatId.unwrap(seat)));
            Admission.useSeat(_seats, drop, data, request, seat, owner, word);
        }
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
        if (request.quantity == 0 || _isNobody(request.recipient)) {
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
        uint256 others = phase.reserves() & ~(uint256(1) << request.phase);
        uint256 left = Reserves.left(tier, Reserves.heldBack(drop, others));
        unchecked {
            // sold <= supply where there is one.
            if (phase.supply() != 0) {
                uint256 unsold = phase.supply() - phase.sold();
                if (unsold < left) left = unsold;
            }
        }
        if (request.quantity > left) {
            revert SeatDrops_SoldOut(request.drop, request.phase, request.quantity, left);
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
}
