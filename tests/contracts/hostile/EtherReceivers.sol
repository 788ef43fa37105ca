// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

// Accounts that make trouble when ETH reaches them.

contract RefusingReceiver {
    error Refused();

    receive() external payable {
        revert Refused();
    }
}

contract BurningReceiver {
    receive() external payable {
        while (true) {}
    }
}

/// @dev Answers with a megabyte.
contract BombingReceiver {
    receive() external payable {
        assembly ("memory-safe") {
            return(0, 1000000)
        }
    }
}

/// @dev Answers every payment with one call, and remembers how that went. Signs everything, so
/// that it can sell; owns whatever is minted to it.
contract ReenteringReceiver {
    address private target;
    bytes private payload;
    uint256 private payment;

    /// @dev Never zero once prepared: writing it must fit into the gas of a payment.
    bytes32 public outcome;

    bytes32 public constant NOT_CALLED = "not called";
    bytes32 public constant ACCEPTED = "accepted";

    function prepare(address target_, bytes calldata payload_, uint256 payment_) external payable {
        (target, payload, payment, outcome) = (target_, payload_, payment_, NOT_CALLED);
    }

    /// @dev Calls as this account; reverts as the target does.
    function act(address target_, bytes calldata call_, uint256 payment_) external payable {
        (bool accepted, bytes memory answer) = target_.call{value: payment_}(call_);
        if (!accepted) {
            assembly ("memory-safe") {
                revert(add(answer, 0x20), mload(answer))
            }
        }
    }

    function isValidSignature(bytes32, bytes calldata) external pure returns (bytes4) {
        return this.isValidSignature.selector;
    }

    /// @dev The error's selector where the call was refused.
    receive() external payable {
        if (payload.length == 0) return;
        (bool accepted, bytes memory answer) = target.call{value: payment}(payload);
        outcome = accepted ? ACCEPTED : bytes32(answer);
    }
}

/// @dev Sends what it was created with to an account that cannot refuse.
contract ForcedPayment {
    constructor(address payable receiver) payable {
        selfdestruct(receiver);
    }
}
