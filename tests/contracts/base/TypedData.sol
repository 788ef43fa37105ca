// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DropId} from "../../../contracts/types/DropId.sol";
import {SeatId} from "../../../contracts/types/SeatId.sol";
import {Listing, SeatOffer, TierOffer} from "../../../contracts/types/Terms.sol";

/// @dev What the signer of a PASS phase signs; the contract has no struct for it.
struct Pass {
    DropId drop;
    uint256 phase;
    address account;
    uint256 quantity;
    uint256 nonce;
    uint256 expiry;
}

/// @title The typed data that accounts sign, written out from EIP-712
/// @dev Independent of the contracts, whose own digests would prove nothing about themselves.
library TypedData {
    /// @dev The digest of `structHash` for `seats` on this chain.
    function digest(address seats, bytes32 structHash) internal view returns (bytes32) {
        return digestOn(block.chainid, seats, structHash);
    }

    function digestOn(uint256 chainId, address seats, bytes32 structHash)
        internal
        pure
        returns (bytes32)
    {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256(
                    "EIP712Domain(string name,string version,uint256 chainId,"
                    "address verifyingContract)"
                ),
                keccak256("Seatmarket"),
                keccak256("1"),
                chainId,
                seats
            )
        );
        return keccak256(abi.encodePacked(hex"1901", domain, structHash));
    }

    function hashOf(Listing memory listing) internal pure returns (bytes32) {
        bytes32 typeHash = keccak256(
            "Listing(uint256 seat,uint256 price,uint256 epoch,address seller,uint256 counter,"
            "uint256 termsVersion,address taker,uint256 expiry)"
        );
        return keccak256(abi.encode(typeHash, listing));
    }

    function hashOf(SeatOffer memory offer) internal pure returns (bytes32) {
        bytes32 typeHash = keccak256(
            "SeatOffer(uint256 seat,uint256 price,uint256 epoch,address buyer,uint256 counter,"
            "uint256 termsVersion,uint256 nonce,uint256 expiry)"
        );
        return keccak256(abi.encode(typeHash, offer));
    }

    function hashOf(TierOffer memory offer) internal pure returns (bytes32) {
        bytes32 typeHash = keccak256(
            "TierOffer(uint256 drop,uint256 tier,uint256 leastFace,uint256 price,address buyer,"
            "uint256 counter,uint256 termsVersion,uint256 nonce,uint256 expiry)"
        );
        return keccak256(abi.encode(typeHash, offer));
    }

    function hashOf(Pass memory pass) internal pure returns (bytes32) {
        bytes32 typeHash = keccak256(
            "Pass(uint256 drop,uint256 phase,address account,uint256 quantity,uint256 nonce,"
            "uint256 expiry)"
        );
        return keccak256(abi.encode(typeHash, pass));
    }

    /// @dev Both the holder and the verifier sign this.
    function checkInHash(SeatId seat, uint256 epoch, uint256 expiry)
        internal
        pure
        returns (bytes32)
    {
        bytes32 typeHash = keccak256("CheckIn(uint256 seat,uint256 epoch,uint256 expiry)");
        return keccak256(abi.encode(typeHash, seat, epoch, expiry));
    }
}
