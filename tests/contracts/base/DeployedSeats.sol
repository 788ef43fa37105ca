// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeats} from "../../../contracts/interfaces/ISeats.sol";

/// @title Seats as the chain shows it: our interfaces with the standards behind them
/// @dev Tests know the contract by this interface alone, so that a change of the implementation
/// compiles nothing of the tests again.
interface DeployedSeats is ISeats {
    receive() external payable;

    event Transfer(address indexed from, address indexed to, uint256 indexed id);
    event Approval(address indexed owner, address indexed account, uint256 indexed id);
    event ApprovalForAll(address indexed owner, address indexed operator, bool isApproved);
    event OwnershipTransferred(address indexed previousOwner, address indexed newOwner);

    error BalanceQueryForZeroAddress();
    error Reentrancy();
    error OwnableUnauthorizedAccount(address account);

    function name() external view returns (string memory);
    function symbol() external view returns (string memory);
    function tokenURI(uint256 id) external view returns (string memory);
    function ownerOf(uint256 id) external view returns (address);
    function balanceOf(address account) external view returns (uint256);
    function getApproved(uint256 id) external view returns (address);
    function isApprovedForAll(address account, address operator) external view returns (bool);
    function supportsInterface(bytes4 interfaceId) external view returns (bool);

    function approve(address operator, uint256 id) external payable;
    function setApprovalForAll(address operator, bool approved) external;
    function transferFrom(address from, address to, uint256 id) external payable;
    function safeTransferFrom(address from, address to, uint256 id) external payable;
    function safeTransferFrom(address from, address to, uint256 id, bytes calldata data)
        external
        payable;

    function owner() external view returns (address);
    function pendingOwner() external view returns (address);
    function transferOwnership(address newOwner) external;
    function acceptOwnership() external;
    function renounceOwnership() external;

    function eip712Domain()
        external
        view
        returns (
            bytes1 fields,
            string memory name,
            string memory version,
            uint256 chainId,
            address verifyingContract,
            bytes32 salt,
            uint256[] memory extensions
        );
}
