// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";

import {ISeatDrops} from "../interfaces/ISeatDrops.sol";
import {DropId} from "../types/DropId.sol";
import {RulesWord} from "../types/DropWords.sol";
import {SeatId} from "../types/SeatId.sol";
import {Drop, SeatsLayout} from "../types/SeatsLayout.sol";
import {CLAIMED, SeatWord} from "../types/SeatWord.sol";
import {DropState, Gate, MintRequest} from "../types/Terms.sol";
import {Signatures} from "./Signatures.sol";

/// @title Who may mint behind a gate
/// @dev Authorisations are whole words without an ABI head: nothing in them can be malformed but
/// their length.
library Admission {
    bytes32 internal constant PASS_TYPEHASH = keccak256(
        "Pass(uint256 drop,uint256 phase,address account,uint256 quantity,uint256 nonce,"
        "uint256 expiry)"
    );
    uint256 private constant PASS_WORDS = 96;

    /// @dev The leaf is hashed twice, so that no inner node can pass for one.
    function requireListed(bytes32 root, MintRequest calldata request, bytes calldata proof)
        internal
        view
    {
        if (proof.length % 32 != 0) _refuseLength(Gate.ALLOWLIST, proof.length);
        bytes32[] calldata hashes;
        // Assembly, because the words of the proof are an array already, but for its type.
        assembly ("memory-safe") {
            hashes.offset := proof.offset
            hashes.length := shr(5, proof.length)
        }
        bytes32 leaf = keccak256(abi.encode(keccak256(abi.encode(request.phase, msg.sender))));
        // The leaf names no drop: the root is a term of this one.
        if (!MerkleProof.verifyCalldata(hashes, root, leaf)) {
            revert ISeatDrops.SeatDrops_NotAllowlisted(request.phase, msg.sender);
        }
    }

    /// @dev The message that the pass signer signs for the caller; hashStruct of EIP-712.
    function passHash(MintRequest calldata request, bytes calldata pass)
        internal
        view
        returns (bytes32)
    {
        if (pass.length < PASS_WORDS) _refuseLength(Gate.PASS, pass.length);
        (uint256 quantity, uint256 nonce, uint256 expiry) =
            abi.decode(pass[:PASS_WORDS], (uint256, uint256, uint256));
        return keccak256(
            abi.encode(
                PASS_TYPEHASH, request.drop, request.phase, msg.sender, quantity, nonce, expiry
            )
        );
    }

    /// @dev Uses the pass up; `digest` is that of `passHash`.
    function usePass(
        Drop storage drop,
        bytes32 signerWord,
        MintRequest calldata request,
        bytes calldata pass,
        bytes32 digest
    ) internal {
        (uint256 quantity, uint256 nonce, uint256 expiry) =
            abi.decode(pass[:PASS_WORDS], (uint256, uint256, uint256));
        if (block.timestamp > expiry) {
            revert ISeatDrops.SeatDrops_PassExpired(expiry, block.timestamp);
        }
        if (request.quantity > quantity) {
            revert ISeatDrops.SeatDrops_PassTooSmall(quantity, request.quantity);
        }
        uint256 used = drop.usedPasses[nonce >> 8];
        uint256 bit = 1 << (nonce & 0xff);
        if (used & bit != 0) revert ISeatDrops.SeatDrops_PassSpent(request.drop, nonce);
        address signer = address(uint160(uint256(signerWord)));
        if (!Signatures.isSigner(signer, digest, pass[PASS_WORDS:])) {
            revert ISeatDrops.SeatDrops_PassInvalid(signer, digest);
        }
        drop.usedPasses[nonce >> 8] = used | bit;
        emit ISeatDrops.PassUsed(request.drop, msg.sender, nonce);
    }

    function shownSeat(bytes calldata authorisation) internal pure returns (SeatId) {
        if (authorisation.length != 32) _refuseLength(Gate.SEAT, authorisation.length);
        return SeatId.wrap(uint256(bytes32(authorisation)));
    }

    /// @dev Uses up that `seat`, which `owner` holds, opens the phase. From the start of its drop on
    /// it can be neither refunded nor postponed any more.
    function useSeat(
        SeatsLayout storage seats,
        Drop storage drop,
        bytes32 wantedWord,
        MintRequest calldata request,
        SeatId seat,
        address owner,
        SeatWord word
    ) internal {
        DropId wanted = DropId.wrap(uint256(wantedWord));
        if (!(seat.dropOf() == wanted)) {
            revert ISeatDrops.SeatDrops_SeatOfAnotherDrop(seat, wanted);
        }
        if (owner != msg.sender) {
            revert ISeatDrops.SeatDrops_SeatNotYours(seat, owner, msg.sender);
        }
        if (request.quantity != 1) revert ISeatDrops.SeatDrops_OneForOne(request.quantity);
        Drop storage other = seats.drops[wanted];
        RulesWord rules = other.rules;
        DropState state = rules.state();
        // A seat that was paid out opens nothing either.
        if (state == DropState.CANCELLED || state == DropState.FAILED || word.has(CLAIMED)) {
            revert ISeatDrops.SeatDrops_SeatVoid(seat, state);
        }
        uint256 from = other.schedule.refundUntil() + 1;
        uint256 startsAt = other.schedule.startsAt();
        if (startsAt > from) from = startsAt;
        if (block.timestamp < from) revert ISeatDrops.SeatDrops_SeatRefundable(seat, from);
        uint256 used = drop.usedSeats[seat];
        uint256 bit = 1 << request.phase;
        if (used & bit != 0) revert ISeatDrops.SeatDrops_SeatSpent(seat, request.phase);
        drop.usedSeats[seat] = used | bit;
        emit ISeatDrops.SeatUsed(request.drop, seat, request.phase);
    }

    function _refuseLength(Gate gate, uint256 length) private pure {
        revert ISeatDrops.SeatDrops_AuthorisationMalformed(gate, length);
    }
}
