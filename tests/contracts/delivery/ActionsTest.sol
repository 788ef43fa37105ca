// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatDelivery} from "../../../contracts/interfaces/ISeatDelivery.sol";
import {ISeatDrops} from "../../../contracts/interfaces/ISeatDrops.sol";
import {ISeatEscrow} from "../../../contracts/interfaces/ISeatEscrow.sol";
import {ISeatMarket} from "../../../contracts/interfaces/ISeatMarket.sol";
import {ISeatOffers} from "../../../contracts/interfaces/ISeatOffers.sol";
import {ISeatSteering} from "../../../contracts/interfaces/ISeatSteering.sol";
import {ISeatToken} from "../../../contracts/interfaces/ISeatToken.sol";
import {DropId} from "../../../contracts/types/DropId.sol";
import {SeatId} from "../../../contracts/types/SeatId.sol";
import {Listing, SeatOffer} from "../../../contracts/types/Terms.sol";
import {NOW, PRICE, Plan} from "../base/Plans.sol";
import {TypedData} from "../base/TypedData.sol";
import {vm} from "../base/Vm.sol";
import {DeliveryTest} from "./DeliveryTest.sol";

interface IWrapping {
    function deposit() external payable;
    function approve(address spender, uint256 amount) external returns (bool);
}

/// @dev Where a drop of thirteen seats stands before an action. ASSERTED comes in three kinds: they
/// differ in where settling leads.
enum From {
    LIVE,
    ASSERTED,
    ASSERTED_WITH_FEW,
    ASSERTED_WITH_MANY,
    DISPUTED_NARROW,
    DISPUTED_WIDE,
    SPLIT_NARROW,
    SPLIT_WIDE,
    SETTLED,
    CANCELLED,
    FAILED
}

enum Action {
    MINT,
    GRANT,
    LOWER_CAP,
    SELL_OBJECTOR,
    SELL_OTHER,
    GIVE_OBJECTOR,
    GIVE_OTHER,
    ACCEPT_OFFER,
    CHECK_IN,
    REFUND,
    POSTPONE,
    CANCEL,
    FAIL,
    ASSERT,
    OBJECT,
    SETTLE,
    RESOLVE,
    DEFAULT,
    CLAIM_OBJECTOR,
    CLAIM_OTHER,
    CLAIM_BURNED,
    COLLECT_OBJECTOR,
    COLLECT_OTHER,
    COLLECT_BURNED,
    WITHDRAW,
    PAUSE,
    SET_VERIFIER,
    CANCEL_LISTINGS
}

/// @title Every action of a drop's life, by who may take it, and the way to every state
abstract contract ActionsTest is DeliveryTest {
    uint256 private constant OBJECTOR = 1;
    uint256 private constant SECOND = 2;
    uint256 private constant OTHER = 3;
    uint256 private constant BURNED = 4;

    address private guardian = _account("guardian");

    function setUp() public override {
        super.setUp();
        vm.prank(platformOwner);
        seats.setGuardian(guardian);
        vm.deal(alice, 100_000 ether);
        vm.deal(bob, 100_000 ether);
        vm.startPrank(bob);
        IWrapping(wrappedEther).deposit{value: 100 ether}();
        IWrapping(wrappedEther).approve(address(seats), type(uint256).max);
        vm.stopPrank();
    }

    /// @dev Minting and refunds are possible until the drop ends, so that time forbids nothing that
    /// the state should.
    function _plan() internal view override returns (Plan memory plan) {
        plan = super._plan();
        plan.terms.giftCooldown = 0;
        plan.terms.refundUntil = ENDS;
        plan.phases[0].closes = ENDS;
    }

    function _take(Action action) internal returns (bool accepted) {
        (address caller, bytes memory call_, uint256 value) = _prepared(action);
        vm.prank(caller);
        (accepted,) = address(seats).call{value: value}(call_);
    }

    /// @dev The action by who may take it, with all that it needs.
    function _prepared(Action action) private view returns (address, bytes memory, uint256) {
        if (action == Action.MINT) {
            return (alice, abi.encodeCall(ISeatDrops.mint, (_request(bob, 1), "")), PRICE);
        }
        if (action == Action.SELL_OBJECTOR) return _sale(OBJECTOR);
        if (action == Action.SELL_OTHER) return _sale(OTHER);
        if (action == Action.GIVE_OBJECTOR) return _gift(OBJECTOR);
        if (action == Action.GIVE_OTHER) return _gift(OTHER);
        if (action == Action.ACCEPT_OFFER) return _acceptance();
        if (action == Action.CHECK_IN) {
            bytes32 digest = _checkInDigest(_seat(OTHER), 1, block.timestamp);
            bytes memory signature = _signDigest("alice", digest);
            return (
                verifier,
                abi.encodeCall(
                    ISeatDelivery.checkIn, (_seat(OTHER), block.timestamp, signature, "")
                ),
                0
            );
        }
        if (action <= Action.ASSERT) return (_callerOf(action), _steering(action), 0);
        if (action == Action.WITHDRAW) {
            return (alice, abi.encodeCall(ISeatEscrow.withdraw, (address(0), alice, 1)), 0);
        }
        if (action == Action.PAUSE) {
            return (guardian, abi.encodeCall(ISeatSteering.pause, (drop, block.timestamp + 1)), 0);
        }
        if (action == Action.SET_VERIFIER) {
            return (mentor, abi.encodeCall(ISeatSteering.setVerifier, (drop, carol)), 0);
        }
        if (action == Action.CANCEL_LISTINGS) {
            return (alice, abi.encodeCall(ISeatToken.cancelListings, (_seat(OBJECTOR))), 0);
        }
        return (_callerOf(action), _ending(action), 0);
    }

    function _callerOf(Action action) private view returns (address) {
        if (action == Action.REFUND || action == Action.OBJECT) return alice;
        if (action == Action.RESOLVE) return resolver;
        return action <= Action.ASSERT && action != Action.FAIL ? mentor : bob;
    }

    function _steering(Action action) private view returns (bytes memory) {
        if (action == Action.GRANT) return abi.encodeCall(ISeatSteering.grant, (drop, 0, bob, 1));
        if (action == Action.LOWER_CAP) {
            return abi.encodeCall(ISeatSteering.lowerCap, (drop, 0, 20));
        }
        if (action == Action.REFUND) return abi.encodeCall(ISeatDelivery.refund, (_seat(OTHER)));
        if (action == Action.POSTPONE) {
            return abi.encodeCall(ISeatSteering.postpone, (drop, STARTS, ENDS, DELIVER_BY));
        }
        if (action == Action.CANCEL) return abi.encodeCall(ISeatSteering.cancelDrop, (drop));
        if (action == Action.FAIL) return abi.encodeCall(ISeatSteering.failDrop, (drop));
        return abi.encodeCall(ISeatDelivery.assertDelivery, (drop, EVIDENCE));
    }

    function _ending(Action action) private view returns (bytes memory) {
        if (action == Action.OBJECT) return abi.encodeCall(ISeatDelivery.objectTo, (_seat(OTHER)));
        if (action == Action.SETTLE) return abi.encodeCall(ISeatDelivery.settle, (drop));
        if (action == Action.RESOLVE) return abi.encodeCall(ISeatDelivery.resolve, (drop, 6000));
        if (action == Action.DEFAULT) {
            return abi.encodeCall(ISeatDelivery.resolveByDefault, (drop));
        }
        if (action <= Action.CLAIM_BURNED) {
            return abi.encodeCall(ISeatDelivery.claim, (_last(action, Action.CLAIM_OBJECTOR)));
        }
        return abi.encodeCall(ISeatDelivery.collect, (_last(action, Action.COLLECT_OBJECTOR)));
    }

    /// @dev The seat of an action of three: of the objector, of another, of who burned it.
    function _last(Action action, Action first) private view returns (SeatId) {
        uint256[3] memory numbers = [OBJECTOR, OTHER, BURNED];
        return _seat(numbers[uint256(action) - uint256(first)]);
    }

    function _sale(uint256 number) private view returns (address, bytes memory, uint256) {
        Listing memory listing = _listing(_seat(number), PRICE);
        listing.termsVersion = _view().termsVersion;
        return (bob, abi.encodeCall(ISeatMarket.buy, (listing, _sign("alice", listing))), PRICE);
    }

    /// @dev Of bob for the other seat, in wrapped ether.
    function _acceptance() private view returns (address, bytes memory, uint256) {
        SeatOffer memory offer = SeatOffer({
            seat: _seat(OTHER),
            price: PRICE,
            epoch: seats.seatOf(_seat(OTHER)).epoch,
            buyer: bob,
            counter: seats.counterOf(bob),
            termsVersion: _view().termsVersion,
            nonce: DropId.unwrap(drop),
            expiry: block.timestamp + 1 days
        });
        bytes32 digest = TypedData.digest(address(seats), TypedData.hashOf(offer));
        return (
            alice,
            abi.encodeCall(ISeatOffers.acceptSeatOffer, (offer, _signDigest("bob", digest))),
            0
        );
    }

    function _gift(uint256 number) private view returns (address, bytes memory, uint256) {
        return (
            alice,
            abi.encodeWithSignature(
                "transferFrom(address,address,uint256)", alice, bob, SeatId.unwrap(_seat(number))
            ),
            seats.seatOf(_seat(number)).toll
        );
    }

    /// @dev Twelve seats of alice's with a face; tolls wait with the first three, a penalty with the
    /// one that was burned.
    function _reach(From from) internal {
        vm.warp(NOW);
        drop = _create(_plan());
        _mintSeats(bob, ELEVEN + 2);
        for (uint256 number = 1; number <= OTHER; ++number) {
            _give(_seat(number), alice);
        }
        vm.warp(NOW + 1);
        _refund(_seat(BURNED));
        _leaveCredit();
        if (from == From.LIVE) return;
        if (from == From.CANCELLED) return _cancel();
        if (from == From.FAILED) return _fail();
        _assert();
        if (from == From.ASSERTED) return;
        if (from == From.SETTLED) return _settle();
        _object(_seat(OBJECTOR));
        if (_isWide(from)) _object(_seat(SECOND));
        if (from <= From.ASSERTED_WITH_MANY) return;
        _settle();
        if (from >= From.SPLIT_NARROW) _resolve(6000);
    }

    function _isWide(From from) private pure returns (bool) {
        return
            from == From.ASSERTED_WITH_MANY || from == From.DISPUTED_WIDE || from == From.SPLIT_WIDE;
    }

    /// @dev A credit of alice's, from another drop: withdrawing needs no state of this one.
    function _leaveCredit() private {
        SeatId other = _mintIn(_create(_plan()), alice);
        vm.prank(mentor);
        seats.cancelDrop(other.dropOf());
        vm.prank(bob);
        seats.claim(other);
    }
}
