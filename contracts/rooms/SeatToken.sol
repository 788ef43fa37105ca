// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatToken} from "../interfaces/ISeatToken.sol";
import {Escrow} from "../libraries/Escrow.sol";
import {Payments} from "../libraries/Payments.sol";
import {SeatViews} from "../libraries/SeatViews.sol";
import {WHOLE_BPS} from "../types/Bps.sol";
import {RulesWord} from "../types/DropWords.sol";
import {SeatId} from "../types/SeatId.sol";
import {Drop} from "../types/SeatsLayout.sol";
import {MAX_EPOCH, SeatWord} from "../types/SeatWord.sol";
import {DropState, TransferPolicy, letsSeatsMove} from "../types/Terms.sol";
import {SeatView} from "../types/Views.sol";
import {SeatEscrow} from "./SeatEscrow.sol";

/// @title The token room: who owns a seat and when it may change hands
abstract contract SeatToken is SeatEscrow, ISeatToken {
    bytes4 private constant ERC2981 = 0x2a55205a;
    bytes4 private constant ERC4906 = 0x49064906;
    bytes4 private constant ERC5192 = 0xb45a3c0e;
    bytes4 private constant ERC6454 = 0x91a6262f;
    bytes4 private constant ERC7572 = 0xe8a3d485;

    /// @notice The owner's own gift of a seat; pays the toll, after the cooldown. Under OPEN an
    /// ordinary ERC-721 transfer.
    /// @dev Both `safeTransferFrom` come through here and call the receiver back afterwards,
    /// when all state is final.
    function transferFrom(address from, address to, uint256 id)
        public
        payable
        override
        nonReentrant
    {
        SeatId seat = SeatId.wrap(id);
        (address owner, SeatWord word) = _seatOf(seat);
        Drop storage drop = _seats.drops[seat.dropOf()];
        RulesWord rules = drop.rules;
        bool open = rules.policy() == TransferPolicy.OPEN;
        if (msg.sender != owner && !(open && _isApprovedOrOwner(msg.sender, id))) {
            revert SeatToken_NotOwner(seat, owner, msg.sender);
        }
        _requireMovable(seat, word, rules);
        uint256 from_ = word.movedAt() + rules.giftCooldown();
        if (block.timestamp < from_) revert SeatToken_CoolingDown(seat, from_);
        // Neither cooldown nor toll under OPEN: such a drop is created without them.
        uint256 toll = Escrow.tollOf(drop, rules, seat);
        address currency = Payments.currencyOf(_seats, rules);
        uint256 due = currency == address(0) ? toll : 0;
        if (msg.value != due) revert SeatToken_WrongToll(seat, due, msg.value);

        Payments.hold(_seats, seat, toll);
        if (toll != 0) emit Held(seat, toll);
        _changeOwner(seat, word, from, to);

        if (currency != address(0)) Payments.take(currency, owner, toll);
    }

    /// @inheritdoc ISeatToken
    function cancelListings(SeatId seat) external {
        (address owner, SeatWord word) = _seatOf(seat);
        if (msg.sender != owner) revert SeatToken_NotOwner(seat, owner, msg.sender);
        if (word.epoch() == MAX_EPOCH) revert SeatToken_EpochExhausted(seat);

        _setExtraData(SeatId.unwrap(seat), SeatWord.unwrap(word.withNextEpoch()));
        emit ListingsCancelled(seat, word.epoch() + 1);
    }

    /// @notice Under OPEN as of ERC-721; refused otherwise, because a sale here needs no approval.
    function approve(address account, uint256 id) public payable override {
        TransferPolicy policy = _seats.drops[SeatId.wrap(id).dropOf()].rules.policy();
        if (policy != TransferPolicy.OPEN) revert SeatToken_ApprovalRefused(policy);
        // ERC-721 lets ether come along, and nobody could ever take it out again.
        if (msg.value != 0) revert SeatEscrow_EtherUnasked(msg.sender, msg.value);
        _approve(msg.sender, account, id);
    }

    /// @inheritdoc ISeatToken
    function contractURI() external view returns (string memory) {
        return RENDERER.contractURI();
    }

    /// @inheritdoc ISeatToken
    function seatOf(SeatId seat) external view returns (SeatView memory) {
        (address owner, SeatWord word) = _seatOf(seat);
        _return(SeatViews.seatOf(_seats, seat, owner, word));
    }

    /// @inheritdoc ISeatToken
    function royaltyInfo(uint256 tokenId, uint256 salePrice)
        external
        view
        returns (address receiver, uint256 amount)
    {
        Drop storage drop = _seats.drops[SeatId.wrap(tokenId).dropOf()];
        receiver = drop.payout == address(0) ? drop.schedule.mentor() : drop.payout;
        // Checked, because nobody has bounded this price.
        amount = salePrice * drop.rules.royalty().raw() / WHOLE_BPS;
    }

    /// @inheritdoc ISeatToken
    function locked(uint256 tokenId) external view returns (bool) {
        SeatId seat = SeatId.wrap(tokenId);
        (, SeatWord word) = _seatOf(seat);
        return word.isLocked() || _seats.drops[seat.dropOf()].rules.policy() == TransferPolicy.BOUND;
    }

    /// @inheritdoc ISeatToken
    function isTransferable(uint256 tokenId, address from, address to)
        external
        view
        returns (bool)
    {
        address owner = _ownerOf(tokenId);
        if (owner == address(0) || owner != from || to == address(0)) return false;
        SeatWord word = SeatWord.wrap(_getExtraData(tokenId));
        RulesWord rules = _seats.drops[SeatId.wrap(tokenId).dropOf()].rules;
        DropState state = rules.state();
        bool overdue = state == DropState.LIVE && block.timestamp > rules.deliverBy();
        return !word.isLocked() && rules.policy() != TransferPolicy.BOUND && letsSeatsMove(state)
            && !overdue && word.epoch() != MAX_EPOCH;
    }

    function supportsInterface(bytes4 interfaceId) public view override returns (bool) {
        return interfaceId == ERC2981 || interfaceId == ERC4906 || interfaceId == ERC5192
            || interfaceId == ERC6454 || interfaceId == ERC7572
            || super.supportsInterface(interfaceId);
    }
}
