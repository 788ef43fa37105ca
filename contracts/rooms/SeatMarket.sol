// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatMarket} from "../interfaces/ISeatMarket.sol";
import {Payments} from "../libraries/Payments.sol";
import {Signatures} from "../libraries/Signatures.sol";
import {Trading} from "../libraries/Trading.sol";
import {RulesWord} from "../types/DropWords.sol";
import {SeatId} from "../types/SeatId.sol";
import {Drop} from "../types/SeatsLayout.sol";
import {SeatWord} from "../types/SeatWord.sol";
import {Listing} from "../types/Terms.sol";
import {SeatToken} from "./SeatToken.sol";

/// @title The market room: listings and sales
/// @dev Nothing is marked as filled: the sale itself raises the epoch that the listing names.
abstract contract SeatMarket is SeatToken, ISeatMarket {
    bytes32 private constant LISTING_TYPEHASH = keccak256(
        "Listing(uint256 seat,uint256 price,uint256 epoch,address seller,uint256 counter,"
        "uint256 termsVersion,address taker,uint256 expiry)"
    );

    /// @inheritdoc ISeatMarket
    function buy(Listing calldata listing, bytes calldata signature) external payable nonReentrant {
        _buy(listing, signature, msg.sender);
    }

    /// @inheritdoc ISeatMarket
    function buyFor(Listing calldata listing, bytes calldata signature, address buyer)
        external
        payable
    {
        // No guard: `buyMany` of the extension holds it. Nobody else comes past this line.
        if (msg.sender != address(this)) revert SeatMarket_OnlyItself(msg.sender);
        _buy(listing, signature, buyer);
    }

    /// @inheritdoc ISeatMarket
    function list(Listing calldata listing) external {
        if (msg.sender != listing.seller) {
            revert SeatMarket_NotTheSeller(listing.seller, msg.sender);
        }
        (address owner, SeatWord word) = _seatOf(listing.seat);
        if (owner != msg.sender) {
            revert SeatMarket_SellerNotOwner(listing.seat, msg.sender, owner);
        }
        if (word.epoch() != listing.epoch) {
            revert SeatMarket_EpochPassed(listing.seat, listing.epoch, word.epoch());
        }
        Trading.requireNear(listing.expiry);
        // Counter, terms version and price are not checked: they are when somebody buys, and
        // refusing a listing that is dead from the start costs a storage read each.

        _seats.storedListings[_hashOf(listing)] = true;
        emit ListingStored(
            listing.seat,
            msg.sender,
            listing.price,
            listing.epoch,
            listing.counter,
            listing.termsVersion,
            listing.taker,
            listing.expiry
        );
    }

    /// @inheritdoc ISeatMarket
    function bumpCounter() external returns (uint256 counter) {
        // The counter lives in the spare bits of the account's balance, which a sale reads anyway.
        // The step cannot be foreseen: a listing signed today for tomorrow's counter would come to
        // life by the very call that is meant to kill it.
        unchecked {
            counter =
                uint256(_getAux(msg.sender)) + 1 + (uint256(blockhash(block.number - 1)) >> 128);
        }
        _setAux(msg.sender, uint224(counter));
        emit CounterBumped(msg.sender, counter);
    }

    /// @inheritdoc ISeatMarket
    function counterOf(address account) external view returns (uint256) {
        return _getAux(account);
    }

    /// @inheritdoc ISeatMarket
    function digestOf(Listing calldata listing) external view returns (bytes32) {
        return _hashTypedData(_hashOf(listing));
    }

    function _buy(Listing calldata listing, bytes calldata signature, address buyer) private {
        SeatId seat = listing.seat;
        (address owner, SeatWord word) = _seatOf(seat);
        Drop storage drop = _seats.drops[seat.dropOf()];
        RulesWord rules = drop.rules;
        _requireAlive(listing, owner, word, rules, buyer);
        _requireMovable(seat, word, rules);
        uint256 royalty = Trading.royaltyOf(listing.price, drop, rules, seat, word);
        address currency = Payments.currencyOf(_seats, rules);
        uint256 due = currency == address(0) ? listing.price : 0;
        if (msg.value != due) revert SeatMarket_WrongPayment(due, msg.value);
        _requireAuthorised(listing, signature);

        Payments.hold(_seats, seat, royalty);
        emit SeatSold(seat, owner, buyer, listing.price, royalty);
        _changeOwner(seat, word, owner, buyer);

        if (currency != address(0)) Payments.take(currency, buyer, listing.price);
        unchecked {
            // The royalty is at most the price, by the bounds on the price.
            Payments.payOrCredit(_seats, currency, owner, listing.price - royalty);
        }
    }

    /// @dev Everything that kills a listing, from the most to the least likely.
    function _requireAlive(
        Listing calldata listing,
        address owner,
        SeatWord word,
        RulesWord rules,
        address buyer
    ) private view {
        if (owner != listing.seller) {
            revert SeatMarket_SellerNotOwner(listing.seat, listing.seller, owner);
        }
        if (word.epoch() != listing.epoch) {
            revert SeatMarket_EpochPassed(listing.seat, listing.epoch, word.epoch());
        }
        if (listing.taker != address(0) && listing.taker != buyer) {
            revert SeatMarket_NotTheTaker(listing.taker, buyer);
        }
        if (owner == buyer) revert SeatMarket_SellerIsBuyer(owner);
        Trading.requireCurrent(
            listing.seat,
            rules,
            owner,
            _getAux(owner),
            listing.counter,
            listing.termsVersion,
            listing.expiry
        );
    }

    function _requireAuthorised(Listing calldata listing, bytes calldata signature) private view {
        bytes32 listingHash = _hashOf(listing);
        if (signature.length == 0 && _seats.storedListings[listingHash]) return;
        bytes32 digest = _hashTypedData(listingHash);
        if (!Signatures.isSigner(listing.seller, digest, signature)) {
            revert SeatMarket_SignatureInvalid(listing.seller, digest);
        }
    }

    /// @dev EIP-712 hashStruct. Assembly, because the eight words of a listing are copied as they
    /// stand: re-encoding them costs 700 gas more. A dirty address gives the hash of no listing
    /// that anybody signed; buying and listing refuse it besides.
    function _hashOf(Listing calldata listing) private pure returns (bytes32 result) {
        bytes32 typeHash = LISTING_TYPEHASH;
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, typeHash)
            calldatacopy(add(free, 0x20), listing, 0x100)
            result := keccak256(free, 0x120)
        }
    }
}
