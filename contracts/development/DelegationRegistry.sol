// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title A registry of delegations for chains that lack delegate.xyz's
/// @notice Development chains only. A public chain has the registry of delegate.xyz, version 2, at
/// 0x00000000000000447e69651d841bD8D104Bed493. Events, calls and checks here are those of that one;
/// how they are kept is not.
/// @dev A delegation is enabled by its owner's call and is never consumed. `rights` of zero means
/// all rights, so every check for named rights also accepts a delegation of all.
contract DelegationRegistry {
    enum Scope {
        ALL,
        CONTRACT,
        ERC721,
        ERC20,
        ERC1155
    }

    /// @notice Everything that `from` owns or may do, with these rights.
    event DelegateAll(address indexed from, address indexed to, bytes32 rights, bool enable);

    /// @notice Everything of one contract.
    event DelegateContract(
        address indexed from,
        address indexed to,
        address indexed contract_,
        bytes32 rights,
        bool enable
    );

    /// @notice One token of an ERC-721.
    event DelegateERC721(
        address indexed from,
        address indexed to,
        address indexed contract_,
        uint256 tokenId,
        bytes32 rights,
        bool enable
    );

    /// @notice An amount of an ERC-20; nothing revokes it.
    event DelegateERC20(
        address indexed from,
        address indexed to,
        address indexed contract_,
        bytes32 rights,
        uint256 amount
    );

    /// @notice An amount of one token of an ERC-1155; nothing revokes it.
    event DelegateERC1155(
        address indexed from,
        address indexed to,
        address indexed contract_,
        uint256 tokenId,
        bytes32 rights,
        uint256 amount
    );

    /// @dev By the hash of scope, accounts, contract, token and rights: how much. Scopes that know
    /// no amounts keep all or nothing.
    mapping(bytes32 delegation => uint256 amount) private _amounts;

    /// @notice Lets `to` act for the caller everywhere, or no longer.
    /// @param rights Zero: all of them.
    function delegateAll(address to, bytes32 rights, bool enable) external {
        _set(Scope.ALL, to, address(0), 0, rights, _whole(enable));
        emit DelegateAll(msg.sender, to, rights, enable);
    }

    /// @notice Lets `to` act for the caller in one contract, or no longer.
    function delegateContract(address to, address contract_, bytes32 rights, bool enable) external {
        _set(Scope.CONTRACT, to, contract_, 0, rights, _whole(enable));
        emit DelegateContract(msg.sender, to, contract_, rights, enable);
    }

    /// @notice Lets `to` act for the caller with one token, or no longer.
    /// @dev Whether the caller owns it is not asked, here or there: whoever checks knows the owner.
    function delegateERC721(
        address to,
        address contract_,
        uint256 tokenId,
        bytes32 rights,
        bool enable
    ) external {
        _set(Scope.ERC721, to, contract_, tokenId, rights, _whole(enable));
        emit DelegateERC721(msg.sender, to, contract_, tokenId, rights, enable);
    }

    /// @notice Lets `to` act for the caller with an amount of an ERC-20.
    function delegateERC20(address to, address contract_, bytes32 rights, uint256 amount) external {
        _set(Scope.ERC20, to, contract_, 0, rights, amount);
        emit DelegateERC20(msg.sender, to, contract_, rights, amount);
    }

    /// @notice Lets `to` act for the caller with an amount of one token of an ERC-1155.
    function delegateERC1155(
        address to,
        address contract_,
        uint256 tokenId,
        bytes32 rights,
        uint256 amount
    ) external {
        _set(Scope.ERC1155, to, contract_, tokenId, rights, amount);
        emit DelegateERC1155(msg.sender, to, contract_, tokenId, rights, amount);
    }

    /// @notice Whether `to` may act for `from` everywhere, with these rights or all.
    function checkDelegateForAll(address to, address from, bytes32 rights)
        external
        view
        returns (bool)
    {
        return _everywhere(to, from, rights);
    }

    /// @notice Whether `to` may act for `from` in the contract, or everywhere.
    function checkDelegateForContract(address to, address from, address contract_, bytes32 rights)
        external
        view
        returns (bool)
    {
        return _inContract(to, from, contract_, rights);
    }

    /// @notice Whether `to` may act for `from` with the token, in its contract, or everywhere.
    function checkDelegateForERC721(
        address to,
        address from,
        address contract_,
        uint256 tokenId,
        bytes32 rights
    ) external view returns (bool) {
        return _inContract(to, from, contract_, rights)
            || _most(Scope.ERC721, to, from, contract_, tokenId, rights) != 0;
    }

    /// @notice With how much of an ERC-20 `to` may act for `from`; all there is by a wider one.
    function checkDelegateForERC20(address to, address from, address contract_, bytes32 rights)
        external
        view
        returns (uint256)
    {
        if (_inContract(to, from, contract_, rights)) return type(uint256).max;
        return _most(Scope.ERC20, to, from, contract_, 0, rights);
    }

    /// @notice With how much of a token `to` may act for `from`; all there is by a wider one.
    function checkDelegateForERC1155(
        address to,
        address from,
        address contract_,
        uint256 tokenId,
        bytes32 rights
    ) external view returns (uint256) {
        if (_inContract(to, from, contract_, rights)) return type(uint256).max;
        return _most(Scope.ERC1155, to, from, contract_, tokenId, rights);
    }

    function _set(
        Scope scope,
        address to,
        address contract_,
        uint256 tokenId,
        bytes32 rights,
        uint256 amount
    ) private {
        _amounts[_key(scope, to, msg.sender, contract_, tokenId, rights)] = amount;
    }

    function _everywhere(address to, address from, bytes32 rights) private view returns (bool) {
        return _most(Scope.ALL, to, from, address(0), 0, rights) != 0;
    }

    function _inContract(address to, address from, address contract_, bytes32 rights)
        private
        view
        returns (bool)
    {
        return _everywhere(to, from, rights)
            || _most(Scope.CONTRACT, to, from, contract_, 0, rights) != 0;
    }

    /// @dev The larger of what was delegated with all rights and with the named ones.
    function _most(
        Scope scope,
        address to,
        address from,
        address contract_,
        uint256 tokenId,
        bytes32 rights
    ) private view returns (uint256) {
        uint256 whole = _amounts[_key(scope, to, from, contract_, tokenId, bytes32(0))];
        uint256 named = _amounts[_key(scope, to, from, contract_, tokenId, rights)];
        return whole > named ? whole : named;
    }

    function _key(
        Scope scope,
        address to,
        address from,
        address contract_,
        uint256 tokenId,
        bytes32 rights
    ) private pure returns (bytes32) {
        return keccak256(abi.encode(scope, to, from, contract_, tokenId, rights));
    }

    function _whole(bool enable) private pure returns (uint256) {
        return enable ? type(uint256).max : 0;
    }
}
