// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @title Who signed
/// @dev The key is tried first, so an account that has gained code (EIP-7702) still signs with
/// its key. Only 65-byte signatures with a low s are keys' signatures here.
library Signatures {
    /// @dev What a contract wallet may spend on its answer: enough for several owners' keys.
    uint256 internal constant WALLET_GAS = 300_000;

    bytes4 internal constant ERC1271_MAGIC = 0x1626ba7e;

    /// @notice Whether `signer`, a key or an ERC-1271 contract, signed `digest`.
    function isSigner(address signer, bytes32 digest, bytes calldata signature)
        internal
        view
        returns (bool)
    {
        // slither-disable-next-line unused-return -- why a key did not sign changes nothing here
        (address recovered, ECDSA.RecoverError failure,) =
            ECDSA.tryRecoverCalldata(digest, signature);
        if (failure == ECDSA.RecoverError.NoError && recovered == signer) return true;
        return signer.code.length > 0 && acceptsSignature(signer, digest, signature);
    }

    function acceptsSignature(address wallet, bytes32 digest, bytes calldata signature)
        private
        view
        returns (bool accepted)
    {
        bytes memory question = abi.encodeWithSelector(ERC1271_MAGIC, digest, signature);
        uint256 gasLimit = WALLET_GAS;
        // Assembly, because a high-level call copies the whole answer: a hostile wallet would
        // make the buyer pay for megabytes of it.
        assembly ("memory-safe") {
            mstore(0x00, 0)
            let answered :=
                staticcall(gasLimit, wallet, add(question, 0x20), mload(question), 0x00, 0x20)
            accepted := and(
                and(answered, gt(returndatasize(), 0x1f)),
                eq(mload(0x00), shl(224, 0x1626ba7e))
            )
        }
    }
}
