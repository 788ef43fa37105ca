// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

// Wallets and factories that the API meets; SignatureWallets.sol has more bad ones.

/// @dev Belongs to keys, any of which signs for it; what follows 65 bytes does not matter.
contract OwnedWallet {
    mapping(address => bool) public isOwner;

    constructor(address owner) {
        isOwner[owner] = true;
    }

    /// @dev For anybody: what a signature means must not depend on what a caller may do meanwhile.
    function setOwner(address owner, bool owns) external {
        isOwner[owner] = owns;
    }

    /// @dev For anybody too: tests let it allow and pay.
    function run(address target, bytes calldata data) external {
        (bool done,) = target.call(data);
        require(done);
    }

    function isValidSignature(bytes32 digest, bytes calldata signature)
        external
        view
        returns (bytes4)
    {
        if (signature.length < 65) return 0xffffffff;
        address signer = ecrecover(
            digest, uint8(signature[64]), bytes32(signature[:32]), bytes32(signature[32:64])
        );
        return signer != address(0) && isOwner[signer] ? bytes4(0x1626ba7e) : bytes4(0xffffffff);
    }
}

/// @dev Makes a wallet at an address that is known before.
contract WalletFactory {
    function make(address owner) external returns (address) {
        return address(new OwnedWallet{salt: 0}(owner));
    }

    function willMake(address owner) external view returns (address) {
        bytes32 code =
            keccak256(abi.encodePacked(type(OwnedWallet).creationCode, abi.encode(owner)));
        bytes32 place = keccak256(abi.encodePacked(bytes1(0xff), address(this), bytes32(0), code));
        return address(uint160(uint256(place)));
    }
}
