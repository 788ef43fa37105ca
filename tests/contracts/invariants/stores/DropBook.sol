// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {
    DropState,
    DropTerms,
    Gate,
    PhaseTerms,
    TierTerms
} from "../../../../contracts/types/Terms.sol";
import {DropView, PhaseView, TierView} from "../../../../contracts/types/Views.sol";

/// @title What every drop should look like
/// @dev Kept in the form in which `termsOf` answers, so that the whole answer can be compared.
/// Written by the handlers from what they sent and nothing else.
abstract contract DropBook {
    uint256 public dropCount;

    /// @dev What the next drop will be told of the platform.
    uint256 public fee;
    address public treasury;

    mapping(uint256 drop => DropView) internal _drops;
    mapping(uint256 drop => TierView[]) internal _tiers;
    mapping(uint256 drop => PhaseView[]) internal _phases;
    mapping(uint256 drop => bytes32) public rootOf;
    mapping(uint256 drop => mapping(uint256 phase => mapping(address account => uint256))) public
        mintedBy;

    /// @dev Drops that were written to since `begin`.
    uint256[] internal _touchedDrops;

    error EdgeNotDrawn(uint256 drop, DropState from, DropState to);

    function notePlatform(address treasury_, uint256 fee_) external {
        (treasury, fee) = (treasury_, fee_);
    }

    function noteDrop(address mentor, DropTerms calldata terms) external returns (uint256 id) {
        id = ++dropCount;
        DropView storage drop = _touchDrop(id);
        drop.state = DropState.LIVE;
        drop.policy = terms.policy;
        drop.mentor = mentor;
        drop.payout = terms.payout == address(0) ? mentor : terms.payout;
        drop.currency = terms.currency;
        drop.verifier = terms.verifier;
        drop.resolver = terms.resolver;
        drop.royalty = terms.royalty;
        drop.toll = terms.toll;
        drop.resaleCap = terms.resaleCap;
        drop.giftCooldown = terms.giftCooldown;
        drop.startsAt = terms.startsAt;
        drop.endsAt = terms.endsAt;
        drop.deliverBy = terms.deliverBy;
        drop.firstDeliverBy = terms.deliverBy;
        drop.refundUntil = terms.refundUntil;
        drop.penalty = terms.penalty;
        drop.challengeDays = terms.challengeDays;
        drop.defaultSplit = terms.defaultSplit;
        drop.fee = fee;
    }

    function noteTier(uint256 id, TierTerms calldata tier) external {
        _tiers[id].push(TierView(tier.listPrice, tier.cap, 0, 0, 0));
    }

    /// @param reserves the phases, one bit each, that hold back seats of the same tier.
    function notePhase(uint256 id, PhaseTerms calldata phase, uint256 reserves) external {
        PhaseView storage noted = _phases[id].push();
        noted.tier = phase.tier;
        noted.gate = phase.gate;
        noted.price = phase.price;
        noted.opens = phase.opens;
        noted.closes = phase.closes;
        noted.supply = phase.supply;
        noted.walletLimit = phase.walletLimit;
        noted.reserves = reserves;
        if (phase.gate != Gate.PUBLIC) noted.gateData = phase.gateData;
    }

    function noteCap(uint256 id, uint256 tier, uint256 cap) external {
        _touchDrop(id);
        require(cap < _tiers[id][tier].cap, "a cap only falls");
        _tiers[id][tier].cap = cap;
    }

    function noteVerifier(uint256 id, address verifier) external {
        _touchDrop(id).verifier = verifier;
    }

    function notePause(uint256 id, uint256 until) external {
        _touchDrop(id).pausedUntil = until;
    }

    function notePostponed(uint256 id, uint256 startsAt, uint256 endsAt, uint256 deliverBy)
        external
    {
        DropView storage drop = _touchDrop(id);
        uint256 until = drop.refundUntil + (startsAt - drop.startsAt);
        if (until < block.timestamp + 7 days) until = block.timestamp + 7 days;
        drop.refundUntil = until < endsAt ? until : endsAt;
        (drop.startsAt, drop.endsAt, drop.deliverBy) = (startsAt, endsAt, deliverBy);
        drop.penalty = 0;
        ++drop.termsVersion;
        ++drop.postponements;
    }

    /// @dev Only along the edges that are drawn in the interface of the contract; what is final
    /// stays.
    function noteState(uint256 id, DropState to) public {
        DropView storage drop = _touchDrop(id);
        if (!_isDrawn(drop.state, to)) revert EdgeNotDrawn(id, drop.state, to);
        drop.state = to;
        if (to == DropState.ASSERTED) drop.assertedAt = block.timestamp;
        if (to == DropState.DISPUTED_NARROW) drop.owed = drop.objected;
        if (to == DropState.SETTLED) drop.owed = 0;
        if (to == DropState.DISPUTED_NARROW || to == DropState.DISPUTED_WIDE) {
            drop.disputedAt = block.timestamp;
        }
        if (to != DropState.ASSERTED) drop.objected = 0;
    }

    function noteSplit(uint256 id, uint256 split, uint256 released) external {
        bool wide = _drops[id].state == DropState.DISPUTED_WIDE;
        noteState(id, wide ? DropState.SPLIT_WIDE : DropState.SPLIT_NARROW);
        _drops[id].split = split;
        _drops[id].owed -= released;
    }

    function dropOf(uint256 id) external view returns (DropView memory) {
        return _drops[id];
    }

    function stateOf(uint256 id) external view returns (DropState) {
        return _drops[id].state;
    }

    function currencyOf(uint256 id) external view returns (address) {
        return _drops[id].currency;
    }

    function phaseOf(uint256 id, uint256 phase) external view returns (PhaseView memory) {
        return _phases[id][phase];
    }

    function tierOf(uint256 id, uint256 tier) external view returns (TierView memory) {
        return _tiers[id][tier];
    }

    /// @dev What `termsOf` should answer, encoded.
    function termsOf(uint256 id) external view returns (bytes memory) {
        return abi.encode(_drops[id], _tiers[id], _phases[id]);
    }

    function touchedDrops() external view returns (uint256[] memory) {
        return _touchedDrops;
    }

    /// @dev How many seats the phase could still sell, were it open.
    function left(uint256 id, uint256 phase) public view returns (uint256 seats) {
        PhaseView storage sales = _phases[id][phase];
        seats = _room(id, sales.tier, phase);
        if (sales.supply != 0 && sales.supply - sales.sold < seats) {
            seats = sales.supply - sales.sold;
        }
    }

    /// @dev How many seats of the tier could be granted; a phase that does not exist: by nobody.
    function grantable(uint256 id, uint256 tier) public view returns (uint256) {
        return _room(id, tier, type(uint256).max);
    }

    function _room(uint256 id, uint256 tier, uint256 phase) private view returns (uint256) {
        uint256 taken = _tiers[id][tier].live;
        for (uint256 i; i < _phases[id].length; ++i) {
            PhaseView storage other = _phases[id][i];
            if (i == phase || other.tier != tier || other.reserves >> i & 1 == 0) continue;
            if (block.timestamp <= other.closes) taken += other.supply - other.sold;
        }
        uint256 cap = _tiers[id][tier].cap;
        return taken < cap ? cap - taken : 0;
    }

    function _touchDrop(uint256 id) internal returns (DropView storage) {
        _touchedDrops.push(id);
        return _drops[id];
    }

    function _isDrawn(DropState from, DropState to) private pure returns (bool) {
        if (from == DropState.LIVE) {
            return to == DropState.ASSERTED || to == DropState.CANCELLED || to == DropState.FAILED;
        }
        if (from == DropState.ASSERTED) {
            return to == DropState.SETTLED || to == DropState.DISPUTED_NARROW
                || to == DropState.DISPUTED_WIDE;
        }
        return (from == DropState.DISPUTED_NARROW && to == DropState.SPLIT_NARROW)
            || (from == DropState.DISPUTED_WIDE && to == DropState.SPLIT_WIDE);
    }
}
