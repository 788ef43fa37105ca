// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

// ERC-20 currencies, all but the first of them bad ones. Anybody makes as much of them as they
// like. What misbehaves begins to at once; some can be told to behave for a while.

/// @dev What they have in common: balances, allowances and no event.
abstract contract Coin {
    mapping(address account => uint256) internal _balances;
    mapping(address owner => mapping(address spender => uint256)) public allowance;

    function mint(address account, uint256 amount) external virtual {
        _balances[account] += amount;
    }

    function approve(address spender, uint256 amount) external returns (bool) {
        allowance[msg.sender][spender] = amount;
        return true;
    }

    function balanceOf(address account) external view virtual returns (uint256) {
        return _balances[account];
    }

    function _spend(address owner, uint256 amount) internal {
        allowance[owner][msg.sender] -= amount;
    }

    function _move(address from, address to, uint256 amount) internal virtual {
        _balances[from] -= amount;
        _balances[to] += amount;
    }
}

/// @dev Says yes to everything that does not revert.
abstract contract AnsweringCoin is Coin {
    function transfer(address to, uint256 amount) external returns (bool) {
        _move(msg.sender, to, amount);
        return true;
    }

    function transferFrom(address from, address to, uint256 amount) external returns (bool) {
        _spend(from, amount);
        _move(from, to, amount);
        return true;
    }
}

contract PlainCoin is AnsweringCoin {}

/// @dev Keeps a hundredth of what is moved.
contract FeeCoin is AnsweringCoin {
    bool private takes = true;

    function setTaking(bool takes_) external {
        takes = takes_;
    }

    function _move(address from, address to, uint256 amount) internal override {
        _balances[from] -= amount;
        _balances[to] += takes ? amount - amount / 100 : amount;
    }
}

/// @dev Says no, and moves nothing.
contract FalseCoin is Coin {
    bool private refuses = true;

    function setRefusing(bool refuses_) external {
        refuses = refuses_;
    }

    function transfer(address to, uint256 amount) external returns (bool) {
        if (refuses) return false;
        _move(msg.sender, to, amount);
        return true;
    }

    function transferFrom(address from, address to, uint256 amount) external returns (bool) {
        if (refuses) return false;
        _spend(from, amount);
        _move(from, to, amount);
        return true;
    }
}

/// @dev Moves what it is asked to and answers nothing, as the oldest currencies do.
contract SilentCoin is Coin {
    function transfer(address to, uint256 amount) external {
        _move(msg.sender, to, amount);
    }

    function transferFrom(address from, address to, uint256 amount) external {
        _spend(from, amount);
        _move(from, to, amount);
    }
}

/// @dev Every balance is a share of a total that grows and shrinks.
contract RebasingCoin is AnsweringCoin {
    uint256 private constant WHOLE = 10_000;

    uint256 private factor = WHOLE;

    /// @dev In hundredths of a percent of what was made.
    function rebase(uint256 factor_) external {
        factor = factor_;
    }

    function balanceOf(address account) external view override returns (uint256) {
        return _balances[account] * factor / WHOLE;
    }

    function _move(address from, address to, uint256 amount) internal override {
        super._move(from, to, amount * WHOLE / factor);
    }
}

interface ICalledBack {
    function onCoinSent(address to, uint256 amount) external;
    function onCoinReceived(address from, uint256 amount) external;
}

/// @dev Tells both sides: the sender before, the recipient after. Whether they can answer does not
/// matter to it.
contract CallbackCoin is AnsweringCoin {
    function _move(address from, address to, uint256 amount) internal override {
        _tell(from, abi.encodeCall(ICalledBack.onCoinSent, (to, amount)));
        super._move(from, to, amount);
        _tell(to, abi.encodeCall(ICalledBack.onCoinReceived, (from, amount)));
    }

    function _tell(address account, bytes memory message) private {
        if (account.code.length == 0) return;
        (bool answered,) = account.call(message);
        answered;
    }
}

/// @dev Moves nothing to or from whoever is blocked.
contract BlockingCoin is AnsweringCoin {
    mapping(address account => bool) private blocked;

    error Blocked(address account);

    function setBlocked(address account, bool blocked_) external {
        blocked[account] = blocked_;
    }

    function _move(address from, address to, uint256 amount) internal override {
        if (blocked[from]) revert Blocked(from);
        if (blocked[to]) revert Blocked(to);
        super._move(from, to, amount);
    }
}

/// @dev Says yes, and moves nothing.
contract LyingCoin is AnsweringCoin {
    bool private lies = true;

    function setLying(bool lies_) external {
        lies = lies_;
    }

    function _move(address from, address to, uint256 amount) internal override {
        if (!lies) super._move(from, to, amount);
    }
}

/// @dev Holds CallbackCoin and seats; answers every callback with one call, and remembers how the
/// last one went. Signs everything, so that it can sell.
contract CalledBackHolder is ICalledBack {
    address private target;
    bytes private payload;

    bytes32 public constant NOT_CALLED = "not called";
    bytes32 public constant ACCEPTED = "accepted";

    bytes32 public outcome = NOT_CALLED;

    function prepare(address target_, bytes calldata payload_) external {
        (target, payload, outcome) = (target_, payload_, NOT_CALLED);
    }

    /// @dev Calls as this account; reverts as the target does.
    function act(address target_, bytes calldata call_) external payable {
        (bool accepted, bytes memory answer) = target_.call{value: msg.value}(call_);
        if (!accepted) {
            assembly ("memory-safe") {
                revert(add(answer, 0x20), mload(answer))
            }
        }
    }

    function onCoinSent(address, uint256) external {
        _attempt();
    }

    function onCoinReceived(address, uint256) external {
        _attempt();
    }

    function isValidSignature(bytes32, bytes calldata) external pure returns (bytes4) {
        return this.isValidSignature.selector;
    }

    receive() external payable {}

    /// @dev The error's selector where the call was refused.
    function _attempt() private {
        if (payload.length == 0) return;
        (bool accepted, bytes memory answer) = target.call(payload);
        outcome = accepted ? ACCEPTED : bytes32(answer);
    }
}
