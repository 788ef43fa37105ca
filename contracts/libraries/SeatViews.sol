// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatDrops} from "../interfaces/ISeatDrops.sol";
import {Escrow} from "../libraries/Escrow.sol";
import {ClosingWord} from "../types/ClosingWord.sol";
import {DropId} from "../types/DropId.sol";
import {ArbitrationWord, RulesWord, ScheduleWord} from "../types/DropWords.sol";
import {PhaseWord} from "../types/PhaseWord.sol";
import {SeatId} from "../types/SeatId.sol";
import {Drop, SeatsLayout} from "../types/SeatsLayout.sol";
import {CHECKED_IN, CLAIMED, GRANTED, OBJECTED, SeatWord} from "../types/SeatWord.sol";
import {DropState, TransferPolicy} from "../types/Terms.sol";
import {TierWord} from "../types/TierWord.sol";
import {DropView, PhaseView, SeatView, TierView} from "../types/Views.sol";

/// @title The stored words, spelled out
/// @dev A linked library: it runs at the address and in the storage of `Seats`, and keeps what
/// only people and programs outside the chain ask for out of its size. Each answer is the encoded
/// result, which `Seats` returns as it stands: decoding and encoding it again there costs 2 KB.
library SeatViews {
    /// @notice Terms and state of a drop with its tiers and phases.
    function termsOf(SeatsLayout storage seats, DropId id) external view returns (bytes memory) {
        // slither-disable-next-line uninitialized-local -- memory begins as zeros, filled below
        DropView memory drop;
        Drop storage stored = seats.drops[id];
        RulesWord rules = stored.rules;
        if (rules.state() == DropState.NONE) revert ISeatDrops.SeatDrops_Unknown(id);
        _readRules(seats, rules, drop);
        _readSchedule(stored, drop);
        _readArbitration(stored.arbitration, drop);
        _readClosing(stored.closing, drop);
        drop.owed = Escrow.owed(stored, rules);
        TierView[] memory tiers = new TierView[](rules.tierCount());
        for (uint256 i; i < tiers.length; ++i) {
            tiers[i] = _tier(stored.tiers[i].sales);
        }
        PhaseView[] memory phases = new PhaseView[](rules.phaseCount());
        for (uint256 i; i < phases.length; ++i) {
            phases[i] = _phase(stored.phases[i].sales, stored.phases[i].gateData);
        }
        return abi.encode(drop, tiers, phases);
    }

    /// @notice All about a living seat, whose owner and word the token room has read.
    function seatOf(SeatsLayout storage seats, SeatId seat, address owner, SeatWord word)
        external
        view
        returns (bytes memory)
    {
        // slither-disable-next-line uninitialized-local -- memory begins as zeros, filled below
        SeatView memory details;
        Drop storage drop = seats.drops[seat.dropOf()];
        RulesWord rules = drop.rules;
        details.owner = owner;
        details.drop = seat.dropOf();
        details.tier = seat.tierOf();
        details.number = seat.numberOf();
        details.phase = word.phase();
        details.epoch = word.epoch();
        details.movedAt = word.movedAt();
        details.movableFrom = word.movedAt() + rules.giftCooldown();
        details.face = Escrow.faceOf(drop, word);
        details.toll = rules.toll().shareDown(drop.tiers[details.tier].sales.listPrice());
        details.held = seats.held[seat].amount();
        details.locked = word.isLocked() || rules.policy() == TransferPolicy.BOUND;
        details.checkedIn = word.has(CHECKED_IN);
        details.granted = word.has(GRANTED);
        details.objected = word.has(OBJECTED);
        details.claimed = word.has(CLAIMED);
        return abi.encode(details);
    }

    function _readRules(SeatsLayout storage seats, RulesWord rules, DropView memory drop)
        private
        view
    {
        drop.state = rules.state();
        drop.policy = rules.policy();
        drop.currency = seats.currencies[rules.currencyIndex()];
        drop.termsVersion = rules.termsVersion();
        drop.royalty = rules.royalty().raw();
        drop.toll = rules.toll().raw();
        drop.resaleCap = rules.resaleCap().raw();
        drop.giftCooldown = rules.giftCooldown();
        drop.pausedUntil = rules.pausedUntil();
        drop.endsAt = rules.endsAt();
        drop.deliverBy = rules.deliverBy();
    }

    function _readSchedule(Drop storage stored, DropView memory drop) private view {
        ScheduleWord schedule = stored.schedule;
        drop.mentor = schedule.mentor();
        drop.payout = stored.payout == address(0) ? drop.mentor : stored.payout;
        drop.verifier = stored.verifier;
        drop.startsAt = schedule.startsAt();
        drop.refundUntil = schedule.refundUntil();
        drop.fee = schedule.fee().raw();
    }

    function _readArbitration(ArbitrationWord arbitration, DropView memory drop) private pure {
        drop.resolver = arbitration.resolver();
        drop.firstDeliverBy = arbitration.firstDeliverBy();
        drop.challengeDays = arbitration.challengeDays();
        drop.postponements = arbitration.postponements();
        drop.penalty = arbitration.penalty().raw();
        drop.defaultSplit = arbitration.defaultSplit().raw();
    }

    function _readClosing(ClosingWord closing, DropView memory drop) private pure {
        drop.assertedAt = closing.assertedAt();
        drop.disputedAt = closing.disputedAt();
        drop.split = closing.split().raw();
        if (drop.state == DropState.ASSERTED) drop.objected = closing.openFace();
    }

    function _tier(TierWord word) private pure returns (TierView memory) {
        return TierView(word.listPrice(), word.cap(), word.issued(), word.live(), word.escrowed());
    }

    function _phase(PhaseWord word, bytes32 gateData) private pure returns (PhaseView memory) {
        return PhaseView({
            tier: word.tier(),
            gate: word.gate(),
            price: word.price(),
            opens: word.opens(),
            closes: word.closes(),
            supply: word.supply(),
            sold: word.sold(),
            walletLimit: word.walletLimit(),
            reserves: word.reserves(),
            gateData: gateData
        });
    }
}
