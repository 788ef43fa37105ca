// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

library Rounding {
    error Rounding_ZeroDivisor(uint256 amount);

    function down(uint256 amount, uint256 divisor) external pure returns (uint256) {
        if (divisor == 0) revert Rounding_ZeroDivisor(amount);
        return amount / divisor;
    }
}
