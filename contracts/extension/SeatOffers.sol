// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {WETH} from "solady/tokens/WETH.sol";

import {ISeatEscrow} from "../interfaces/ISeatEscrow.sol";
import {ISeatMarket} from "../interfaces/ISeatMarket.sol";
import {ISeatOffers} from "../interfaces/ISeatOffers.sol";
import {ISeatPlatform} from "../interfaces/ISeatPlatform.sol";
import {Escrow} from "../libraries/Escrow.sol";
import {Payments} from "../libraries/Payments.sol";
import {Signatures} from "../libraries/Signatures.sol";
import {Trading} from "../libraries/Trading.sol";
import {SeatBase} from "../rooms/SeatBase.sol";
import {DropId} from "../types/DropId.sol";
import {RulesWord} from "../types/DropWords.sol";
import {SeatId} from "../types/SeatId.sol";
import {Drop} from "../types/SeatsLayout.sol";
import {SeatWord} from "../types/SeatWord.sol";
import {DropState, SeatOffer, TierOffer} from "../types/Terms.sol";

/// @title The offers room: buyers sign, owners take
/// @dev An offer for any seat of a tier names no epoch, so every offer uses up a nonce.
abstract contract SeatOffers is SeatBase, ISeatOffers {
    bytes32 private constant SEAT_OFFER_TYPEHASH = keccak256(
        "SeatOffer(uint256 seat,uint256 price,uint256 epoch,address buyer,uint256 counter,"
        "uint256 termsVersion,uint256 nonce,uint256 expiry)"
    );
    bytes32 private constant TIER_OFFER_TYPEHASH = keccak256(
        "TierOffer(uint256 drop,uint256 tier,uint256 leastFace,uint256 price,address buyer,"
        "uint256 counter,uint256 termsVersion,uint256 nonce,uint256 expiry)"
    );

    /// @dev What both kinds of offer have in common, and the hash of the one that was signed.
    struct Bid {
        uint256 price;
        address buyer;
        uint256 counter;
        uint256 termsVersion;
        uint256 nonce;
        uint256 expiry;
        bytes32 hash;
    }

    WETH internal immutable WRAPPED_ETHER;

    constructor(address wrappedEther_) {
        if (wrappedEther_.code.length == 0) {
            revert ISeatPlatform.Seats_CurrencyMissing(wrappedEther_);
        }
        WRAPPED_ETHER = WETH(payable(wrappedEther_));
    }

    /// @inheritdoc ISeatOffers
    function acceptSeatOffer(SeatOffer calldata offer, bytes calldata signature)
        external
        nonReentrant
    {
        (address owner, SeatWord word) = _seatOf(offer.seat);
        if (word.epoch() != offer.epoch) {
            revert ISeatMarket.SeatMarket_EpochPassed(offer.seat, offer.epoch, word.epoch());
        }
        Bid memory bid = Bid(
            offer.price,
            offer.buyer,
            offer.counter,
            offer.termsVersion,
            offer.nonce,
            offer.expiry,
            keccak256(abi.encode(SEAT_OFFER_TYPEHASH, offer))
        );
        _fill(bid, offer.seat, owner, word, signature);
    }

    /// @inheritdoc ISeatOffers
    function acceptTierOffer(TierOffer calldata offer, SeatId seat, bytes calldata signature)
        external
        nonReentrant
    {
        (address owner, SeatWord word) = _seatOf(seat);
        if (!(seat.dropOf() == offer.drop) || seat.tierOf() != offer.tier) {
            revert ISeatMarket.SeatMarket_OfferForAnother(seat, offer.drop, offer.tier);
        }
        uint256 face = Escrow.faceOf(_seats.drops[offer.drop], word);
        if (face < offer.leastFace) {
            revert ISeatMarket.SeatMarket_FaceTooLow(seat, face, offer.leastFace);
        }
        Bid memory bid = Bid(
            offer.price,
            offer.buyer,
            offer.counter,
            offer.termsVersion,
            offer.nonce,
            offer.expiry,
            keccak256(abi.encode(TIER_OFFER_TYPEHASH, offer))
        );
        _fill(bid, seat, owner, word, signature);
    }

    /// @inheritdoc ISeatOffers
    function cancelOffer(uint256 nonce) external {
        // Not refused when it is spent already: cancelling twice is what an anxious buyer does.
        _spendOffer(msg.sender, nonce);
        emit OfferCancelled(msg.sender, nonce);
    }

    /// @inheritdoc ISeatOffers
    function isOfferSpent(address buyer, uint256 nonce) public view returns (bool) {
        return _seats.usedOffers[buyer][nonce >> 8] >> (nonce & 0xff) & 1 != 0;
    }

    /// @inheritdoc ISeatOffers
    function wrappedEther() external view returns (address) {
        return address(WRAPPED_ETHER);
    }

    /// @dev Sells the caller's seat to the bidder.
    function _fill(
        Bid memory bid,
        SeatId seat,
        address owner,
        SeatWord word,
        bytes calldata signature
    ) private {
        if (owner != msg.sender) {
            revert ISeatMarket.SeatMarket_SellerNotOwner(seat, msg.sender, owner);
        }
        Drop storage drop = _seats.drops[seat.dropOf()];
        RulesWord rules = drop.rules;
        _requireBidding(bid, seat, rules, owner);
        _requireMovable(seat, word, rules);
        uint256 royalty = Trading.royaltyOf(bid.price, drop, rules, seat, word);
        bytes32 digest = _hashTypedData(bid.hash);
        if (!Signatures.isSigner(bid.buyer, digest, signature)) {
            revert ISeatMarket.SeatMarket_SignatureInvalid(bid.buyer, digest);
        }

        _spendOffer(bid.buyer, bid.nonce);
        Payments.hold(_seats, seat, royalty);
        emit OfferFilled(bid.buyer, seat, bid.nonce);
        emit ISeatMarket.SeatSold(seat, owner, bid.buyer, bid.price, royalty);
        _changeOwner(seat, word, owner, bid.buyer);

        address currency = Payments.currencyOf(_seats, rules);
        bool inEther = currency == address(0);
        if (inEther) currency = address(WRAPPED_ETHER);
        Payments.take(currency, bid.buyer, bid.price);
        // What waits with a seat is in the currency of its drop.
        if (inEther && royalty != 0) _unwrap(royalty, bid.buyer);
        unchecked {
            Payments.payOrCredit(_seats, currency, owner, bid.price - royalty);
        }
    }

    /// @dev Everything that kills an offer, but for who owns the seat.
    function _requireBidding(Bid memory bid, SeatId seat, RulesWord rules, address seller)
        private
        view
    {
        DropId id = seat.dropOf();
        DropState state = rules.state();
        if (state != DropState.LIVE || block.timestamp > rules.endsAt()) {
            revert ISeatMarket.SeatMarket_OffersClosed(id, state, rules.endsAt());
        }
        if (seller == bid.buyer) revert ISeatMarket.SeatMarket_SellerIsBuyer(seller);
        if (isOfferSpent(bid.buyer, bid.nonce)) {
            revert ISeatMarket.SeatMarket_OfferSpent(bid.buyer, bid.nonce);
        }
        Trading.requireCurrent(
            seat, rules, bid.buyer, _getAux(bid.buyer), bid.counter, bid.termsVersion, bid.expiry
        );
    }

    /// @dev What arrives is counted, as of every currency: a wrapped ether that keeps some pays for
    /// nothing, and drops in ether do not answer for it.
    function _unwrap(uint256 amount, address payer) private {
        uint256 before = address(this).balance;
        WRAPPED_ETHER.withdraw(amount);
        uint256 received = address(this).balance - before;
        if (received < amount) {
            revert ISeatEscrow.SeatEscrow_PaymentMissing(
                address(WRAPPED_ETHER), payer, amount, received
            );
        }
    }

    function _spendOffer(address buyer, uint256 nonce) private {
        _seats.usedOffers[buyer][nonce >> 8] |= 1 << (nonce & 0xff);
    }
}
