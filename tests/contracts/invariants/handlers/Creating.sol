// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatDrops} from "../../../../contracts/interfaces/ISeatDrops.sol";
import {
    DropTerms,
    Gate,
    PhaseTerms,
    TierTerms,
    TransferPolicy
} from "../../../../contracts/types/Terms.sol";
import {vm} from "../../base/Vm.sol";
import {World} from "./World.sol";

/// @title Drops of random terms
/// @dev Windows are short, so that histories get through every state. Every drop has two tiers, the
/// second of which is dear, so that narrow disputes are common; a phase behind each gate; and a
/// public phase of each tier.
abstract contract Creating is World {
    uint256 internal constant PHASES = 5;
    /// @dev The public phase of the cheap tier, which always costs something.
    uint256 internal constant PUBLIC_PHASE = 0;
    uint256 internal constant LISTED_PHASE = 1;
    uint256 internal constant PASS_PHASE = 2;
    uint256 internal constant SEAT_PHASE = 3;
    uint256 internal constant DEAR_PHASE = 4;

    function createDrop(uint256 seed) external acts("createDrop") {
        _newDrop(seed, _anyPolicy(seed));
    }

    /// @dev Terms outside their bounds, too high a fee, a currency that is not taken.
    function createDropRefused(uint256 seed) external acts("createDropRefused") {
        DropTerms memory terms = _terms(seed, _anyPolicy(seed));
        bytes4 reason = ISeatDrops.SeatDrops_TermOutOfBounds.selector;
        uint256 kind = _below(seed, "kind", 4);
        if (kind == 0) terms.royalty = 2001;
        if (kind == 1) terms.deliverBy = terms.endsAt;
        if (kind == 2) {
            terms.resolver = mentor;
            reason = ISeatDrops.SeatDrops_ResolverNotNeutral.selector;
        }
        if (kind == 3) {
            terms.currency = WRAPPED_ETHER;
            reason = ISeatDrops.SeatDrops_CurrencyNotAllowed.selector;
        }
        TierTerms[] memory tiers = _tierTerms(seed);
        PhaseTerms[] memory phases = _phaseTerms(seed, terms, tiers, 0);
        _refused(mentor, 0, abi.encodeCall(SEATS.createDrop, (terms, tiers, phases)), reason);
    }

    function _newDrop(uint256 seed, TransferPolicy policy) internal returns (uint256 id) {
        return _newDropFor(seed, policy, BOOKS.dropCount() == 0 ? 0 : _vouchingDrop(seed));
    }

    /// @param other the drop whose seats open a phase of this one; zero: that phase is public.
    function _newDropFor(uint256 seed, TransferPolicy policy, uint256 other)
        internal
        returns (uint256 id)
    {
        DropTerms memory terms = _terms(seed, policy);
        TierTerms[] memory tiers = _tierTerms(seed);
        PhaseTerms[] memory phases = _phaseTerms(seed, terms, tiers, other);
        bytes memory answer =
            _send(mentor, 0, abi.encodeCall(SEATS.createDrop, (terms, tiers, phases)));
        id = BOOKS.noteDrop(mentor, terms);
        REACHED.reach("state live");
        vm.assertEq(abi.decode(answer, (uint256)), id, "the number of a new drop");
        for (uint256 i; i < tiers.length; ++i) {
            BOOKS.noteTier(id, tiers[i]);
        }
        for (uint256 i; i < phases.length; ++i) {
            BOOKS.notePhase(id, phases[i], _reserving(phases, phases[i].tier));
        }
    }

    function _anyPolicy(uint256 seed) internal pure returns (TransferPolicy) {
        uint256 kind = _below(seed, "policy", 8);
        if (kind < 4) return TransferPolicy.MARKET_ONLY;
        return kind < 6 ? TransferPolicy.OPEN : TransferPolicy.BOUND;
    }

    /// @dev A currency that new drops may name.
    function _currency(uint256 seed) internal view virtual returns (address);

    /// @dev The leaf of ISeatDrops.mint.
    function _leaf(uint256 phase, address account) internal pure returns (bytes32) {
        return keccak256(abi.encode(keccak256(abi.encode(phase, account))));
    }

    function _vouchingDrop(uint256 seed) private view returns (uint256) {
        return _below(seed, "other", BOOKS.dropCount()) + 1;
    }

    function _terms(uint256 seed, TransferPolicy policy) private view returns (DropTerms memory t) {
        bool open = policy == TransferPolicy.OPEN;
        t.payout = _below(seed, "payout", 2) == 0 ? address(0) : payout;
        t.currency = _currency(_roll(seed, "currency", 0));
        t.policy = policy;
        t.maxFee = 1000;
        t.verifier = _below(seed, "verifier", 2) == 0 ? address(0) : verifier;
        t.resolver = resolver;
        t.royalty = _below(seed, "royalty", 2001);
        t.toll = open || _below(seed, "no toll", 4) == 0 ? 0 : _below(seed, "toll", 2001);
        t.resaleCap = _below(seed, "no resale", 8) == 0 ? 0 : 5000 + _below(seed, "resale", 15_001);
        t.giftCooldown = open ? 0 : _below(seed, "cooldown", 2 days);
        t.startsAt = block.timestamp + 4 days + _below(seed, "starts", 8 days);
        t.endsAt = t.startsAt + _below(seed, "ends", 8 days);
        t.deliverBy = t.endsAt + 1 + _below(seed, "deliver", 20 days);
        // Often past the start, when seats are checked in that could still be given back.
        uint256 least = _below(seed, "late window", 2) == 0 ? t.startsAt : block.timestamp + 1 days;
        t.refundUntil = least + _below(seed, "refund", t.endsAt - least + 1);
        t.penalty = _below(seed, "no penalty", 4) == 0 ? 0 : _below(seed, "penalty", 10_001);
        t.challengeDays = 3 + _below(seed, "challenge", 4);
        t.defaultSplit = _below(seed, "split", 10_001);
        t.termsHash = bytes32(seed);
    }

    /// @dev Odd prices, so that every share is rounded.
    function _tierTerms(uint256 seed) private pure returns (TierTerms[] memory tiers) {
        tiers = new TierTerms[](2);
        tiers[0].listPrice = 0.05 ether + _below(seed, "price", 0.05 ether);
        tiers[1].listPrice = 2 ether + _below(seed, "dear price", 2 ether);
        tiers[0].cap = 12 + _below(seed, "cap", 4);
        tiers[1].cap = 12 + _below(seed, "dear cap", 4);
    }

    function _phaseTerms(
        uint256 seed,
        DropTerms memory terms,
        TierTerms[] memory tiers,
        uint256 other
    ) private view returns (PhaseTerms[] memory phases) {
        phases = new PhaseTerms[](PHASES);
        for (uint256 i; i < PHASES; ++i) {
            PhaseTerms memory phase = phases[i];
            uint256 own = _roll(seed, "phase", i);
            phase.tier = i == PUBLIC_PHASE ? 0 : i == DEAR_PHASE ? 1 : _below(own, "tier", 2);
            phase.opens = block.timestamp;
            phase.closes = block.timestamp + 1 days
                + _below(own, "closes", terms.endsAt - block.timestamp - 1 days);
            phase.price = tiers[phase.tier].listPrice * (50 + _below(own, "price", 51)) / 100;
            if (i == PUBLIC_PHASE || i == DEAR_PHASE) continue;
            phase.gate = i == SEAT_PHASE && other == 0 ? Gate.PUBLIC : Gate(i);
            phase.gateData = _gateData(i, other);
            if (_below(own, "free", 6) == 0) phase.price = 0;
            phase.supply = _below(own, "supply", 4);
            phase.reserved = phase.supply != 0 && _below(own, "reserved", 2) == 0;
            phase.walletLimit = _below(own, "limited", 2) == 0 ? 0 : 1 + _below(own, "limit", 3);
        }
    }

    function _gateData(uint256 phase, uint256 other) private view returns (bytes32) {
        if (phase == PASS_PHASE) return bytes32(uint256(uint160(passSigner)));
        if (phase == SEAT_PHASE) return bytes32(other);
        (bytes32 first, bytes32 second) = (_leaf(phase, actors[0]), _leaf(phase, actors[1]));
        if (first > second) (first, second) = (second, first);
        return keccak256(abi.encode(first, second));
    }

    function _reserving(PhaseTerms[] memory phases, uint256 tier)
        private
        pure
        returns (uint256 bits)
    {
        for (uint256 i; i < phases.length; ++i) {
            if (phases[i].reserved && phases[i].tier == tier) bits |= 1 << i;
        }
    }
}
