// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ClosingWord} from "./ClosingWord.sol";
import {DropId} from "./DropId.sol";
import {ArbitrationWord, RulesWord, ScheduleWord} from "./DropWords.sol";
import {HeldWord} from "./HeldWord.sol";
import {PhaseWord} from "./PhaseWord.sol";
import {PlatformWord} from "./PlatformWord.sol";
import {SeatId} from "./SeatId.sol";
import {TierWord} from "./TierWord.sol";

// What the contract stores beside the token's owners and balances. Members are only ever
// appended: the linked libraries and every seat in the world depend on these places.

/// @dev A struct of one member, because writing a bare element of an array reads it first.
struct Tier {
    TierWord sales;
}

/// @param sales the phase's word.
/// @param gateData the Merkle root, the pass signer or the other drop; unused when PUBLIC.
struct Phase {
    PhaseWord sales;
    bytes32 gateData;
}

/// @param payout where released money goes; zero: the mentor.
/// @param verifier the key that checks people in.
/// @param closing how the drop ends; zero while it is LIVE.
/// @param mintCounts seats minted by an account, 16 bits for each phase.
/// @param usedPasses one bit for each pass nonce.
/// @param usedSeats one bit for each phase, by the seat that opened it.
struct Drop {
    RulesWord rules;
    ScheduleWord schedule;
    ArbitrationWord arbitration;
    address payout;
    address verifier;
    ClosingWord closing;
    Tier[10] tiers;
    Phase[16] phases;
    mapping(address account => uint256) mintCounts;
    mapping(uint256 word => uint256) usedPasses;
    mapping(SeatId seat => uint256) usedSeats;
}

/// @param platform the platform's word.
/// @param guardian the account that may pause a drop for a while.
/// @param currencies every ERC-20 ever allowed, by its index; never changed once set.
/// @param currencyIndexes the index of a currency that new drops may use; zero: not allowed.
/// @param currencyCount the highest index.
/// @param held what waits with a seat.
/// @param credits money that an account may withdraw, by currency; zero address: ETH.
/// @param storedListings listings that their seller authorised on chain, by EIP-712 hash.
/// @param usedOffers one bit for each offer nonce of a buyer.
struct SeatsLayout {
    PlatformWord platform;
    address guardian;
    mapping(uint256 index => address) currencies;
    mapping(address currency => uint256) currencyIndexes;
    uint256 currencyCount;
    mapping(DropId drop => Drop) drops;
    mapping(SeatId seat => HeldWord) held;
    mapping(address currency => mapping(address account => uint256)) credits;
    mapping(bytes32 listing => bool) storedListings;
    mapping(address buyer => mapping(uint256 word => uint256)) usedOffers;
}
