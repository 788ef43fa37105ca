// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DropId} from "../types/DropId.sol";
import {SeatId} from "../types/SeatId.sol";
import {DropState} from "../types/Terms.sol";
import {RefundView} from "../types/Views.sol";

/// @title From the promise to the payment
/// @notice Refunds while the window is open, check-in, the mentor's assertion, the holders'
/// objections, settling, disputes, and what everybody is paid in the end.
/// @dev Releasing x means: the platform's fee of x to the treasury's credit, rounded down, and the
/// rest to the credit of the payout. Every state is left by time alone: a drop that is not
/// delivered can be failed by anybody one second after `deliverBy`; one that was asserted can be
/// settled by anybody after the challenge window; a dispute that the resolver leaves open can be
/// ended by anybody 14 days after it began.
/// WARNING: the resolver decides a dispute alone, within its bounds. A resolver who colludes with
/// the mentor can give the mentor everything that is in dispute, and one who colludes with holders
/// the opposite. Look at who it is before you buy.
/// WARNING: objections are counted by money. Until a phase closes its mentor can mint seats too, pay
/// the fee for them, and so make the objections of others fewer than a tenth; of a narrow dispute
/// that nobody decides, objectors get nothing.
/// WARNING: the resolver is an address that the mentor names; the contract cannot know whether
/// anybody answers there.
/// WARNING: in a wide dispute all seats stay where they are, for good, whatever is decided; what
/// waits with seats that were refunded goes to the mentor unless the drop is cancelled or fails.
/// WARNING: a check-in signature lets the verifier end the refund window until it expires: sign it
/// at the door, for minutes.
/// WARNING: buying a seat above its face risks the difference: no refund and no claim pays more
/// than the face and the royalties that wait with this seat.
interface ISeatDelivery {
    /// @notice `account` gave `seat` back for `paid` and left `penalty` of its face behind; the
    /// seat is burned. What waits with it, the penalty included, is paid to `account` if the drop
    /// is cancelled or fails, and to the mentor otherwise.
    event SeatRefunded(SeatId indexed seat, address indexed account, uint256 paid, uint256 penalty);

    /// @notice The holder of `seat` was checked in by `verifier`: it does not move and has no
    /// refund window any more.
    event CheckedIn(SeatId indexed seat, address indexed holder, address verifier);

    /// @notice The mentor says that everything was delivered; `evidence` is the hash of the proof.
    event DeliveryAsserted(DropId indexed drop, bytes32 evidence);

    /// @notice The holder of `seat` contests the assertion: `face` more is under objection.
    event Objected(SeatId indexed seat, address indexed holder, uint256 face);

    /// @notice Nobody contests: `released`, all that the drop owed, went to the mentor.
    event DropSettled(DropId indexed drop, uint256 released);

    /// @notice The resolver has 14 days. `owed` is in dispute: the faces of the objectors (narrow)
    /// or of all seats (`wide`); `released` was not contested and went to the mentor.
    event DropDisputed(DropId indexed drop, bool wide, uint256 owed, uint256 released);

    /// @notice The holders in dispute get `split` of their faces; `released` went to the mentor.
    /// `byDefault`: the resolver stayed silent.
    event DropResolved(DropId indexed drop, uint256 split, uint256 released, bool byDefault);

    /// @notice The owner of `seat`, or who burned it, is paid `face` from what the drop owed and
    /// `held` of what waited with it; `released`, the rest of that, went to the mentor.
    event Claimed(
        SeatId indexed seat, address indexed account, uint256 face, uint256 held, uint256 released
    );

    /// @notice `amount`, all that waited with `seat`, went to the mentor.
    event Collected(SeatId indexed seat, uint256 amount);

    /// @notice This is not done in this state of the drop.
    error SeatDelivery_WrongState(DropId drop, DropState state);

    /// @notice Not before the second `from`.
    error SeatDelivery_TooEarly(DropId drop, uint256 from, uint256 time);

    /// @notice Not after the second `until`.
    error SeatDelivery_TooLate(DropId drop, uint256 until, uint256 time);

    /// @notice Only the resolver may decide, for 14 days.
    error SeatDelivery_NotResolver(DropId drop, address resolver, address caller);

    /// @notice The holder was checked in: objections and claims remain, the refund window does not.
    error SeatDelivery_CheckedIn(SeatId seat);

    /// @notice The seat cost nothing, so there is nothing to give back or to contest.
    error SeatDelivery_NoFace(SeatId seat);

    /// @notice A seat is not given back in the second in which it was minted or changed hands.
    error SeatDelivery_JustMoved(SeatId seat, uint256 time);

    /// @notice The holder has objected already.
    error SeatDelivery_ObjectedAlready(SeatId seat);

    /// @notice The seat has been paid out, nothing waits with it, or the decision left it nothing.
    error SeatDelivery_NothingToClaim(SeatId seat);

    /// @notice The dispute is about other seats: what waits with this one is collected instead.
    error SeatDelivery_NotInDispute(SeatId seat);

    /// @notice This seat is in dispute: it is claimed, not collected.
    error SeatDelivery_InDispute(SeatId seat);

    /// @notice The holders' share is at most 10,000.
    error SeatDelivery_SplitTooLarge(uint256 split, uint256 most);

    /// @notice The drop has no verifier; the mentor names one with `setVerifier`.
    error SeatDelivery_VerifierMissing(DropId drop);

    /// @notice Check-in needs the holder: neither the caller nor this signature is theirs.
    error SeatDelivery_HolderAbsent(address holder, bytes32 digest);

    /// @notice Check-in needs the verifier: neither the caller nor this signature is theirs.
    error SeatDelivery_VerifierAbsent(address verifier, bytes32 digest);

    /// @notice The signatures for this check-in counted until the second `expiry`.
    error SeatDelivery_CheckInExpired(uint256 expiry, uint256 time);

    /// @notice Gives the caller's seat back for its face less the penalty, while the refund window
    /// is open and nobody was checked in with it. The seat is burned and can be sold again under
    /// another number.
    /// @dev Pausing never stops a refund. The owner is paid in this call; a payment that is refused
    /// becomes a credit. WARNING: royalties and tolls that wait with the seat stay behind: they
    /// come back only if the drop is cancelled or fails.
    function refund(SeatId seat) external;

    /// @notice Checks the holder in, once, from `startsAt` on. Both sides must agree, each by
    /// calling or by a signature over seat, epoch and expiry; whoever calls pays the gas.
    /// @dev For the session that the terms call binding. WARNING: it ends moving and the refund
    /// window, never objections or claims. A verifier alone can check nobody in.
    /// @param holderSignature of the owner over `CheckIn`; empty when the owner calls.
    /// @param verifierSignature of the drop's verifier; empty when the verifier calls.
    function checkIn(
        SeatId seat,
        uint256 expiry,
        bytes calldata holderSignature,
        bytes calldata verifierSignature
    ) external;

    /// @notice The mentor says, from `endsAt` to `deliverBy`, that everything was delivered.
    /// @param evidence the hash of whatever proves it; published, not judged here.
    function assertDelivery(DropId drop, bytes32 evidence) external;

    /// @notice The holder of a seat that cost something contests the assertion, once, inside the
    /// challenge window. The seat will not move again.
    function objectTo(SeatId seat) external;

    /// @notice After the challenge window, by anybody: pays the mentor, or opens the dispute. With
    /// less than a tenth of the money under objection only that part is disputed.
    function settle(DropId drop) external;

    /// @notice The resolver gives the holders in dispute `split` of their faces (in hundredths of a
    /// percent), within 14 days.
    function resolve(DropId drop, uint256 split) external;

    /// @notice After 14 days without a decision, by anybody: nothing for the holders of a narrow
    /// dispute, the drop's own term in a wide one.
    function resolveByDefault(DropId drop) external;

    /// @notice Pays out a seat of a cancelled, failed or disputed drop, once, by anybody for its
    /// owner. The owner who calls is paid at once; anybody else's call leaves a credit.
    /// @dev Of a cancelled or failed drop: face and all that waits with the seat; of a burned seat
    /// what waits with it, to who burned it. Of a decided dispute: the share that was decided.
    function claim(SeatId seat) external;

    /// @notice Releases what waits with a seat whose drop was delivered, by anybody: SETTLED, or a
    /// decided dispute that this seat had no part in, or of a seat that was burned.
    function collect(SeatId seat) external;

    /// @notice What `seat` can be turned back into money for, now and if the mentor fails.
    /// @dev Answers for a burned seat too; reverts with SeatToken_Unknown for one that never was.
    function refundOf(SeatId seat) external view returns (RefundView memory);
}
