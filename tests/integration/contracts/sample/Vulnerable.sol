// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev Pays before it writes down that it has paid, on purpose.
contract Vulnerable {
    mapping(address => uint256) internal _deposits;

    function deposit() external payable {
        _deposits[msg.sender] += msg.value;
    }

    function withdraw() external {
        (bool paid,) = msg.sender.call{value: _deposits[msg.sender]}("");
        require(paid);
        _deposits[msg.sender] = 0;
    }
}
