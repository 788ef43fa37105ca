// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {WETH} from "solady/tokens/WETH.sol";

/// @title Wrapped ether for chains that have none yet
/// @notice Development chains only: a public chain's own wrapped ether is what offers are made in.
contract WrappedEther is WETH {}
