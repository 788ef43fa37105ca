// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC721} from "solady/tokens/ERC721.sol";

import {ISeatRenderer} from "../interfaces/ISeatRenderer.sol";
import {ISeats} from "../interfaces/ISeats.sol";
import {ISeatToken} from "../interfaces/ISeatToken.sol";
import {SeatViews} from "../rare/SeatViews.sol";
import {WHOLE_BPS} from "../types/Bps.sol";
import {RulesWord} from "../types/DropWords.sol";
import {SeatId} from "../types/SeatId.sol";
import {Drop} from "../types/SeatsLayout.sol";
import {GRANTED, MAX_EPOCH, SeatWord} from "../types/SeatWord.sol";
import {DropState, TransferPolicy, letsSeatsMove} from "../types/Terms.sol";
import {SeatView} from "../types/Views.sol";
import {SeatEscrow} from "./SeatEscrow.sol";

/// @title The token room: who owns a seat and when it may change hands
/// @dev Every change of owner after the mint goes through `_changeOwner`, which raises the epoch.
abstract contract SeatToken is SeatEscrow, ERC721, ISeatToken {
    bytes4 private constant ERC2981 = 0x2a55205a;
    bytes4 private constant ERC5192 = 0xb45a3c0e;

    ISeatRenderer internal immutable RENDERER;

    constructor(ISeatRenderer renderer) {
        if (address(renderer).code.length == 0) {
            revert SeatToken_RendererMissing(address(renderer));
        }
        RENDERER = renderer;
    }

    /// @notice The owner's own gift of a seat; pays the toll, after the cooldown.
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
        if (msg.sender != owner) revert SeatToken_NotOwner(seat, owner, msg.sender);
        Drop storage drop = _seats.drops[seat.dropOf()];
        RulesWord rules = drop.rules;
        _requireMovable(seat, word, rules);
        uint256 from_ = word.movedAt() + rules.giftCooldown();
        if (block.timestamp < from_) revert SeatToken_CoolingDown(seat, from_);
        uint256 toll = _tollOf(drop, rules, seat);
        if (msg.value != toll) revert SeatToken_WrongToll(seat, toll, msg.value);

        _hold(seat, toll);
        if (toll != 0) emit Held(seat, toll);
        _changeOwner(seat, word, from, to);
    }

    /// @inheritdoc ISeatToken
    function cancelListings(SeatId seat) external {
        (address owner, SeatWord word) = _seatOf(seat);
        if (msg.sender != owner) revert SeatToken_NotOwner(seat, owner, msg.sender);
        if (word.epoch() == MAX_EPOCH) revert SeatToken_EpochExhausted(seat);

        _setExtraData(SeatId.unwrap(seat), SeatWord.unwrap(word.withNextEpoch()));
        emit ListingsCancelled(seat, word.epoch() + 1);
    }

    /// @dev There is nothing to approve: a listing sells without an approval.
    function approve(address, uint256 id) public payable override {
        revert SeatToken_ApprovalRefused(_seats.drops[SeatId.wrap(id).dropOf()].rules.policy());
    }

    /// @dev See `approve`.
    function setApprovalForAll(address, bool) public pure override {
        revert SeatToken_ApprovalRefused(TransferPolicy.MARKET_ONLY);
    }

    function name() public pure override returns (string memory) {
        return "Seatmarket";
    }

    function symbol() public pure override returns (string memory) {
        return "SEAT";
    }

    function tokenURI(uint256 id) public view override returns (string memory) {
        return RENDERER.tokenURI(ISeats(address(this)), SeatId.wrap(id));
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

    function supportsInterface(bytes4 interfaceId) public view override returns (bool) {
        return
            interfaceId == ERC5192 || interfaceId == ERC2981 || super.supportsInterface(interfaceId);
    }

    /// @dev Ends the call with `encoded` as its result.
    function _return(bytes memory encoded) internal pure {
        assembly ("memory-safe") {
            return(add(encoded, 0x20), mload(encoded))
        }
    }

    /// @dev Owner and word of a living seat, or SeatToken_Unknown.
    function _seatOf(SeatId seat) internal view returns (address owner, SeatWord word) {
        owner = _ownerOf(SeatId.unwrap(seat));
        if (owner == address(0)) revert SeatToken_Unknown(seat);
        word = SeatWord.wrap(_getExtraData(SeatId.unwrap(seat)));
    }

    /// @dev What a sale and a gift have in common.
    function _requireMovable(SeatId seat, SeatWord word, RulesWord rules) internal view {
        if (word.isLocked()) revert SeatToken_Locked(seat);
        if (rules.policy() == TransferPolicy.BOUND) revert SeatToken_Bound(seat);
        DropState state = rules.state();
        if (!letsSeatsMove(state)) revert SeatToken_DropImmovable(seat.dropOf(), state);
        uint256 deliverBy = rules.deliverBy();
        if (state == DropState.LIVE && block.timestamp > deliverBy) {
            revert SeatToken_DeliveryOverdue(seat.dropOf(), deliverBy);
        }
    }

    /// @dev Raises the epoch, notes the time and moves the seat.
    function _changeOwner(SeatId seat, SeatWord word, address from, address to) internal {
        if (word.epoch() == MAX_EPOCH) revert SeatToken_EpochExhausted(seat);
        uint256 id = SeatId.unwrap(seat);
        _setExtraData(id, SeatWord.unwrap(word.moved(block.timestamp)));
        _transfer(from, to, id);
    }

    function _faceOf(Drop storage drop, SeatWord word) internal view returns (uint256) {
        return word.has(GRANTED) ? 0 : drop.phases[word.phase()].sales.price();
    }

    /// @dev A drop without a toll does not pay for reading its tier.
    function _tollOf(Drop storage drop, RulesWord rules, SeatId seat)
        internal
        view
        returns (uint256)
    {
        if (rules.toll().raw() == 0) return 0;
        return rules.toll().shareDown(drop.tiers[seat.tierOf()].sales.listPrice());
    }
}
