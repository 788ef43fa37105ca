// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

interface IOwned {
    function ownerOf(uint256 id) external view returns (address);
}

// Contracts that seats are given to by `safeTransferFrom`.

/// @dev Takes a seat, and makes one call at the moment it arrives.
contract ReenteringHolder {
    address private immutable TARGET;
    bytes private payload;

    bool public ownedAtCallback;
    bool public accepted;

    constructor(address target) {
        TARGET = target;
    }

    function prepare(bytes calldata payload_) external {
        payload = payload_;
    }

    function onERC721Received(address, address, uint256 id, bytes calldata)
        external
        returns (bytes4)
    {
        ownedAtCallback = IOwned(TARGET).ownerOf(id) == address(this);
        if (payload.length != 0) (accepted,) = TARGET.call(payload);
        return this.onERC721Received.selector;
    }
}

contract WrongAnswerHolder {
    function onERC721Received(address, address, uint256, bytes calldata)
        external
        pure
        returns (bytes4)
    {
        return 0xdeadbeef;
    }
}

/// @dev Answers fewer bytes than an answer has.
contract ShortAnswerHolder {
    uint256 private immutable LENGTH;

    constructor(uint256 length) {
        LENGTH = length;
    }

    fallback() external {
        bytes4 answer = msg.sig;
        uint256 length = LENGTH;
        assembly ("memory-safe") {
            mstore(0x00, answer)
            return(0x00, length)
        }
    }
}

/// @dev Refuses with a reason of its own, which repeats what it was told.
contract ReasonHolder {
    error Sorry(address operator, address from, uint256 id, bytes data);

    function onERC721Received(address operator, address from, uint256 id, bytes calldata data)
        external
        pure
        returns (bytes4)
    {
        revert Sorry(operator, from, id, data);
    }
}
