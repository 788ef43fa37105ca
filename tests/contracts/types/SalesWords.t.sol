// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {HeldWord} from "../../../contracts/types/HeldWord.sol";
import {PhaseWord, packPhase} from "../../../contracts/types/PhaseWord.sol";
import {MAX_NUMBER} from "../../../contracts/types/SeatId.sol";
import {SeatWord, packSeat} from "../../../contracts/types/SeatWord.sol";
import {Gate, PhaseTerms} from "../../../contracts/types/Terms.sol";
import {TierWord, packTier} from "../../../contracts/types/TierWord.sol";
import {PlatformWord} from "../../../contracts/types/PlatformWord.sol";
import {DropId} from "../../../contracts/types/DropId.sol";
import {vm} from "../base/Vm.sol";

/// @dev The words that change while a drop lives: each field comes back, and a change of one
/// leaves its neighbours alone.
contract SalesWordsTest {
    function testFuzz_ATierComesApartAsItWasPacked(uint80 price, uint24 cap) public pure {
        _assertTier(packTier(price, cap), price, 0, cap, 0);
    }

    function testFuzz_AMintCountsSeatsAndFaceAlone(
        uint80 price,
        uint24 cap,
        uint24 first,
        uint24 second
    ) public pure {
        uint256 one = first % (MAX_NUMBER / 2);
        uint256 two = second % (MAX_NUMBER / 2);
        TierWord word = packTier(price, cap).minted(one, one * price).minted(two, two * price);
        _assertTier(word, price, (one + two) * price, cap, one + two);
    }

    function test_ATierHoldsEverySeatAtTheHighestPrice() public pure {
        uint256 face = MAX_NUMBER * uint256(type(uint80).max);
        TierWord word = packTier(type(uint80).max, MAX_NUMBER).minted(MAX_NUMBER, face);
        _assertTier(word, type(uint80).max, face, MAX_NUMBER, MAX_NUMBER);
    }

    /// @dev External, because terms are packed from calldata.
    function pack(PhaseTerms calldata terms) external pure returns (PhaseWord) {
        return packPhase(terms);
    }

    function testFuzz_APhaseComesApartAsItWasPacked(
        uint80 price,
        uint40[2] memory times,
        uint24 supply,
        uint16 walletLimit,
        uint8 tier,
        uint8 gate
    ) public view {
        PhaseTerms memory terms = PhaseTerms({
            tier: tier,
            gate: Gate(gate % 4),
            reserved: false,
            price: price,
            opens: times[0],
            closes: times[1],
            supply: supply,
            walletLimit: walletLimit,
            gateData: 0
        });
        PhaseWord word = this.pack(terms);
        _assertPhase(word, terms, 0, 0);
        _assertPhase(word.withReserves(type(uint16).max), terms, 0, type(uint16).max);
        _assertPhase(word.withSold(type(uint24).max), terms, type(uint24).max, 0);
    }

    function testFuzz_PhaseSalesCost(uint80 price, uint24 quantity) public pure {
        PhaseWord word = PhaseWord.wrap(uint256(price) | uint256(type(uint176).max) << 80);
        vm.assertEq(word.priceOf(quantity), uint256(price) * quantity, "cost");
    }

    function testFuzz_ASeatComesApartAsItWasPacked(uint40 timestamp, uint8 phase) public pure {
        _assertSeat(packSeat(timestamp, phase), timestamp, 0, phase, 0);
    }

    function testFuzz_AMoveChangesTimeAndEpochAlone(
        uint40[2] memory times,
        uint32 epoch,
        uint8 phase,
        uint8 flags
    ) public pure {
        vm.assume(epoch != type(uint32).max);
        SeatWord word = _seat(times[0], epoch, phase, flags);
        _assertSeat(word, times[0], epoch, phase, flags);
        _assertSeat(word.moved(times[1]), times[1], uint256(epoch) + 1, phase, flags);
        _assertSeat(word.withNextEpoch(), times[0], uint256(epoch) + 1, phase, flags);
    }

    function testFuzz_WhatIsHeldComesApart(uint96 amount, address beneficiary) public pure {
        HeldWord word = HeldWord.wrap(uint256(amount) | uint256(uint160(beneficiary)) << 96);
        vm.assertEq(word.amount(), amount, "amount");
        vm.assertEq(word.beneficiary(), beneficiary, "beneficiary");
    }

    function testFuzz_ThePlatformsFieldsChangeAlone(
        uint64 drops,
        address[2] memory treasuries,
        uint16[2] memory fees,
        uint16 spare
    ) public pure {
        vm.assume(drops != type(uint64).max);
        PlatformWord word = PlatformWord.wrap(
            uint256(uint160(treasuries[0])) | uint256(fees[0]) << 160 | uint256(drops) << 176
                | uint256(spare) << 240
        );
        PlatformWord next = word.withNextDrop();
        vm.assertEq(DropId.unwrap(next.dropCount()), uint256(drops) + 1, "drops");
        vm.assertEq(next.treasury(), treasuries[0], "treasury");
        vm.assertEq(next.fee(), fees[0], "fee");
        PlatformWord other = word.withTreasury(treasuries[1], fees[1]);
        vm.assertEq(other.treasury(), treasuries[1], "new treasury");
        vm.assertEq(other.fee(), fees[1], "new fee");
        vm.assertEq(DropId.unwrap(other.dropCount()), drops, "kept drops");
        vm.assertEq(PlatformWord.unwrap(other) >> 240, spare, "spare bits");
    }

    function _assertTier(TierWord word, uint256 price, uint256 face, uint256 cap, uint256 seats)
        private
        pure
    {
        vm.assertEq(word.listPrice(), price, "list price");
        vm.assertEq(word.escrowed(), face, "escrowed");
        vm.assertEq(word.cap(), cap, "cap");
        vm.assertEq(word.issued(), seats, "issued");
        vm.assertEq(word.live(), seats, "live");
    }

    function _assertPhase(PhaseWord word, PhaseTerms memory terms, uint256 sold, uint256 reserves)
        private
        pure
    {
        vm.assertEq(word.price(), terms.price, "price");
        vm.assertEq(word.opens(), terms.opens, "opens");
        vm.assertEq(word.closes(), terms.closes, "closes");
        vm.assertEq(word.supply(), terms.supply, "supply");
        vm.assertEq(word.sold(), sold, "sold");
        vm.assertEq(word.walletLimit(), terms.walletLimit, "wallet limit");
        vm.assertEq(word.tier(), terms.tier, "tier");
        vm.assertTrue(word.gate() == terms.gate, "gate");
        vm.assertEq(word.reserves(), reserves, "reserves");
    }

    function _seat(uint40 time, uint32 epoch, uint8 phase, uint8 flags)
        private
        pure
        returns (SeatWord)
    {
        return SeatWord.wrap(
            uint96(time) | uint96(epoch) << 40 | uint96(phase) << 72 | uint96(flags) << 80
        );
    }

    function _assertSeat(SeatWord word, uint256 time, uint256 epoch, uint256 phase, uint256 flags)
        private
        pure
    {
        vm.assertEq(word.movedAt(), time, "moved at");
        vm.assertEq(word.epoch(), epoch, "epoch");
        vm.assertEq(word.phase(), phase, "phase");
        for (uint256 flag = 1; flag <= 128; flag <<= 1) {
            vm.assertEq(word.has(flag), flags & flag != 0, "flag");
        }
        vm.assertEq(word.isLocked(), flags & 9 != 0, "locked");
        vm.assertEq(SeatWord.unwrap(word) >> 88, 0, "spare bits");
    }
}
