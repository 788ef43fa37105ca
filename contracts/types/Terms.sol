// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Bps} from "./Bps.sol";
import {DropId} from "./DropId.sol";
import {SeatId} from "./SeatId.sol";

/// @notice The life of a drop. NONE is a drop that was never created. SETTLED, CANCELLED,
/// FAILED and both SPLIT states are final. NARROW: only the objectors' seats are in dispute.
/// WIDE: all seats are.
enum DropState {
    NONE,
    LIVE,
    ASSERTED,
    DISPUTED_NARROW,
    DISPUTED_WIDE,
    SPLIT_NARROW,
    SPLIT_WIDE,
    SETTLED,
    CANCELLED,
    FAILED
}

/// @dev Whether unlocked seats move in this state. In a narrow dispute only the objectors' seats
/// stay, and those are locked.
function letsSeatsMove(DropState state) pure returns (bool) {
    return state == DropState.LIVE || state == DropState.ASSERTED || state == DropState.SETTLED
        || state == DropState.DISPUTED_NARROW || state == DropState.SPLIT_NARROW;
}

/// @notice How the seats of a drop move. MARKET_ONLY: by sale here or as the owner's own gift.
/// OPEN: as any ERC-721 token. BOUND: never.
enum TransferPolicy {
    MARKET_ONLY,
    OPEN,
    BOUND
}

/// @notice Who may mint in a phase. PUBLIC: anybody. ALLOWLIST: accounts in a Merkle tree.
/// PASS: accounts with a signed pass. SEAT: holders of a seat of another drop.
enum Gate {
    PUBLIC,
    ALLOWLIST,
    PASS,
    SEAT
}

/// @notice What a mentor signs up to when creating a drop. Every time is in seconds since the
/// epoch and names the last second that counts.
/// @param payout where released money goes; zero: the mentor.
/// @param currency the ERC-20 that seats are paid in; zero: ETH.
/// @param policy how seats move.
/// @param maxFee the highest platform fee that the mentor accepts, of released money.
/// @param verifier the key that checks people in; zero: to be named later.
/// @param resolver who decides a dispute: never the mentor, the payout or nobody.
/// @param royalty the mentor's share of a resale, at most 2,000.
/// @param toll what a gift pays, of the tier's list price, at most 2,000.
/// @param resaleCap the highest resale price, of the seat's own face, at most 50,000;
/// zero: seats cannot be resold.
/// @param giftCooldown seconds that a seat must have been held before it can be given away.
/// @param startsAt when the first session starts.
/// @param endsAt when the last session ends.
/// @param deliverBy when the mentor must have asserted delivery.
/// @param refundUntil the end of the refund window, at most `endsAt`.
/// @param penalty what a refund inside the window costs, of the seat's face.
/// @param challengeDays how long a holder may object after the assertion, 3 to 30.
/// @param defaultSplit the holders' share if a wide dispute is never decided.
/// @param termsHash the hash of the human-readable terms.
struct DropTerms {
    address payout;
    address currency;
    TransferPolicy policy;
    uint256 maxFee;
    address verifier;
    address resolver;
    uint256 royalty;
    uint256 toll;
    uint256 resaleCap;
    uint256 giftCooldown;
    uint256 startsAt;
    uint256 endsAt;
    uint256 deliverBy;
    uint256 refundUntil;
    uint256 penalty;
    uint256 challengeDays;
    uint256 defaultSplit;
    bytes32 termsHash;
}

/// @param listPrice in the drop's currency; no phase may charge more.
/// @param cap how many seats may live at once, 1 to 99,999.
struct TierTerms {
    uint256 listPrice;
    uint256 cap;
}

/// @param tier the index of the tier that this phase sells.
/// @param opens the first second.
/// @param closes the last second, at most the drop's `endsAt`.
/// @param gate who may mint.
/// @param price what one seat costs, at most the tier's list price.
/// @param supply how many seats of this phase may live at once; zero: as many as the tier has.
/// @param reserved whether `supply` is held back from every other phase until this one closes.
/// @param walletLimit how many seats one account may mint here; zero: no limit. In a public
/// phase this is a courtesy: one person can hold many accounts.
/// @param gateData the Merkle root, the pass signer or the other drop; not kept for PUBLIC.
struct PhaseTerms {
    uint256 tier;
    uint256 opens;
    uint256 closes;
    Gate gate;
    uint256 price;
    uint256 supply;
    bool reserved;
    uint256 walletLimit;
    bytes32 gateData;
}

/// @param recipient who will own the seats.
/// @param maxTotal the most that the caller will pay in all.
/// @param referrer published for whoever pays referrals elsewhere; the contract pays none.
struct MintRequest {
    DropId drop;
    uint256 phase;
    address recipient;
    uint256 quantity;
    uint256 maxTotal;
    address referrer;
}

/// @notice A seller's offer to sell one seat, signed as EIP-712 data or stored on chain. It dies
/// when the seat moves or its owner cancels (`epoch`), when the seller bumps `counter`, when the
/// drop is postponed (`termsVersion`), and after `expiry`. Nothing is ever marked as filled.
/// @param price in the currency of the seat's drop.
/// @param expiry the last second, at most 30 days ahead.
/// @param taker the only account that may buy; zero: anybody.
struct Listing {
    SeatId seat;
    uint256 price;
    uint256 epoch;
    address seller;
    uint256 counter;
    uint256 termsVersion;
    address taker;
    uint256 expiry;
}

/// @notice A buyer's offer for one seat, signed as EIP-712 data, in the currency of the seat's drop;
/// wrapped ether for a drop in ETH. It dies when the seat moves or its owner cancels (`epoch`), when
/// the buyer bumps `counter`, when the drop is postponed, after `expiry`, and by its `nonce`.
/// @param nonce used up by the first fill or by cancelling; the buyer picks it.
/// @param expiry the last second, at most 30 days ahead.
struct SeatOffer {
    SeatId seat;
    uint256 price;
    uint256 epoch;
    address buyer;
    uint256 counter;
    uint256 termsVersion;
    uint256 nonce;
    uint256 expiry;
}

/// @notice A buyer's offer for any one seat of a tier; whoever owns one may take it, once.
/// @param leastFace a seat whose face is lower does not do: its refund would be smaller.
struct TierOffer {
    DropId drop;
    uint256 tier;
    uint256 leastFace;
    uint256 price;
    address buyer;
    uint256 counter;
    uint256 termsVersion;
    uint256 nonce;
    uint256 expiry;
}
