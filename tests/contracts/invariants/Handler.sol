// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DropId} from "../../../contracts/types/DropId.sol";
import {SeatId} from "../../../contracts/types/SeatId.sol";
import {Listing, MintRequest} from "../../../contracts/types/Terms.sol";
import {TierView} from "../../../contracts/types/Views.sol";
import {DeployedSeats} from "../base/DeployedSeats.sol";
import {NOW, PRICE} from "../base/Plans.sol";
import {vm} from "../base/Vm.sol";
import {ForcedPayment} from "../hostile/EtherReceivers.sol";
import {Ledger} from "./Ledger.sol";

/// @title Random histories of several drops
/// @dev Inputs are bounded so that every call must succeed; what must fail is called as such and
/// its failure demanded. Actors 0 to 3 are keys; actor 4 refuses ETH and stores its listings.
contract Handler {
    DeployedSeats private immutable SEATS;
    Ledger public immutable LEDGER;
    uint256 private constant DROPS = 3;
    uint256 private constant LAST_DAY = NOW + 8 days;

    address[5] private actors;
    string[4] private names = ["alice", "bob", "carol", "dave"];

    constructor(DeployedSeats seats, Ledger ledger, address refusing) {
        (SEATS, LEDGER) = (seats, ledger);
        for (uint256 i; i < 4; ++i) {
            actors[i] = vm.addr(_keyOf(i));
        }
        actors[4] = refusing;
    }

    function actorCount() external view returns (uint256) {
        return actors.length;
    }

    function actorAt(uint256 index) external view returns (address) {
        return actors[index];
    }

    function dropCount() external pure returns (uint256) {
        return DROPS;
    }

    function mint(uint256 dropSeed, uint256 actorSeed, uint256 quantity) external {
        if (_mint(dropSeed % DROPS + 1, actors[actorSeed % 5], quantity % 3 + 1)) {
            LEDGER.reach("mint");
        }
    }

    /// @dev A sold-out drop, or one whose phase is over, must refuse.
    function mintTooMany(uint256 dropSeed, uint256 quantity) external {
        uint256 drop = dropSeed % DROPS + 1;
        uint256 wanted = _left(drop) + 1 + quantity % 3;
        (bool accepted,) = _tryMint(drop, actors[0], wanted);
        vm.assertFalse(accepted, "a seat beyond the cap");
        LEDGER.reach("mintTooMany");
    }

    function give(uint256 seatSeed, uint256 actorSeed) external {
        SeatId seat = _anySeat(seatSeed);
        address owner = LEDGER.ownerOf(seat);
        address to = actors[actorSeed % 5];
        _coolDown(seat);
        uint256 toll = SEATS.seatOf(seat).toll;
        vm.deal(owner, owner.balance + toll);
        vm.prank(owner);
        SEATS.transferFrom{value: toll}(owner, to, SeatId.unwrap(seat));
        LEDGER.noteIn(toll);
        LEDGER.noteMove(seat, to, toll);
        LEDGER.reach("give");
    }

    function buySigned(uint256 seatSeed, uint256 actorSeed, uint256 price) external {
        SeatId seat = _seatOfAKey(seatSeed);
        Listing memory listing = _listing(seat, price);
        _buy(listing, _sign(listing), _otherThan(listing.seller, actorSeed));
        LEDGER.reach("buySigned");
    }

    function buyStored(uint256 seatSeed, uint256 actorSeed, uint256 price) external {
        Listing memory listing = _listing(_anySeat(seatSeed), price);
        vm.prank(listing.seller);
        SEATS.list(listing);
        _buy(listing, "", _otherThan(listing.seller, actorSeed));
        LEDGER.reach("buyStored");
    }

    function cancel(uint256 seatSeed) external {
        SeatId seat = _seatOfAKey(seatSeed);
        Listing memory listing = _listing(seat, 0);
        vm.prank(listing.seller);
        SEATS.cancelListings(seat);
        LEDGER.noteCancellation(seat);
        LEDGER.noteSpent(listing, SEATS.digestOf(listing), false);
        LEDGER.reach("cancel");
    }

    function bump(uint256 seatSeed) external {
        Listing memory listing = _listing(_seatOfAKey(seatSeed), 0);
        vm.prank(listing.seller);
        SEATS.bumpCounter();
        LEDGER.noteSpent(listing, SEATS.digestOf(listing), false);
        LEDGER.reach("bump");
    }

    /// @dev Filled, cancelled and bumped listings, tried again by somebody with the money for it.
    function buyDead(uint256 index, uint256 actorSeed) external {
        if (LEDGER.spentCount() == 0) this.cancel(index);
        Listing memory listing = LEDGER.spentAt(index % LEDGER.spentCount());
        address buyer = _otherThan(listing.seller, actorSeed);
        bytes memory signature = listing.seller == actors[4] ? bytes("") : _sign(listing);
        vm.deal(buyer, buyer.balance + listing.price);
        vm.prank(buyer);
        (bool accepted,) = address(SEATS).call{value: listing.price}(
            abi.encodeCall(SEATS.buy, (listing, signature))
        );
        vm.assertFalse(accepted, "a dead listing was filled");
        LEDGER.reach("buyDead");
    }

    /// @dev Only actor 4 ever has a credit; without one, it sells a seat first.
    function withdraw(uint256 amount, uint256 actorSeed) external {
        address account = actors[4];
        if (LEDGER.creditOf(account) == 0) _sellForCredit(amount, actorSeed);
        uint256 taken = amount % LEDGER.creditOf(account) + 1;
        vm.prank(account);
        SEATS.withdraw(address(0), actors[actorSeed % 4], taken);
        LEDGER.noteWithdrawal(account, taken);
        LEDGER.reach("withdraw");
    }

    function withdrawTooMuch(uint256 actorSeed, uint256 amount) external {
        address account = actors[actorSeed % 5];
        uint256 wanted = LEDGER.creditOf(account) + 1 + amount % 1 ether;
        vm.prank(account);
        (bool accepted,) =
            address(SEATS).call(abi.encodeCall(SEATS.withdraw, (address(0), actors[0], wanted)));
        vm.assertFalse(accepted, "more than the credit");
        LEDGER.reach("withdrawTooMuch");
    }

    function force(uint256 amount) external {
        uint256 sent = amount % 1 ether;
        vm.deal(address(this), sent);
        new ForcedPayment{value: sent}(payable(address(SEATS)));
        LEDGER.noteForced(sent);
        LEDGER.reach("force");
    }

    function setFee(uint256 fee) external {
        vm.prank(SEATS.owner());
        SEATS.setPlatform(address(this), uint16(fee % 1001));
        LEDGER.reach("setFee");
    }

    /// @dev Never beyond the phase, which closes on day 9, so that minting stays possible.
    function wait(uint256 time) external {
        uint256 later = block.timestamp + time % 6 hours;
        if (later < LAST_DAY) vm.warp(later);
        LEDGER.reach("wait");
    }

    /// @dev False where the drop has sold out.
    function _mint(uint256 drop, address recipient, uint256 quantity) private returns (bool) {
        uint256 left = _left(drop);
        if (left == 0) return false;
        uint256 taken = quantity < left ? quantity : left;
        (bool accepted, bytes memory answer) = _tryMint(drop, recipient, taken);
        vm.assertTrue(accepted, "a mint within the cap");
        LEDGER.noteMint(drop, abi.decode(answer, (SeatId)), taken, recipient, taken * PRICE);
        return true;
    }

    function _tryMint(uint256 drop, address recipient, uint256 quantity)
        private
        returns (bool, bytes memory)
    {
        uint256 total = quantity * PRICE;
        MintRequest memory request =
            MintRequest(DropId.wrap(drop), 0, recipient, quantity, total, address(0));
        vm.deal(actors[0], actors[0].balance + total);
        vm.prank(actors[0]);
        return address(SEATS).call{value: total}(abi.encodeCall(SEATS.mint, (request, "")));
    }

    function _left(uint256 drop) private view returns (uint256) {
        (, TierView[] memory tiers,) = SEATS.termsOf(DropId.wrap(drop));
        return tiers[0].cap - LEDGER.minted(drop);
    }

    /// @dev Sells, and demands that every wei of it arrives where it should.
    function _buy(Listing memory listing, bytes memory signature, address buyer) private {
        bytes32 digest = SEATS.digestOf(listing);
        uint256 royalty = _royaltyOf(listing);
        uint256 before = listing.seller.balance;
        vm.deal(buyer, buyer.balance + listing.price);
        if (buyer == listing.seller) before += listing.price;
        vm.prank(buyer);
        SEATS.buy{value: listing.price}(listing, signature);
        uint256 net = listing.price - royalty;
        LEDGER.noteIn(listing.price);
        LEDGER.noteMove(listing.seat, buyer, royalty);
        LEDGER.noteSpent(listing, digest, true);
        if (listing.seller == actors[4]) {
            LEDGER.noteCredit(listing.seller, net);
        } else {
            LEDGER.noteOut(net);
            vm.assertEq(listing.seller.balance - before, net, "what the seller got");
        }
    }

    function _sellForCredit(uint256 seed, uint256 actorSeed) private {
        SeatId seat = _anySeat(seed);
        if (LEDGER.ownerOf(seat) != actors[4]) {
            Listing memory bought = _listing(seat, seed);
            vm.prank(bought.seller);
            SEATS.list(bought);
            _buy(bought, "", actors[4]);
        }
        Listing memory sold = _listing(seat, seed);
        vm.prank(actors[4]);
        SEATS.list(sold);
        _buy(sold, "", actors[actorSeed % 4]);
        // The whole price may have been royalty.
        if (LEDGER.creditOf(actors[4]) == 0) _sellForCredit(seed + 1, actorSeed);
    }

    /// @dev The terms of `_plans` of the invariant test: royalty 10% and toll by the drop.
    function _royaltyOf(Listing memory listing) private view returns (uint256) {
        uint256 share = listing.price / 10;
        uint256 toll = SEATS.seatOf(listing.seat).toll;
        return share > toll ? share : toll;
    }

    function _listing(SeatId seat, uint256 price) private view returns (Listing memory) {
        uint256 least = SEATS.seatOf(seat).toll;
        if (least == 0) least = 1;
        address seller = LEDGER.ownerOf(seat);
        return Listing({
            seat: seat,
            price: least + price % (PRICE - least + 1),
            epoch: LEDGER.epochOf(seat),
            seller: seller,
            counter: SEATS.counterOf(seller),
            termsVersion: 0,
            taker: address(0),
            expiry: block.timestamp + 1 days
        });
    }

    function _anySeat(uint256 seed) private returns (SeatId) {
        if (LEDGER.seatCount() == 0) _mint(seed % DROPS + 1, actors[seed % 5], 1);
        return LEDGER.seatAt(seed % LEDGER.seatCount());
    }

    /// @dev A seat whose owner can sign; one is minted where actor 4 owns all.
    function _seatOfAKey(uint256 seed) private returns (SeatId) {
        uint256 count = LEDGER.seatCount();
        for (uint256 i; i < count; ++i) {
            SeatId seat = LEDGER.seatAt((seed % count + i) % count);
            if (LEDGER.ownerOf(seat) != actors[4]) return seat;
        }
        _mint(seed % DROPS + 1, actors[seed % 4], 1);
        return LEDGER.seatAt(LEDGER.seatCount() - 1);
    }

    function _otherThan(address seller, uint256 seed) private view returns (address buyer) {
        buyer = actors[seed % 5];
        if (buyer == seller) buyer = actors[(seed % 5 + 1) % 5];
    }

    function _coolDown(SeatId seat) private {
        uint256 from = SEATS.seatOf(seat).movableFrom;
        if (block.timestamp < from) vm.warp(from);
    }

    function _sign(Listing memory listing) private view returns (bytes memory) {
        for (uint256 i; i < 4; ++i) {
            if (actors[i] != listing.seller) continue;
            (uint8 v, bytes32 r, bytes32 s) = vm.sign(_keyOf(i), SEATS.digestOf(listing));
            return abi.encodePacked(r, s, v);
        }
        return "";
    }

    function _keyOf(uint256 index) private view returns (uint256) {
        return uint256(keccak256(bytes(names[index])));
    }
}
