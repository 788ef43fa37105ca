// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title One of everything that an Ethereum client encodes or decodes
/// @notice The conformance suite deploys it on each chain under test. It holds no rule of the
/// marketplace and imports nothing, so that a failure here is a failure of the chain or the client.
contract Probe {
    /// @notice The value in slot 0 was replaced.
    event Stored(address indexed by, uint256 indexed key, uint256 value);

    /// @notice Carries one argument of each dynamic kind; `topic` is the only indexed one.
    event Noted(bytes32 indexed topic, string text, bytes blob, uint256[] numbers);

    /// @notice Repeats a number exactly, also where it exceeds what a double can hold.
    event Echoed(uint256 unsigned, int256 signed);

    /// @notice Ether arrived.
    event Paid(address indexed from, uint256 amountWei);

    /// @notice A custom error with arguments of a fixed and of a dynamic type.
    error Refused(address caller, uint256 have, uint256 want, string reason);

    /// @notice A custom error without arguments.
    error Closed();

    struct Note {
        address author;
        uint256 amount;
        string text;
    }

    bytes32 private constant DOMAIN_TYPEHASH = keccak256(
        "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
    );
    bytes32 private constant NOTE_TYPEHASH =
        keccak256("Note(address author,uint256 amount,string text)");

    // Slot 0: the suite reads it by eth_getStorageAt.
    uint256 public stored;

    receive() external payable {
        emit Paid(msg.sender, msg.value);
    }

    function store(uint256 key, uint256 value) external payable {
        stored = value;
        emit Stored(msg.sender, key, value);
    }

    /// @dev Several logs in one transaction: their indexes must be consecutive.
    function storeMany(uint256[] calldata values) external {
        for (uint256 key = 0; key < values.length; key++) {
            stored = values[key];
            emit Stored(msg.sender, key, values[key]);
        }
    }

    function note(
        bytes32 topic,
        string calldata text,
        bytes calldata blob,
        uint256[] calldata numbers
    ) external {
        emit Noted(topic, text, blob, numbers);
    }

    function emitEcho(uint256 unsigned, int256 signed) external {
        emit Echoed(unsigned, signed);
    }

    /// @dev Never returns; declared as a view so that clients send it as a call.
    function refuse(uint256 have, uint256 want) external view {
        revert Refused(msg.sender, have, want, "not enough");
    }

    function close() external pure {
        revert Closed();
    }

    /// @dev State-changing on purpose: the suite sends it with a fixed gas limit, so that the
    /// revert is mined.
    function storeAndRefuse(uint256 value) external {
        stored = value;
        revert Refused(msg.sender, value, stored, "undone");
    }

    function revertWithReason(string calldata reason) external pure {
        revert(reason);
    }

    function revertWithoutData() external pure {
        assembly ("memory-safe") {
            revert(0, 0)
        }
    }

    /// @dev Panics with 0x12 for a zero divisor.
    function divide(uint256 dividend, uint256 divisor) external pure returns (uint256) {
        return dividend / divisor;
    }

    function echo(uint256 unsigned, int256 signed) external pure returns (uint256, int256) {
        return (unsigned, signed);
    }

    function chainId() external view returns (uint256) {
        return block.chainid;
    }

    function blockTime() external view returns (uint256) {
        return block.timestamp;
    }

    function caller() external view returns (address) {
        return msg.sender;
    }

    function received() external payable returns (uint256) {
        return msg.value;
    }

    /// @notice Who signed these 32 bytes by `personal_sign` (EIP-191 version 0x45).
    function signerOfMessage(bytes32 message, bytes calldata signature)
        external
        pure
        returns (address)
    {
        return recover(
            keccak256(abi.encodePacked("\x19Ethereum Signed Message:\n32", message)), signature
        );
    }

    /// @notice Who signed this note as EIP-712 typed data for this chain and this contract.
    function signerOfNote(Note calldata signedNote, bytes calldata signature)
        external
        view
        returns (address)
    {
        bytes32 domain = keccak256(
            abi.encode(
                DOMAIN_TYPEHASH, keccak256("Probe"), keccak256("1"), block.chainid, address(this)
            )
        );
        bytes32 contents = keccak256(
            abi.encode(
                NOTE_TYPEHASH,
                signedNote.author,
                signedNote.amount,
                keccak256(bytes(signedNote.text))
            )
        );
        return recover(keccak256(abi.encodePacked("\x19\x01", domain, contents)), signature);
    }

    /// @dev Neither the high-s form nor the zero address is refused: only clients sign here.
    function recover(bytes32 digest, bytes calldata signature) private pure returns (address) {
        require(signature.length == 65, "signature is not 65 bytes");
        return ecrecover(
            digest, uint8(signature[64]), bytes32(signature[0:32]), bytes32(signature[32:64])
        );
    }
}
