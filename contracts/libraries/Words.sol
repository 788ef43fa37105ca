// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatDrops} from "../interfaces/ISeatDrops.sol";
import {DropId} from "../types/DropId.sol";

/// @dev The words of a new drop in memory, already in the form in which they are logged. Points at
/// the data of `ISeatDrops.DropCreated`: terms hash, 0x40, count, then rules, schedule,
/// arbitration, the tiers, the phases and the data of gates.
type Words is uint256;

using {putTerms, putTier, putPhase, putGateData, publish} for Words global;

/// @dev Assembly throughout, because an array that is allocated, checked at every access and then
/// encoded once more costs 1,300 gas of a drop's 150,000. Callers keep to the counts given here.
/// There is room for the gate's data of every phase; `publish` says how many have some.
function allocateWords(uint256 tiers, uint256 phases) pure returns (Words words) {
    assembly ("memory-safe") {
        words := mload(0x40)
        let count := add(3, add(tiers, phases))
        mstore(add(words, 0x20), 0x40)
        mstore(add(words, 0x40), count)
        mstore(0x40, add(words, add(0x60, shl(5, add(count, phases)))))
    }
}

function putTerms(Words words, uint256 rules, uint256 schedule, uint256 arbitration) pure {
    assembly ("memory-safe") {
        mstore(add(words, 0x60), rules)
        mstore(add(words, 0x80), schedule)
        mstore(add(words, 0xa0), arbitration)
    }
}

function putTier(Words words, uint256 index, uint256 word) pure {
    assembly ("memory-safe") {
        mstore(add(add(words, 0xc0), shl(5, index)), word)
    }
}

function putPhase(Words words, uint256 tiers, uint256 index, uint256 word) pure {
    assembly ("memory-safe") {
        mstore(add(add(words, 0xc0), shl(5, add(tiers, index))), word)
    }
}

/// @dev `index` counts from the first tier, like the phases behind the tiers.
function putGateData(Words words, uint256 index, bytes32 data) pure {
    assembly ("memory-safe") {
        mstore(add(add(words, 0xc0), shl(5, index)), data)
    }
}

/// @dev Emits `ISeatDrops.DropCreated`; `gated` words of gates' data follow the phases.
function publish(Words words, DropId drop, address mentor, bytes32 termsHash, uint256 gated) {
    bytes32 signature = ISeatDrops.DropCreated.selector;
    assembly ("memory-safe") {
        mstore(words, termsHash)
        let count := add(mload(add(words, 0x40)), gated)
        mstore(add(words, 0x40), count)
        let size := add(0x60, shl(5, count))
        log3(words, size, signature, drop, mentor)
    }
}
