// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EIP712} from "solady/utils/EIP712.sol";

import {ISeatMarket} from "../interfaces/ISeatMarket.sol";
import {SaleMath} from "../libraries/SaleMath.sol";
import {Signatures} from "../libraries/Signatures.sol";
import {RulesWord} from "../types/DropWords.sol";
import {SeatId} from "../types/SeatId.sol";
import {Drop} from "../types/SeatsLayout.sol";
import {GRANTED, SeatWord} from "../types/SeatWord.sol";
import {Listing} from "../types/Terms.sol";
import {SeatToken} from "./SeatToken.sol";

/// @title The market room: listings and sales
/// @dev Nothing is marked as filled: the sale itself raises the epoch that the listing names.
abstract contract SeatMarket is SeatToken, EIP712, ISeatMarket {
    uint256 private constant MAX_LISTING_TIME = 30 days;

    bytes32 private constant LISTING_TYPEHASH = keccak256(
        "Listing(uint256 seat,uint256 price,uint256 epoch,address seller,uint256 counter,"
        "uint256 termsVersion,address taker,uint256 expiry)"
    );

    /// @inheritdoc ISeatMarket
    function buy(Listing calldata listing, bytes calldata signature) external payable nonReentrant {
        SeatId seat = listing.seat;
        (address owner, SeatWord word) = _seatOf(seat);
        Drop storage drop = _seats.drops[seat.dropOf()];
        RulesWord rules = drop.rules;
        _requireAlive(listing, owner, word, rules);
        _requireMovable(seat, word, rules);
        uint256 royalty = _royaltyOf(listing.price, drop, rules, seat, word);
        if (msg.value != listing.price) {
            revert SeatMarket_WrongPayment(listing.price, msg.value);
        }
        _requireAuthorised(listing, signature);

        _hold(seat, royalty);
        emit SeatSold(seat, owner, msg.sender, listing.price, royalty);
        _changeOwner(seat, word, owner, msg.sender);

        unchecked {
            // The royalty is at most the price, by the bounds on the price.
            _payOrCredit(owner, listing.price - royalty);
        }
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
        _requireNear(listing.expiry);
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

    /// @dev Everything that kills a listing, from the most to the least likely.
    function _requireAlive(Listing calldata listing, address owner, SeatWord word, RulesWord rules)
        private
        view
    {
        if (owner != listing.seller) {
            revert SeatMarket_SellerNotOwner(listing.seat, listing.seller, owner);
        }
        if (word.epoch() != listing.epoch) {
            revert SeatMarket_EpochPassed(listing.seat, listing.epoch, word.epoch());
        }
        uint256 counter = _getAux(owner);
        if (counter != listing.counter) {
            revert SeatMarket_CounterPassed(owner, listing.counter, counter);
        }
        if (rules.termsVersion() != listing.termsVersion) {
            revert SeatMarket_TermsChanged(listing.seat, listing.termsVersion, rules.termsVersion());
        }
        if (block.timestamp > listing.expiry) {
            revert SeatMarket_ListingExpired(listing.expiry, block.timestamp);
        }
        _requireNear(listing.expiry);
        if (listing.taker != address(0) && listing.taker != msg.sender) {
            revert SeatMarket_NotTheTaker(listing.taker, msg.sender);
        }
        if (owner == msg.sender) revert SeatMarket_SellerIsBuyer(owner);
        uint256 until = rules.pausedUntil();
        if (block.timestamp <= until) revert SeatMarket_Paused(listing.seat.dropOf(), until);
    }

    function _requireNear(uint256 expiry) private view {
        uint256 latest = block.timestamp + MAX_LISTING_TIME;
        if (expiry > latest) revert SeatMarket_ExpiryTooFar(expiry, latest);
    }

    /// @dev The royalty of a sale at `price`, which must lie within its bounds.
    function _royaltyOf(
        uint256 price,
        Drop storage drop,
        RulesWord rules,
        SeatId seat,
        SeatWord word
    ) private view returns (uint256) {
        if (word.has(GRANTED)) revert SeatMarket_Granted(seat);
        uint256 toll = _tollOf(drop, rules, seat);
        uint256 most = SaleMath.highestPrice(_faceOf(drop, word), rules.resaleCap());
        uint256 least = toll == 0 ? 1 : toll;
        if (price < least || price > most) {
            revert SeatMarket_PriceOutOfBounds(price, least, most);
        }
        return SaleMath.royaltyOf(price, rules.royalty(), toll);
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

    function _domainNameAndVersion()
        internal
        pure
        override
        returns (string memory name_, string memory version)
    {
        return ("Seatmarket", "1");
    }
}
