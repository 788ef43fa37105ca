// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatDelivery} from "../../../../contracts/interfaces/ISeatDelivery.sol";
import {ISeatEscrow} from "../../../../contracts/interfaces/ISeatEscrow.sol";
import {SeatId} from "../../../../contracts/types/SeatId.sol";
import {DropState} from "../../../../contracts/types/Terms.sol";
import {DropView, SeatView} from "../../../../contracts/types/Views.sol";
import {vm} from "../../base/Vm.sol";
import {Coin} from "../../hostile/Currencies.sol";
import {ForcedPayment} from "../../hostile/EtherReceivers.sol";
import {DropWish, SeatWish} from "../stores/Books.sol";
import {IWrappedEther} from "./World.sol";
import {Delivering} from "./Delivering.sol";

/// @title Claims, collections, withdrawals and money that nobody asked for
abstract contract Earning is Delivering {
    function claimByOwner(uint256 seed) external acts("claimByOwner") {
        SeatId seat = _seatFor(SeatWish.CLAIMABLE, seed, address(0));
        _claim(seat, _ownerOf(seat));
    }

    function claimByOther(uint256 seed) external acts("claimByOther") {
        _claim(_seatFor(SeatWish.CLAIMABLE, seed, address(0)), stranger);
    }

    /// @dev What waits with a burned seat is its burner's again.
    function claimBurned(uint256 seed) external acts("claimBurned") {
        SeatId seat = _seatFor(SeatWish.BURNED_CLAIMABLE, seed, stranger);
        _claim(seat, seed % 2 == 0 ? BOOKS.burnerOf(seat) : stranger);
    }

    function claimTwice(uint256 seed) external acts("claimTwice") {
        SeatId seat = _seatFor(SeatWish.PAID, seed, stranger);
        bytes4 reason = ISeatDelivery.SeatDelivery_NothingToClaim.selector;
        address owner = _ownerOf(seat);
        bytes memory data = abi.encodeCall(SEATS.claim, (seat));
        _refused(owner == address(0) ? BOOKS.burnerOf(seat) : owner, 0, data, reason);
        _refused(stranger, 0, data, reason);
        reason = BOOKS.isOver(_dropOf(seat))
            ? ISeatDelivery.SeatDelivery_WrongState.selector
            : ISeatDelivery.SeatDelivery_InDispute.selector;
        _refused(mentor, 0, abi.encodeCall(SEATS.collect, (seat)), reason);
    }

    /// @dev Nobody is paid before the drop is over or decided, the mentor least of all.
    function takeTooEarly(uint256 seed) external acts("takeTooEarly") {
        SeatId seat = _seatFor(SeatWish.UNDECIDED, seed, address(0));
        bytes4 reason = ISeatDelivery.SeatDelivery_WrongState.selector;
        _refused(_ownerOf(seat), 0, abi.encodeCall(SEATS.claim, (seat)), reason);
        _refused(mentor, 0, abi.encodeCall(SEATS.collect, (seat)), reason);
        if (BOOKS.stateOf(_dropOf(seat)) != DropState.DISPUTED_NARROW) {
            vm.assertEq(LEDGER.released(_dropOf(seat)), 0, "released too early");
        }
    }

    function collect(uint256 seed) external acts("collect") {
        _collect(_seatFor(SeatWish.COLLECTABLE, seed, stranger));
    }

    function withdraw(uint256 seed, uint256 amount) external acts("withdraw") {
        (address account, address currency) = _creditor(seed);
        uint256 credit = LEDGER.creditOf(currency, account);
        uint256 wanted = seed % 2 == 0 ? credit : amount % credit + 1;
        _withdraw(account, currency, wanted);
    }

    function withdrawTooMuch(uint256 seed, uint256 amount) external acts("withdrawTooMuch") {
        address account = seed % 2 == 0 ? mentor : _actor(seed >> 8);
        address currency = currencies()[_below(seed, "currency", 4)];
        uint256 wanted = LEDGER.creditOf(currency, account) + 1 + amount % 1 ether;
        bytes memory data = abi.encodeCall(SEATS.withdraw, (currency, account, wanted));
        _refused(account, 0, data, ISeatEscrow.SeatEscrow_CreditTooSmall.selector);
    }

    /// @dev ETH by self-destruction, an ERC-20 by an ordinary transfer.
    function force(uint256 seed, uint256 amount) external acts("force") {
        address currency = currencies()[_below(seed, "currency", 4)];
        uint256 sent = amount % 1 ether;
        if (currency == address(0)) {
            vm.deal(address(this), sent);
            new ForcedPayment{value: sent}(payable(address(SEATS)));
        } else if (currency == WRAPPED_ETHER) {
            vm.deal(address(this), sent);
            IWrappedEther(currency).deposit{value: sent}();
            IWrappedEther(currency).transfer(address(SEATS), sent);
        } else {
            Coin(currency).mint(address(SEATS), sent);
        }
        LEDGER.noteForced(currency, sent);
        bytes4 reason = ISeatEscrow.SeatEscrow_EtherUnasked.selector;
        _refused(stranger, 1, "", reason);
    }

    function wait(uint256 time) external acts("wait") {
        _waitUntil(block.timestamp + time % 1 days);
    }

    /// @dev Anybody brings a drop to its end by time alone, and everybody is paid.
    function finish(uint256 seed) external acts("finish") {
        _finish(_dropFor(DropWish.ANY, seed));
    }

    function finishAll() external {
        for (uint256 drop = 1; drop <= BOOKS.dropCount(); ++drop) {
            _finish(drop);
        }
        address[] memory all = this.accounts();
        address[] memory each = currencies();
        for (uint256 i; i < all.length; ++i) {
            for (uint256 j; j < each.length; ++j) {
                uint256 credit = LEDGER.creditOf(each[j], all[i]);
                if (credit != 0) _withdraw(all[i], each[j], credit);
            }
        }
    }

    function _claim(SeatId seat, address from) internal {
        SeatView memory facts = BOOKS.seatOf(seat);
        DropView memory drop = _dropView(seat);
        uint256 split = BOOKS.isOver(_dropOf(seat)) ? 10_000 : drop.split;
        bool burned = facts.owner == address(0);
        uint256 face = burned ? 0 : facts.face * split / 10_000;
        uint256 held = facts.held * split / 10_000;
        address payee = burned ? BOOKS.burnerOf(seat) : facts.owner;
        _blockRefusing();
        uint256 before = _balanceOf(drop.currency, payee);
        _send(from, 0, abi.encodeCall(SEATS.claim, (seat)));
        uint256 got = _balanceOf(drop.currency, payee) - before;
        bool atOnce = from == payee && payee != refusing;
        vm.assertEq(got, atOnce ? face + held : 0, "what a claim paid");
        LEDGER.noteClaimed(_dropOf(seat), face + held);
        if (from == payee) _notePaid(drop.currency, payee, face + held);
        else LEDGER.noteCredit(drop.currency, payee, face + held);
        _noteReleased(_dropOf(seat), facts.held - held);
        BOOKS.noteClaimed(seat, face, held);
    }

    function _collect(SeatId seat) internal {
        uint256 amount = BOOKS.seatOf(seat).held;
        _send(stranger, 0, abi.encodeCall(SEATS.collect, (seat)));
        _noteReleased(_dropOf(seat), amount);
        BOOKS.noteCollected(seat);
    }

    function _finish(uint256 drop) private {
        DropView memory terms = BOOKS.dropOf(drop);
        if (terms.state == DropState.LIVE) {
            _waitUntil(terms.deliverBy + 1);
            _failDrop(drop);
        } else if (terms.state == DropState.ASSERTED) {
            _waitUntil(BOOKS.objectionsEnd(drop) + 1);
            _settle(drop);
        }
        if (BOOKS.isDisputed(drop)) {
            _waitUntil(BOOKS.decisionEnd(drop) + 1);
            _resolveByDefault(drop);
        }
        for (uint256 i; i < BOOKS.seatCount(); ++i) {
            SeatId seat = BOOKS.seatAt(i);
            if (_dropOf(seat) != drop) continue;
            if (BOOKS.isClaimable(seat)) _claim(seat, stranger);
            else if (BOOKS.isCollectable(seat)) _collect(seat);
        }
    }

    /// @dev An account with a credit and its currency; a claim for another leaves one.
    function _creditor(uint256 seed) private returns (address account, address currency) {
        address[] memory all = this.accounts();
        address[] memory each = currencies();
        while (true) {
            uint256 count = all.length * each.length;
            for (uint256 i; i < count; ++i) {
                uint256 index = addmod(seed, i, count);
                (account, currency) = (all[index / each.length], each[index % each.length]);
                if (LEDGER.creditOf(currency, account) != 0) return (account, currency);
            }
            _claim(_seatFor(SeatWish.CLAIMABLE, seed, address(0)), stranger);
        }
    }

    /// @dev To any address; what the recipient refuses stays a credit.
    function _withdraw(address account, address currency, uint256 amount) private {
        _blockRefusing();
        bool refuses = account == refusing && currency != WRAPPED_ETHER;
        bytes memory data = abi.encodeCall(SEATS.withdraw, (currency, refusing, amount));
        if (refuses) {
            _refused(account, 0, data, ISeatEscrow.SeatEscrow_PaymentRefused.selector);
        }
        address to = refuses ? stranger : account;
        uint256 before = _balanceOf(currency, to);
        data = abi.encodeCall(SEATS.withdraw, (currency, to, amount));
        _send(account, 0, data);
        vm.assertEq(_balanceOf(currency, to) - before, amount, "what a withdrawal paid");
        LEDGER.noteWithdrawal(currency, account, amount);
    }
}
