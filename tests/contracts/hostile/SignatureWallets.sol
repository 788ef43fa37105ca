// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

// ERC-1271 wallets, most of them bad ones.

bytes4 constant MAGIC = 0x1626ba7e;

/// @dev Accepts one digest until it is revoked.
contract ApprovingWallet {
    bytes32 private approved;

    function approve(bytes32 digest) external {
        approved = digest;
    }

    function isValidSignature(bytes32 digest, bytes calldata) external view returns (bytes4) {
        return digest == approved && digest != 0 ? MAGIC : bytes4(0xffffffff);
    }
}

/// @dev Accepts everything with exactly `answer`, whatever that is.
contract AnsweringWallet {
    bytes private answer;

    constructor(bytes memory answer_) {
        answer = answer_;
    }

    fallback() external payable {
        bytes memory answer_ = answer;
        assembly ("memory-safe") {
            return(add(answer_, 0x20), mload(answer_))
        }
    }
}

/// @dev The right answer, as the head of a megabyte.
contract BombingWallet {
    fallback() external payable {
        assembly ("memory-safe") {
            mstore(0, shl(224, 0x1626ba7e))
            return(0, 1000000)
        }
    }
}

/// @dev Never comes to an end.
contract BurningWallet {
    fallback() external payable {
        while (true) {}
    }
}

/// @dev The right answer, as a refusal.
contract RevertingWallet {
    fallback() external payable {
        assembly ("memory-safe") {
            mstore(0, shl(224, 0x1626ba7e))
            revert(0, 0x20)
        }
    }
}

/// @dev Tries `attempts` while it is asked, and accepts only if every one was refused.
contract ReenteringWallet {
    address private target;
    bytes[] private attempts;

    function prepare(address target_, bytes[] calldata attempts_) external {
        target = target_;
        for (uint256 i; i < attempts_.length; ++i) {
            attempts.push(attempts_[i]);
        }
    }

    function isValidSignature(bytes32, bytes calldata) external returns (bytes4) {
        for (uint256 i; i < attempts.length; ++i) {
            (bool accepted,) = target.call{gas: 30_000}(attempts[i]);
            if (accepted) return 0xffffffff;
        }
        return MAGIC;
    }
}
