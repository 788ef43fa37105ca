// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DropId} from "../types/DropId.sol";
import {SeatId} from "../types/SeatId.sol";

/// @title What may happen to a drop after its creation, and by whom
/// @dev The mentor may, and nothing else: grant seats, lower a cap, name another verifier, postpone
/// twice before the start (which ends the penalty and keeps the refund window open), cancel (which
/// gives everybody their money back) and assert delivery (ISeatDelivery). The guardian may pause
/// minting and sales of one drop for at most 72 hours and not again for 7 days; refunds, gifts,
/// check-ins, objections, claims and withdrawals go on. Time may fail a drop, by anybody's call.
/// Refusals are those of ISeatDrops.
interface ISeatSteering {
    /// @notice The mentor gave `quantity` seats away, numbered upwards from `first`; face zero.
    event SeatsGranted(SeatId indexed first, uint256 quantity);

    /// @notice At most `cap` seats of `tier` live from now on.
    event CapLowered(DropId indexed drop, uint256 tier, uint256 cap);

    /// @notice Minting and sales of `drop` are paused to the end of the second `until`; a second
    /// that is over ends the pause.
    event DropPaused(DropId indexed drop, uint256 until);

    /// @notice The drop has new times, the next terms version and no penalty.
    event DropPostponed(
        DropId indexed drop,
        uint256 startsAt,
        uint256 endsAt,
        uint256 deliverBy,
        uint256 refundUntil
    );

    /// @notice The mentor cancelled `drop`: everybody gets everything back.
    event DropCancelled(DropId indexed drop);

    /// @notice The mentor did not assert delivery in time: everybody gets everything back.
    event DropFailed(DropId indexed drop);

    /// @notice The mentor gives seats away while the drop is LIVE, before `endsAt`. They count
    /// against the cap, leave reserves alone, have no face, and are given on but never sold here.
    /// @dev WARNING: under OPEN nothing keeps a granted seat from being sold elsewhere.
    /// @return first the lowest of the new ids; the others follow it.
    function grant(DropId drop, uint256 tier, address recipient, uint256 quantity)
        external
        returns (SeatId first);

    /// @notice The mentor lowers a tier's cap of a LIVE drop, never below living seats and open
    /// reserves.
    function lowerCap(DropId drop, uint256 tier, uint256 cap) external;

    /// @notice The mentor names another verifier, never themselves; nobody: nobody is checked in.
    function setVerifier(DropId drop, address verifier) external;

    /// @notice The guardian stops minting and sales to the end of the second `until`, at most 72
    /// hours ahead, and not again for 7 days after that.
    function pause(DropId drop, uint256 until) external;

    /// @notice The guardian ends a pause early.
    function unpause(DropId drop) external;

    /// @notice The mentor moves a LIVE drop that has not started, at most twice: the start at least
    /// 7 days ahead, nothing to an earlier time, `deliverBy` at most 180 days past the first one.
    /// @dev Listings and offers of the drop die, the penalty ends, and the refund window moves with
    /// the start and stays open for at least 7 days.
    function postpone(DropId drop, uint256 startsAt, uint256 endsAt, uint256 deliverBy) external;

    /// @notice The mentor cancels a LIVE drop, at any time: every seat gets face and all that waits
    /// with it.
    function cancelDrop(DropId drop) external;

    /// @notice Anybody declares a LIVE drop failed once `deliverBy` is over, with the same effect.
    function failDrop(DropId drop) external;

    /// @notice Whether the pass `nonce` of `drop` was used.
    function isPassSpent(DropId drop, uint256 nonce) external view returns (bool);

    /// @notice Whether `seat` has opened `phase` of `drop`.
    function isSeatSpent(DropId drop, uint256 phase, SeatId seat) external view returns (bool);
}
