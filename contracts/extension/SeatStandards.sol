// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatStandards} from "../interfaces/ISeatStandards.sol";
import {SeatBase} from "../rooms/SeatBase.sol";
import {WHOLE_BPS} from "../types/Bps.sol";
import {RulesWord} from "../types/DropWords.sol";
import {SeatId} from "../types/SeatId.sol";
import {Drop} from "../types/SeatsLayout.sol";
import {MAX_EPOCH, SeatWord} from "../types/SeatWord.sol";
import {DropState, TransferPolicy, letsSeatsMove} from "../types/Terms.sol";

/// @title The room of standards: what wallets and other markets ask about a seat
abstract contract SeatStandards is SeatBase, ISeatStandards {
    /// @inheritdoc ISeatStandards
    function contractURI() external view returns (string memory) {
        return RENDERER.contractURI();
    }

    /// @inheritdoc ISeatStandards
    function royaltyInfo(uint256 tokenId, uint256 salePrice)
        external
        view
        returns (address receiver, uint256 amount)
    {
        Drop storage drop = _seats.drops[SeatId.wrap(tokenId).dropOf()];
        receiver = drop.payout == address(0) ? drop.schedule.mentor() : drop.payout;
        // Nobody has bounded this price.
        uint256 most = type(uint256).max / WHOLE_BPS;
        if (salePrice > most) revert SeatStandards_PriceTooHigh(salePrice, most);
        amount = salePrice * drop.rules.royalty().raw() / WHOLE_BPS;
    }

    /// @inheritdoc ISeatStandards
    function locked(uint256 tokenId) external view returns (bool) {
        SeatId seat = SeatId.wrap(tokenId);
        (, SeatWord word) = _seatOf(seat);
        return word.isLocked() || _seats.drops[seat.dropOf()].rules.policy() == TransferPolicy.BOUND;
    }

    /// @inheritdoc ISeatStandards
    function isTransferable(uint256 tokenId, address from, address to)
        external
        view
        returns (bool)
    {
        address owner = _ownerOf(tokenId);
        if (owner == address(0) || owner != from || _isNobody(to)) return false;
        SeatWord word = SeatWord.wrap(_getExtraData(tokenId));
        RulesWord rules = _seats.drops[SeatId.wrap(tokenId).dropOf()].rules;
        DropState state = rules.state();
        bool overdue = state == DropState.LIVE && block.timestamp > rules.deliverBy();
        return !word.isLocked() && rules.policy() != TransferPolicy.BOUND && letsSeatsMove(state)
            && !overdue && word.epoch() != MAX_EPOCH;
    }
}
