// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DropId} from "./DropId.sol";
import {DropState, Gate, TransferPolicy} from "./Terms.sol";

// What the views answer: the stored words, spelled out.

/// @param payout where released money goes: the mentor where no other was named.
/// @param verifier zero where none was named yet.
/// @param pausedUntil the last second of the newest pause; zero: never paused.
/// @param fee the platform's share of released money, as it was when the drop was created.
/// @param firstDeliverBy the `deliverBy` of the creation.
/// @param assertedAt when the mentor said that everything was delivered; zero: not yet.
/// @param disputedAt when a dispute began; zero: never.
/// @param objected the face under objection while the drop is ASSERTED; zero in other states.
/// @param owed what the drop owes its seats now.
/// @param split the holders' share of a dispute that was decided.
struct DropView {
    DropState state;
    TransferPolicy policy;
    address mentor;
    address payout;
    address currency;
    address verifier;
    address resolver;
    uint256 termsVersion;
    uint256 postponements;
    uint256 royalty;
    uint256 toll;
    uint256 resaleCap;
    uint256 giftCooldown;
    uint256 startsAt;
    uint256 endsAt;
    uint256 deliverBy;
    uint256 firstDeliverBy;
    uint256 refundUntil;
    uint256 penalty;
    uint256 challengeDays;
    uint256 defaultSplit;
    uint256 fee;
    uint256 pausedUntil;
    uint256 assertedAt;
    uint256 disputedAt;
    uint256 objected;
    uint256 owed;
    uint256 split;
}

/// @param escrowed the face of the tier's living seats, which the drop owes them until it ends.
struct TierView {
    uint256 listPrice;
    uint256 cap;
    uint256 issued;
    uint256 live;
    uint256 escrowed;
}

/// @param sold counted only where `supply` is not zero.
/// @param reserves the phases, one bit each, that hold back seats of the same tier.
struct PhaseView {
    uint256 tier;
    Gate gate;
    uint256 price;
    uint256 opens;
    uint256 closes;
    uint256 supply;
    uint256 sold;
    uint256 walletLimit;
    uint256 reserves;
    bytes32 gateData;
}

/// @param face what was paid at the mint. @param toll what giving it away costs.
/// @param held the royalties and tolls that wait with it.
/// @param movableFrom the first second at which it may be given away.
/// @param locked it will not move again.
/// @param granted it has no face and is never sold.
/// @param claimed it has been paid out.
struct SeatView {
    address owner;
    DropId drop;
    uint256 tier;
    uint256 number;
    uint256 phase;
    uint256 epoch;
    uint256 movedAt;
    uint256 movableFrom;
    uint256 face;
    uint256 toll;
    uint256 held;
    bool locked;
    bool checkedIn;
    bool granted;
    bool objected;
    bool claimed;
}

/// @notice What a seat can be turned back into money for; amounts in the currency of its drop.
/// @param refund what `refund` would pay at this moment; zero where it would revert.
/// @param penalty what that refund would leave behind.
/// @param refundUntil the last second of the refund window.
/// @param claimable what `claim` would give the seat's owner at this moment.
/// @param onFailure the most that the seat can still be paid if the mentor has not delivered: its
/// face and all that waits with it; zero once delivery is beyond dispute for this seat.
struct RefundView {
    uint256 refund;
    uint256 penalty;
    uint256 refundUntil;
    uint256 claimable;
    uint256 onFailure;
}
