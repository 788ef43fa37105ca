// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC721Receiver} from "@openzeppelin/contracts/token/ERC721/IERC721Receiver.sol";

import {ISeatPlatform} from "../interfaces/ISeatPlatform.sol";
import {ISeatToken} from "../interfaces/ISeatToken.sol";
import {Escrow} from "../libraries/Escrow.sol";
import {Payments} from "../libraries/Payments.sol";
import {SeatViews} from "../libraries/SeatViews.sol";
import {RulesWord} from "../types/DropWords.sol";
import {SeatId} from "../types/SeatId.sol";
import {Drop} from "../types/SeatsLayout.sol";
import {MAX_EPOCH, SeatWord} from "../types/SeatWord.sol";
import {TransferPolicy} from "../types/Terms.sol";
import {SeatView} from "../types/Views.sol";
import {SeatEscrow} from "./SeatEscrow.sol";

/// @title The token room: who owns a seat and when it may change hands
abstract contract SeatToken is SeatEscrow, ISeatToken {
    bytes4 private constant ERC2981 = 0x2a55205a;
    bytes4 private constant ERC4906 = 0x49064906;
    bytes4 private constant ERC5192 = 0xb45a3c0e;
    bytes4 private constant ERC6454 = 0x91a6262f;
    bytes4 private constant ERC7572 = 0xe8a3d485;
    uint256 private constant MAX_REASON = 4096;

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
        if (from != owner) revert SeatToken_NotTheirs(seat, owner, from);
        if (_isNobody(to)) revert SeatToken_ToNobody(seat, to);
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

    /// @notice As `transferFrom`, and a contract that does not take tokens is refused.
    function safeTransferFrom(address from, address to, uint256 id) public payable override {
        transferFrom(from, to, id);
        _requireTaken(from, to, id, "");
    }

    /// @notice As `transferFrom`, and a contract that does not take tokens is refused.
    function safeTransferFrom(address from, address to, uint256 id, bytes calldata data)
        public
        payable
        override
    {
        transferFrom(from, to, id);
        _requireTaken(from, to, id, data);
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
        SeatId seat = SeatId.wrap(id);
        (address owner,) = _seatOf(seat);
        if (msg.sender != owner && !isApprovedForAll(owner, msg.sender)) {
            revert SeatToken_NotOwner(seat, owner, msg.sender);
        }
        _approve(address(0), account, id);
    }

    /// @inheritdoc ISeatToken
    function seatOf(SeatId seat) external view returns (SeatView memory) {
        (address owner, SeatWord word) = _seatOf(seat);
        _return(SeatViews.seatOf(_seats, seat, owner, word));
    }

    /// @notice ERC-721: who owns a living seat.
    function ownerOf(uint256 id) public view override returns (address owner) {
        (owner,) = _seatOf(SeatId.wrap(id));
    }

    /// @notice ERC-721: who else may move a living seat of an OPEN drop.
    function getApproved(uint256 id) public view override returns (address) {
        _seatOf(SeatId.wrap(id));
        return super.getApproved(id);
    }

    function supportsInterface(bytes4 interfaceId) public view override returns (bool) {
        return interfaceId == ERC2981 || interfaceId == ERC4906 || interfaceId == ERC5192
            || interfaceId == ERC6454 || interfaceId == ERC7572
            || super.supportsInterface(interfaceId);
    }

    /// @dev ERC-721: a receiver with code must say that it takes tokens. Its own reason is passed on.
    function _requireTaken(address from, address to, uint256 id, bytes memory data) private {
        if (to.code.length == 0) return;
        bytes memory question =
            abi.encodeCall(IERC721Receiver.onERC721Received, (msg.sender, from, id, data));
        bool done;
        bytes32 answer;
        uint256 length;
        // By hand, because a longer answer than is read here would be copied at the sender's cost
        // until no gas is left to say anything.
        assembly ("memory-safe") {
            mstore(0x00, 0)
            done := call(gas(), to, 0, add(question, 0x20), mload(question), 0x00, 0x20)
            answer := mload(0x00)
            length := returndatasize()
        }
        if (done && length > 31 && answer == bytes32(IERC721Receiver.onERC721Received.selector)) {
            return;
        }
        // A market like this one would speak of a function that it lacks, and not of the seat.
        bool speaks = !done && length != 0 && length <= MAX_REASON
            && bytes4(answer) != ISeatPlatform.Seats_FunctionUnknown.selector;
        if (!speaks) revert SeatToken_NotTaken(SeatId.wrap(id), to);
        assembly ("memory-safe") {
            returndatacopy(mload(0x40), 0, length)
            revert(mload(0x40), length)
        }
    }
}
