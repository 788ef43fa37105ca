// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DropId} from "../../../../contracts/types/DropId.sol";
import {SeatId} from "../../../../contracts/types/SeatId.sol";
import {DropView} from "../../../../contracts/types/Views.sol";
import {DeployedSeats} from "../../base/DeployedSeats.sol";
import {TypedData} from "../../base/TypedData.sol";
import {vm} from "../../base/Vm.sol";
import {BlockingCoin, Coin} from "../../hostile/Currencies.sol";
import {Books, DropWish, SeatWish} from "../stores/Books.sol";
import {Ledger} from "../stores/Ledger.sol";
import {OrderBook} from "../stores/OrderBook.sol";
import {Reached} from "../stores/Reached.sol";

interface IWrappedEther {
    function deposit() external payable;
    function transfer(address to, uint256 amount) external returns (bool);
}

/// @dev What a world is made of.
struct Stage {
    DeployedSeats seats;
    address wrappedEther;
    address refusing;
    BlockingCoin[2] coins;
}

/// @title The accounts of a history, and how they call and pay
/// @dev Actors 0 to 3 are keys; actor 4 is a contract that refuses every payment that it did not
/// ask for, so that such payments become credits, and signs nothing. Everything that is sent is
/// noted in the stores; no store is written from an answer.
abstract contract World {
    DeployedSeats internal immutable SEATS;
    address internal immutable WRAPPED_ETHER;
    Books public immutable BOOKS = new Books();
    Ledger public immutable LEDGER = new Ledger();
    OrderBook public immutable ORDERS = new OrderBook();
    Reached public immutable REACHED = new Reached();

    BlockingCoin[2] internal coins;
    address[5] internal actors;
    address internal refusing;
    mapping(address account => uint256) private _keys;

    address internal platformOwner = _account("platform owner");
    address internal mentor = _account("mentor");
    address internal payout = _account("payout");
    address internal resolver = _account("resolver");
    address internal verifier = _account("verifier");
    address internal passSigner = _account("pass signer");
    address internal guardian = _account("guardian");
    address internal stranger = _account("stranger");
    address[2] internal treasuries = [_account("treasury"), _account("second treasury")];

    /// @dev Every call of a handler is one action, and reaches it.
    modifier acts(bytes32 action) {
        BOOKS.begin();
        REACHED.begin();
        _;
        REACHED.act(action);
    }

    constructor(Stage memory stage) {
        SEATS = stage.seats;
        WRAPPED_ETHER = stage.wrappedEther;
        (coins[0], coins[1]) = (stage.coins[0], stage.coins[1]);
        refusing = stage.refusing;
        actors = [_account("alice"), _account("bob"), _account("carol"), _account("dave"), refusing];
    }

    /// @dev Every account that could have a credit or a seat.
    function accounts() external view returns (address[] memory all) {
        all = new address[](10);
        for (uint256 i; i < 5; ++i) {
            all[i] = actors[i];
        }
        (all[5], all[6], all[7]) = (mentor, payout, stranger);
        (all[8], all[9]) = (treasuries[0], treasuries[1]);
    }

    /// @dev Every currency that Seats could hold; the first is ETH.
    function currencies() public view returns (address[] memory all) {
        all = new address[](4);
        (all[1], all[2], all[3]) = (address(coins[0]), address(coins[1]), WRAPPED_ETHER);
    }

    /// @dev Makes a drop or a seat of this kind possible where there is none yet.
    function _bringAbout(SeatWish wish, uint256 seed) internal virtual;

    function _bringAboutDrop(DropWish wish, uint256 seed) internal virtual;

    function _seatFor(SeatWish wish, uint256 seed, address notOwner)
        internal
        returns (SeatId seat)
    {
        seat = BOOKS.seatFor(wish, seed, notOwner);
        for (uint256 i; SeatId.unwrap(seat) == 0; ++i) {
            vm.assertLe(i, 20, "no seat for an action");
            _bringAbout(wish, _roll(seed, "bring about", i));
            seat = BOOKS.seatFor(wish, seed, notOwner);
        }
    }

    function _dropFor(DropWish wish, uint256 seed) internal returns (uint256 drop) {
        drop = BOOKS.dropFor(wish, seed);
        for (uint256 i; drop == 0; ++i) {
            vm.assertLe(i, 20, "no drop for an action");
            _bringAboutDrop(wish, _roll(seed, "bring about", i));
            drop = BOOKS.dropFor(wish, seed);
        }
    }

    function _dropOf(SeatId seat) internal pure returns (uint256) {
        return DropId.unwrap(seat.dropOf());
    }

    function _dropView(SeatId seat) internal view returns (DropView memory) {
        return BOOKS.dropOf(_dropOf(seat));
    }

    function _ownerOf(SeatId seat) internal view returns (address) {
        return BOOKS.seatOf(seat).owner;
    }

    /// @dev Calls Seats as `from`, which has the money for it; the call must succeed.
    function _send(address from, uint256 value, bytes memory data) internal returns (bytes memory) {
        (bool accepted, bytes memory answer) = _try(from, value, data);
        if (!accepted) {
            assembly ("memory-safe") {
                revert(add(answer, 0x20), mload(answer))
            }
        }
        return answer;
    }

    /// @dev Calls Seats as `from`, which has the money for it; must be refused for this reason.
    function _refused(address from, uint256 value, bytes memory data, bytes4 reason) internal {
        (bool accepted, bytes memory answer) = _try(from, value, data);
        vm.assertFalse(accepted, "what must be refused was accepted");
        vm.assertEq(bytes32(bytes4(answer)), bytes32(reason), "the reason of a refusal");
    }

    function _try(address from, uint256 value, bytes memory data)
        internal
        returns (bool, bytes memory)
    {
        if (value != 0) vm.deal(from, from.balance + value);
        vm.prank(from);
        return address(SEATS).call{value: value}(data);
    }

    /// @dev Gives `payer` this much more of the currency and Seats the allowance for it. While it
    /// pays, the refusing actor is not blocked.
    /// @return value what must come with the call.
    function _fund(address payer, address currency, uint256 amount)
        internal
        returns (uint256 value)
    {
        if (currency == address(0)) return amount;
        coins[0].setBlocked(refusing, payer != refusing);
        coins[1].setBlocked(refusing, payer != refusing);
        if (currency == WRAPPED_ETHER) {
            vm.deal(address(this), amount);
            IWrappedEther(WRAPPED_ETHER).deposit{value: amount}();
            IWrappedEther(WRAPPED_ETHER).transfer(payer, amount);
        } else {
            Coin(currency).mint(payer, amount);
        }
        uint256 allowed = Coin(currency).allowance(payer, address(SEATS));
        vm.prank(payer);
        Coin(currency).approve(address(SEATS), allowed + amount);
    }

    function _blockRefusing() internal {
        coins[0].setBlocked(refusing, true);
        coins[1].setBlocked(refusing, true);
    }

    /// @dev Notes what Seats pays out at once, which becomes a credit where it is refused.
    function _notePaid(address currency, address account, uint256 amount) internal {
        if (account == refusing && currency != WRAPPED_ETHER) {
            LEDGER.noteCredit(currency, account, amount);
        } else {
            LEDGER.noteOut(currency, amount);
        }
    }

    /// @dev Notes what a drop releases: the fee to the treasury of the day, the rest to the payout.
    function _noteReleased(uint256 drop, uint256 amount) internal {
        DropView memory terms = BOOKS.dropOf(drop);
        uint256 fee = amount * terms.fee / 10_000;
        LEDGER.noteReleased(drop, amount);
        LEDGER.noteCredit(terms.currency, BOOKS.treasury(), fee);
        LEDGER.noteCredit(terms.currency, terms.payout, amount - fee);
    }

    function _balanceOf(address currency, address account) internal view returns (uint256) {
        return currency == address(0) ? account.balance : Coin(currency).balanceOf(account);
    }

    /// @dev The 65-byte signature of `account`, which must be a key.
    function _sign(address account, bytes32 structHash) internal view returns (bytes memory) {
        bytes32 digest = TypedData.digest(address(SEATS), structHash);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(_keys[account], digest);
        return abi.encodePacked(r, s, v);
    }

    function _actor(uint256 seed) internal view returns (address) {
        return actors[seed % 5];
    }

    /// @dev An actor that can sign, other than `notThis`.
    function _keyOtherThan(address notThis, uint256 seed) internal view returns (address account) {
        account = actors[seed % 4];
        if (account == notThis) account = actors[(seed % 4 + 1) % 4];
    }

    function _actorOtherThan(address notThis, uint256 seed)
        internal
        view
        returns (address account)
    {
        account = actors[seed % 5];
        if (account == notThis) account = actors[(seed % 5 + 1) % 5];
    }

    /// @dev A number of its own for each use of the same seed.
    function _roll(uint256 seed, bytes32 use, uint256 salt) internal pure returns (uint256) {
        return uint256(keccak256(abi.encode(seed, use, salt)));
    }

    function _below(uint256 seed, bytes32 use, uint256 bound) internal pure returns (uint256) {
        return _roll(seed, use, 0) % bound;
    }

    /// @dev Time only goes on.
    function _waitUntil(uint256 time) internal {
        if (block.timestamp < time) vm.warp(time);
    }

    function _account(string memory name) private returns (address account) {
        uint256 key = uint256(keccak256(bytes(name)));
        account = vm.addr(key);
        _keys[account] = key;
    }
}
