// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DropId} from "../types/DropId.sol";
import {SeatId} from "../types/SeatId.sol";
import {
    DropState,
    DropTerms,
    Gate,
    MintRequest,
    PhaseTerms,
    TierTerms,
    TransferPolicy
} from "../types/Terms.sol";
import {DropView, PhaseView, TierView} from "../types/Views.sol";

/// @title Drops: creating them and minting their seats
/// @dev The terms of a drop are fixed when it is created: no role can change them, the platform's
/// owner least of all, but for what ISeatSteering gives to its mentor.
/// WARNING: the id is known once the creation cannot be undone by the chain; whoever buys before
/// that may buy from another drop of the same number.
/// WARNING: limits per wallet are a courtesy in a public phase: one person can hold many accounts.
/// WARNING: a seat that opens a phase (gate SEAT) does so once. Its owner can use it right before
/// selling it: who buys a seat for what it opens looks at `ISeatSteering.isSeatSpent`, and takes
/// part in a drop whose mentor can grant such seats.
/// WARNING: numbers are never given out twice. Whoever mints and refunds 99,999 seats of one tier
/// at their own cost ends its sale; the mentor launches another drop.
interface ISeatDrops {
    /// @notice A drop was created. `words` are what was stored: rules, schedule, arbitration
    /// (`types/DropWords.sol`), one for each tier (`TierWord.sol`), one for each phase
    /// (`PhaseWord.sol`), then the gate's data of each phase that is not public. `termsOf`
    /// spells them out.
    event DropCreated(
        DropId indexed drop, address indexed mentor, bytes32 termsHash, bytes32[] words
    );

    /// @notice Released money of `drop` goes to `payout` instead of the mentor.
    event PayoutSet(DropId indexed drop, address payout);

    /// @notice `verifier` checks people in to the sessions of `drop`.
    event VerifierSet(DropId indexed drop, address verifier);

    /// @notice `account` minted `quantity` seats, numbered upwards from `first`, at the price of
    /// `phase`, which is the face of each.
    event SeatsMinted(
        SeatId indexed first, uint256 phase, uint256 quantity, address account, address referrer
    );

    /// @notice `account` used the pass `nonce` of `drop`.
    event PassUsed(DropId indexed drop, address indexed account, uint256 nonce);

    /// @notice `seat`, of another drop, has opened `phase` of `drop` and will not again.
    event SeatUsed(DropId indexed drop, SeatId indexed seat, uint256 phase);

    /// @notice A term is outside its bounds. `field` is its name in `DropTerms`, `TierTerms` or
    /// `PhaseTerms`; the value must be between `least` and `most`.
    error SeatDrops_TermOutOfBounds(bytes32 field, uint256 value, uint256 least, uint256 most);

    /// @notice The resolver decides between mentor and buyers, so it can be neither the mentor
    /// nor the payout nor nobody.
    error SeatDrops_ResolverNotNeutral(address resolver);

    /// @notice The verifier is a key of its own, never the mentor's.
    error SeatDrops_VerifierIsMentor(address verifier);

    /// @notice The platform's fee is higher than the mentor accepts.
    error SeatDrops_FeeAboveMax(uint256 fee, uint256 maxFee);

    /// @notice The platform does not take this currency for new drops.
    error SeatDrops_CurrencyNotAllowed(address currency);

    /// @notice A gate's data must be a Merkle root, the address of a pass signer, or another drop.
    error SeatDrops_GateDataUnfit(uint256 phase, Gate gate, bytes32 gateData);

    /// @notice There is no such drop.
    error SeatDrops_Unknown(DropId drop);

    /// @notice There is no such phase.
    error SeatDrops_PhaseUnknown(DropId drop, uint256 phase);

    /// @notice The drop sells no seats in this state.
    error SeatDrops_NotLive(DropId drop, DropState state);

    /// @notice Selling is paused until the end of this second.
    error SeatDrops_Paused(DropId drop, uint256 until);

    /// @notice The phase is open from the first to the last of these seconds.
    error SeatDrops_PhaseClosed(uint256 opens, uint256 closes, uint256 time);

    /// @notice Minting no seats, or to nobody: the zero address, or this contract, which cannot act
    /// as their owner.
    error SeatDrops_EmptyMint(uint256 quantity, address recipient);

    /// @notice The tier or the phase has only `left` seats to sell here and now.
    error SeatDrops_SoldOut(DropId drop, uint256 phase, uint256 wanted, uint256 left);

    /// @notice The tier has only `left` seats to grant: cap, numbers and reserves bound them.
    error SeatDrops_GrantTooLarge(DropId drop, uint256 tier, uint256 wanted, uint256 left);

    /// @notice The account has minted `already` of `limit` seats in this phase.
    error SeatDrops_WalletLimit(address account, uint256 already, uint256 wanted, uint256 limit);

    /// @notice The seats cost exactly `total`.
    error SeatDrops_WrongPayment(uint256 total, uint256 paid);

    /// @notice The seats cost more than the caller wants to pay in all.
    error SeatDrops_AboveMaxTotal(uint256 total, uint256 maxTotal);

    /// @notice Only the mentor may do this.
    error SeatDrops_NotMentor(DropId drop, address mentor, address caller);

    /// @notice Only the guardian may do this.
    error SeatDrops_NotGuardian(address guardian, address caller);

    /// @notice Not before the second `from`.
    error SeatDrops_TooEarly(DropId drop, uint256 from, uint256 time);

    /// @notice Not after the second `until`.
    error SeatDrops_TooLate(DropId drop, uint256 until, uint256 time);

    /// @notice There is no such tier.
    error SeatDrops_TierUnknown(DropId drop, uint256 tier);

    /// @notice A cap can only fall, to `least` at the lowest: the living seats and open reserves.
    error SeatDrops_CapOutOfBounds(uint256 cap, uint256 least, uint256 most);

    /// @notice A drop is postponed at most `most` times.
    error SeatDrops_PostponedTooOften(DropId drop, uint256 most);

    /// @notice The bytes that came with the mint are not what this gate asks for; see `mint`.
    error SeatDrops_AuthorisationMalformed(Gate gate, uint256 length);

    /// @notice The proof does not lead from this account to the allowlist of the phase.
    error SeatDrops_NotAllowlisted(uint256 phase, address account);

    /// @notice The pass was not signed by `signer` for this drop, phase and account.
    error SeatDrops_PassInvalid(address signer, bytes32 digest);

    /// @notice The pass counted until the second `expiry`.
    error SeatDrops_PassExpired(uint256 expiry, uint256 time);

    /// @notice The pass has been used.
    error SeatDrops_PassSpent(DropId drop, uint256 nonce);

    /// @notice The pass is for at most `allowed` seats.
    error SeatDrops_PassTooSmall(uint256 allowed, uint256 wanted);

    /// @notice The phase is for holders of seats of drop `wanted`.
    error SeatDrops_SeatOfAnotherDrop(SeatId seat, DropId wanted);

    /// @notice The seat that opens the phase must be the caller's.
    error SeatDrops_SeatNotYours(SeatId seat, address owner, address caller);

    /// @notice A seat opens a phase once its refund window is over and its drop has started: from
    /// the second `from` on.
    error SeatDrops_SeatRefundable(SeatId seat, uint256 from);

    /// @notice The drop of the seat was cancelled or failed, or the seat has been paid out: it opens
    /// nothing.
    error SeatDrops_SeatVoid(SeatId seat, DropState state);

    /// @notice The seat has opened this phase already.
    error SeatDrops_SeatSpent(SeatId seat, uint256 phase);

    /// @notice One mint, of one seat, for each seat that opens the phase.
    error SeatDrops_OneForOne(uint256 wanted);

    /// @notice As many authorisations as mints.
    error SeatDrops_LengthsDiffer(uint256 requests, uint256 authorisations);

    /// @notice Creates a drop whose mentor is the caller.
    /// @param tiers 1 to 10. @param phases 1 to 16.
    function createDrop(
        DropTerms calldata terms,
        TierTerms[] calldata tiers,
        PhaseTerms[] calldata phases
    ) external returns (DropId);

    /// @notice Mints `request.quantity` seats for exactly their price and puts it in escrow: as
    /// `msg.value`, or taken from the caller's allowance in the currency of the drop.
    /// @dev The recipient is not called back: a contract that cannot handle seats loses them.
    /// Gates, counts and payment are about the caller, whoever the recipient is.
    /// @param authorisation what the phase's gate asks for, in whole words. PUBLIC: not looked at.
    /// ALLOWLIST: the Merkle proof of the leaf keccak256(keccak256(abi.encode(phase, caller))), hash
    /// after hash. PASS: quantity, nonce and expiry, 32 bytes each, then the signature over `Pass`.
    /// SEAT: the id of the caller's seat, 32 bytes.
    /// @return first the lowest of the new ids; the others follow it.
    function mint(MintRequest calldata request, bytes calldata authorisation)
        external
        payable
        returns (SeatId first);

    /// @notice Mints several times, in any drops, all or nothing; `msg.value` is the sum of all that
    /// is paid in ETH.
    /// @return first the lowest new id of each mint.
    function mintMany(MintRequest[] calldata requests, bytes[] calldata authorisations)
        external
        payable
        returns (SeatId[] memory first);

    /// @notice How many drops there are; their ids are 1 to this number.
    function dropCount() external view returns (uint256);

    /// @notice Terms and state of `drop`, its tiers and its phases.
    function termsOf(DropId drop)
        external
        view
        returns (DropView memory terms, TierView[] memory tiers, PhaseView[] memory phases);

    /// @notice How many seats `account` has minted in a phase that limits wallets.
    function mintedBy(DropId drop, uint256 phase, address account) external view returns (uint256);
}
