// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatBaskets} from "../../../contracts/interfaces/ISeatBaskets.sol";
import {ISeatDelivery} from "../../../contracts/interfaces/ISeatDelivery.sol";
import {ISeatDrops} from "../../../contracts/interfaces/ISeatDrops.sol";
import {ISeatEscrow} from "../../../contracts/interfaces/ISeatEscrow.sol";
import {ISeatMarket} from "../../../contracts/interfaces/ISeatMarket.sol";
import {ISeatOffers} from "../../../contracts/interfaces/ISeatOffers.sol";
import {ISeatSteering} from "../../../contracts/interfaces/ISeatSteering.sol";
import {ISeatToken} from "../../../contracts/interfaces/ISeatToken.sol";
import {DropId} from "../../../contracts/types/DropId.sol";
import {SeatId} from "../../../contracts/types/SeatId.sol";
import {
    Gate,
    Listing,
    MintRequest,
    SeatOffer,
    TransferPolicy
} from "../../../contracts/types/Terms.sol";
import {DeployedSeats} from "../base/DeployedSeats.sol";
import {COOLDOWN, NOW, PRICE, Plan, TOLL} from "../base/Plans.sol";
import {Pass, TypedData} from "../base/TypedData.sol";
import {RecordedLog, vm} from "../base/Vm.sol";
import {IWrapping} from "../delivery/ActionsTest.sol";
import {DeliveryTest} from "../delivery/DeliveryTest.sol";
import {RefusingReceiver} from "../hostile/EtherReceivers.sol";

/// @dev What a call tells, log by log. First what was done, then what became of seats, then what
/// became of money; the drop's picture is last. Whoever mirrors the chain may rely on it.
contract LogOrderTest is DeliveryTest {
    /// @dev The topic and the emitter of each log that is to come.
    bytes32[] private topics;
    address[] private emitters;

    function test_WhenADropIsCreated_ItTellsTheDropThenPayoutThenVerifier() public {
        Plan memory plan = _plan();
        plan.terms.payout = carol;
        vm.recordLogs();
        _create(plan);
        _then(ISeatDrops.DropCreated.selector);
        _then(ISeatDrops.PayoutSet.selector);
        _then(ISeatDrops.VerifierSet.selector);
        _assertTold();
    }

    function test_WhenBoundSeatsAreMintedWithAPass_ItTellsPassThenMintThenMovesThenLocks() public {
        Plan memory plan = _bound();
        plan.phases[0].gate = Gate.PASS;
        plan.phases[0].gateData = bytes32(uint256(uint160(bob)));
        drop = _create(plan);
        Pass memory pass = Pass(drop, 0, alice, 2, 7, NOW + 1 days);
        bytes32 digest = TypedData.digest(address(seats), TypedData.hashOf(pass));
        bytes memory shown =
            abi.encodePacked(pass.quantity, pass.nonce, pass.expiry, _signDigest("bob", digest));
        vm.recordLogs();
        vm.prank(alice);
        seats.mint{value: 2 * PRICE}(_request(carol, 2), shown);
        _then(ISeatDrops.PassUsed.selector);
        _then(ISeatDrops.SeatsMinted.selector);
        _thenTwice(DeployedSeats.Transfer.selector);
        _thenTwice(ISeatToken.Locked.selector);
        _assertTold();
    }

    function test_WhenASeatOpensThePhase_ItTellsItsUseThenMintThenMove() public {
        SeatId key = _mint(alice);
        Plan memory plan = _plan();
        plan.terms.startsAt = NOW + 37 days;
        plan.phases[0].gate = Gate.SEAT;
        plan.phases[0].gateData = bytes32(DropId.unwrap(drop));
        plan.phases[0].closes = NOW + 36 days;
        drop = _create(plan);
        vm.warp(REFUND_UNTIL + 1);
        vm.recordLogs();
        vm.prank(alice);
        seats.mint{value: PRICE}(_request(carol, 1), abi.encode(key));
        _then(ISeatDrops.SeatUsed.selector);
        _then(ISeatDrops.SeatsMinted.selector);
        _then(DeployedSeats.Transfer.selector);
        _assertTold();
    }

    function test_WhenSeveralMintsAreMadeAtOnce_ItTellsAllOfThemThenPayments() public {
        _payInWrappedEther();
        _due(alice, 2 * PRICE);
        MintRequest[] memory requests = new MintRequest[](2);
        requests[0] = _request(alice, 1);
        requests[1] = _request(bob, 1);
        vm.recordLogs();
        vm.prank(alice);
        seats.mintMany(requests, new bytes[](2));
        for (uint256 i; i < 2; ++i) {
            _then(ISeatDrops.SeatsMinted.selector);
            _then(DeployedSeats.Transfer.selector);
        }
        _thenPayments(2);
        _assertTold();
    }

    function test_WhenBoundSeatsAreGranted_ItTellsGrantThenMovesThenLocks() public {
        drop = _create(_bound());
        vm.recordLogs();
        vm.prank(mentor);
        seats.grant(drop, 0, bob, 2);
        _then(ISeatSteering.SeatsGranted.selector);
        _thenTwice(DeployedSeats.Transfer.selector);
        _thenTwice(ISeatToken.Locked.selector);
        _assertTold();
    }

    function test_WhenASeatIsBought_ItTellsSaleThenMoveThenCredit() public {
        SeatId seat = _mint(alice);
        _refuseEther(alice);
        vm.recordLogs();
        _resell("alice", seat, bob, PRICE);
        _thenSold();
        _then(ISeatEscrow.Credited.selector);
        _assertTold();
    }

    function test_WhenASeatIsBoughtInACurrency_ItTellsSaleThenMoveThenPayments() public {
        _payInWrappedEther();
        SeatId seat = _mintSeats(alice, 1);
        _due(bob, PRICE);
        vm.recordLogs();
        _buyAs(bob, _listing(seat, PRICE), 0);
        _thenSold();
        _thenPayments(2);
        _assertTold();
    }

    function test_WhenSomeOfSeveralAreBought_ItTellsListingsInTheirOrderThenCredit() public {
        Listing[] memory listings = new Listing[](3);
        bytes[] memory signatures = new bytes[](3);
        for (uint256 i; i < 3; ++i) {
            listings[i] = _listing(_mint(alice), PRICE);
            signatures[i] = _sign("alice", listings[i]);
        }
        signatures[1] = "";
        _refuseEther(bob);
        vm.recordLogs();
        vm.prank(bob);
        seats.buyMany{value: 3 * PRICE}(listings, signatures);
        _thenSold();
        _then(ISeatBaskets.ListingSkipped.selector);
        _thenSold();
        _then(ISeatEscrow.Credited.selector);
        _assertTold();
    }

    function test_WhenAnOfferIsTaken_ItTellsOfferThenSaleThenMoveThenPayments() public {
        SeatId seat = _mint(alice);
        _fill(bob, PRICE);
        SeatOffer memory offer =
            SeatOffer(seat, PRICE, 0, bob, seats.counterOf(bob), 0, 0, NOW + 1 days);
        bytes32 digest = TypedData.digest(address(seats), TypedData.hashOf(offer));
        bytes memory signature = _signDigest("bob", digest);
        vm.recordLogs();
        vm.prank(alice);
        seats.acceptSeatOffer(offer, signature);
        _then(ISeatOffers.OfferFilled.selector);
        _thenSold();
        // Taken from the buyer, unwrapped as far as it is royalty, and paid to the seller.
        _thenPayments(3);
        _assertTold();
    }

    function test_WhenASeatIsGiven_ItTellsTollThenMove() public {
        SeatId seat = _mint(alice);
        vm.warp(NOW + COOLDOWN);
        vm.recordLogs();
        _give(seat, bob);
        _then(ISeatEscrow.Held.selector);
        _then(DeployedSeats.Transfer.selector);
        _assertTold();
    }

    function test_WhenASeatIsGivenBack_ItTellsRefundThenBurnThenCredit() public {
        SeatId seat = _mint(alice);
        _refuseEther(alice);
        vm.warp(NOW + 1);
        vm.recordLogs();
        _refund(seat);
        _then(ISeatDelivery.SeatRefunded.selector);
        _then(DeployedSeats.Transfer.selector);
        _then(ISeatEscrow.Credited.selector);
        _assertTold();
    }

    function test_WhenAHolderIsCheckedIn_ItTellsCheckInThenLockThenPicture() public {
        SeatId seat = _mint(alice);
        vm.warp(STARTS);
        vm.recordLogs();
        _checkIn("alice", seat);
        _then(ISeatDelivery.CheckedIn.selector);
        _thenFixed();
        _assertTold();
    }

    function test_WhenDeliveryIsAsserted_ItTellsAssertionThenPictures() public {
        vm.warp(ENDS);
        vm.recordLogs();
        _assert();
        _thenOfDrop(ISeatDelivery.DeliveryAsserted.selector, 0);
        _assertTold();
    }

    function test_WhenAHolderObjects_ItTellsObjectionThenLockThenPicture() public {
        SeatId seat = _mint(alice);
        _assert();
        vm.recordLogs();
        _object(seat);
        _then(ISeatDelivery.Objected.selector);
        _thenFixed();
        _assertTold();
    }

    function test_WhenNobodyObjected_ItTellsSettlingThenCreditsThenPictures() public {
        _dispute(0);
        _thenOfDrop(ISeatDelivery.DropSettled.selector, 2);
        _assertTold();
    }

    function test_WhenFewObjected_ItTellsDisputeThenCreditsThenPictures() public {
        _dispute(1);
        _thenOfDrop(ISeatDelivery.DropDisputed.selector, 2);
        _assertTold();
    }

    function test_WhenManyObjected_ItTellsDisputeThenPictures() public {
        _dispute(2);
        _thenOfDrop(ISeatDelivery.DropDisputed.selector, 0);
        _assertTold();
    }

    function test_WhenADisputeIsDecided_ItTellsDecisionThenCreditsThenPictures() public {
        _dispute(2);
        vm.recordLogs();
        _resolve(6000);
        _thenOfDrop(ISeatDelivery.DropResolved.selector, 2);
        _assertTold();
    }

    function test_WhenADisputeIsDecidedByDefault_ItTellsDecisionThenCreditsThenPictures() public {
        _dispute(2);
        vm.warp(block.timestamp + DECISION + 1);
        vm.recordLogs();
        seats.resolveByDefault(drop);
        _thenOfDrop(ISeatDelivery.DropResolved.selector, 2);
        _assertTold();
    }

    function test_WhenASeatIsClaimedForItsOwner_ItTellsClaimThenCreditsOfAll() public {
        SeatId seat = _mint(alice);
        vm.warp(NOW + COOLDOWN);
        _give(seat, bob);
        _dispute(2);
        _resolve(6000);
        vm.recordLogs();
        _claimFor(seat);
        _then(ISeatDelivery.Claimed.selector);
        // Treasury and mentor of what waited with the seat, then the owner.
        _thenTwice(ISeatEscrow.Credited.selector);
        _then(ISeatEscrow.Credited.selector);
        _assertTold();
        vm.assertGt(_creditOf(bob), 0, "the owner's credit");
    }

    function test_WhenWhatWaitsIsCollected_ItTellsCollectionThenCredits() public {
        SeatId seat = _mint(alice);
        _resell("alice", seat, bob, PRICE);
        _dispute(0);
        vm.recordLogs();
        seats.collect(seat);
        _then(ISeatDelivery.Collected.selector);
        _thenTwice(ISeatEscrow.Credited.selector);
        _assertTold();
    }

    function test_WhenADropIsPostponed_ItTellsTimesThenPictures() public {
        vm.recordLogs();
        vm.prank(mentor);
        seats.postpone(drop, STARTS, ENDS, DELIVER_BY);
        _thenOfDrop(ISeatSteering.DropPostponed.selector, 0);
        _assertTold();
    }

    function test_WhenADropIsCancelled_ItTellsEndThenPictures() public {
        vm.recordLogs();
        _cancel();
        _thenOfDrop(ISeatSteering.DropCancelled.selector, 0);
        _assertTold();
    }

    function test_WhenADropFails_ItTellsEndThenPictures() public {
        vm.recordLogs();
        _fail();
        _thenOfDrop(ISeatSteering.DropFailed.selector, 0);
        _assertTold();
    }

    function test_WhenACurrencyIsWithdrawn_ItTellsWithdrawalThenPayment() public {
        _payInWrappedEther();
        _mintSeats(alice, 1);
        _dispute(0);
        uint256 credit = _creditOf(mentor);
        vm.recordLogs();
        vm.prank(mentor);
        seats.withdraw(currency, mentor, credit);
        _then(ISeatEscrow.Withdrawn.selector);
        _thenPayments(1);
        _assertTold();
    }

    function _bound() private view returns (Plan memory plan) {
        plan = _plan();
        plan.terms.policy = TransferPolicy.BOUND;
    }

    /// @dev A currency that tells what it does, unlike those of hostile/.
    function _payInWrappedEther() private {
        currency = wrappedEther;
        drop = _createIn(wrappedEther);
    }

    function _due(address account, uint256 amount) internal override returns (uint256) {
        if (currency == address(0)) return amount;
        _fill(account, amount);
        return 0;
    }

    function _fill(address account, uint256 amount) private {
        vm.startPrank(account);
        IWrapping(wrappedEther).deposit{value: amount}();
        IWrapping(wrappedEther).approve(address(seats), amount);
        vm.stopPrank();
    }

    /// @dev Its key still signs: only payments find code.
    function _refuseEther(address account) private {
        vm.etch(account, address(new RefusingReceiver()).code);
    }

    function _buyAs(address buyer, Listing memory listing, uint256 value) private {
        bytes memory signature = _sign("alice", listing);
        vm.prank(buyer);
        seats.buy{value: value}(listing, signature);
    }

    /// @dev Settles `drop` with so many objectors of eleven: one is few, two are many. What is
    /// recorded is the settling alone.
    function _dispute(uint256 objectors) private {
        SeatId first = _mintSeats(carol, ELEVEN);
        _assert();
        for (uint256 i; i < objectors; ++i) {
            _object(SeatId.wrap(SeatId.unwrap(first) + i));
        }
        vm.warp(ENDS + CHALLENGE + 1);
        vm.recordLogs();
        seats.settle(drop);
    }

    function _then(bytes32 topic) private {
        topics.push(topic);
        emitters.push(address(seats));
    }

    function _thenTwice(bytes32 topic) private {
        _then(topic);
        _then(topic);
    }

    function _thenSold() private {
        _then(ISeatMarket.SeatSold.selector);
        _then(DeployedSeats.Transfer.selector);
    }

    function _thenFixed() private {
        _then(ISeatToken.Locked.selector);
        _then(ISeatToken.MetadataUpdate.selector);
    }

    /// @dev What happened to the drop, what was credited for it, and its pictures.
    function _thenOfDrop(bytes32 topic, uint256 credits) private {
        _then(topic);
        for (uint256 i; i < credits; ++i) {
            _then(ISeatEscrow.Credited.selector);
        }
        _then(ISeatToken.BatchMetadataUpdate.selector);
    }

    /// @dev ERC-20 and ERC-721 name their event alike; the emitter is another.
    function _thenPayments(uint256 count) private {
        for (uint256 i; i < count; ++i) {
            topics.push(DeployedSeats.Transfer.selector);
            emitters.push(wrappedEther);
        }
    }

    /// @dev What was recorded is what was to come, and nothing else.
    function _assertTold() private {
        RecordedLog[] memory logs = vm.getRecordedLogs();
        vm.assertEq(logs.length, topics.length, "logs");
        for (uint256 i; i < logs.length; ++i) {
            vm.assertEq(logs[i].topics[0], topics[i], "event");
            vm.assertEq(logs[i].emitter, emitters[i], "emitter");
        }
        delete topics;
        delete emitters;
    }
}
