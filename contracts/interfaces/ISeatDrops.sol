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
/// owner least of all. WARNING: the id is known once the creation cannot be undone by the chain;
/// whoever buys before that may buy from another drop of the same number.
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

    /// @notice This version of the contract does not open phases with this gate.
    error SeatDrops_GateNotOffered(Gate gate);

    /// @notice This version of the contract does not move seats by this policy.
    error SeatDrops_PolicyNotOffered(TransferPolicy policy);

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

    /// @notice Minting no seats, or to nobody.
    error SeatDrops_EmptyMint(uint256 quantity, address recipient);

    /// @notice The tier or the phase has only `left` seats to sell here and now.
    error SeatDrops_SoldOut(DropId drop, uint256 phase, uint256 wanted, uint256 left);

    /// @notice The account has minted `already` of `limit` seats in this phase.
    error SeatDrops_WalletLimit(address account, uint256 already, uint256 wanted, uint256 limit);

    /// @notice The seats cost exactly `total`.
    error SeatDrops_WrongPayment(uint256 total, uint256 paid);

    /// @notice The seats cost more than the caller wants to pay in all.
    error SeatDrops_AboveMaxTotal(uint256 total, uint256 maxTotal);

    /// @notice Creates a drop whose mentor is the caller.
    /// @param tiers 1 to 10. @param phases 1 to 16.
    function createDrop(
        DropTerms calldata terms,
        TierTerms[] calldata tiers,
        PhaseTerms[] calldata phases
    ) external returns (DropId);

    /// @notice Mints `request.quantity` seats for exactly their price and puts it in escrow.
    /// @dev The recipient is not called back: a contract that cannot handle seats loses them.
    /// @param authorisation the proof, the pass or the seat that the phase's gate asks for;
    /// empty for a public one.
    /// @return first the lowest of the new ids; the others follow it.
    function mint(MintRequest calldata request, bytes calldata authorisation)
        external
        payable
        returns (SeatId first);

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
