// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatDelivery} from "../../../contracts/interfaces/ISeatDelivery.sol";
import {ISeatEscrow} from "../../../contracts/interfaces/ISeatEscrow.sol";
import {ISeatMarket} from "../../../contracts/interfaces/ISeatMarket.sol";
import {ISeatPlatform} from "../../../contracts/interfaces/ISeatPlatform.sol";
import {ISeatToken} from "../../../contracts/interfaces/ISeatToken.sol";
import {SeatId} from "../../../contracts/types/SeatId.sol";
import {Listing, TransferPolicy} from "../../../contracts/types/Terms.sol";
import {PRICE, Plan} from "../base/Plans.sol";
import {SeatsTest} from "../base/SeatsTest.sol";
import {RecordedLog, vm} from "../base/Vm.sol";

/// @dev Takes a seat, makes a list of calls while it is asked, and keeps the answers.
contract CuriousReceiver {
    address private target;
    bytes[] private calls;
    uint256[] private payments;

    bytes[] public answers;
    bool[] public accepted;

    function ask(address target_, bytes calldata call_, uint256 payment) external {
        target = target_;
        calls.push(call_);
        payments.push(payment);
    }

    function onERC721Received(address, address, uint256, bytes calldata) external returns (bytes4) {
        for (uint256 i; i < calls.length; ++i) {
            (bool done, bytes memory answer) = target.call{value: payments[i]}(calls[i]);
            accepted.push(done);
            answers.push(answer);
        }
        return this.onERC721Received.selector;
    }

    receive() external payable {}
}

/// @dev Says yes, and a megabyte more.
contract BombingTaker {
    fallback() external {
        bytes4 answer = msg.sig;
        assembly ("memory-safe") {
            mstore(0x00, answer)
            return(0x00, 1000000)
        }
    }
}

contract BurningTaker {
    fallback() external {
        while (true) {}
    }
}

/// @dev Refuses in the words of the market, which are not true.
contract LyingTaker {
    function onERC721Received(address, address, uint256 id, bytes calldata)
        external
        pure
        returns (bytes4)
    {
        revert ISeatToken.SeatToken_Bound(SeatId.wrap(id));
    }
}

/// @dev Owns a seat and sends it with so much gas and no more.
contract LimitedSender {
    function send(address seats, address receiver, uint256 id, uint256 limit)
        external
        returns (bool accepted, bytes memory answer)
    {
        return seats.call{gas: limit}(
            abi.encodeWithSignature(
                "safeTransferFrom(address,address,uint256)", address(this), receiver, id
            )
        );
    }
}

/// @dev The receiver of a `safeTransferFrom` is asked without the guard and with all gas, when the
/// move is final. What it can do concerns its own seat and who sent it.
contract ReceiverAttacksTest is SeatsTest {
    SeatId internal seat;
    uint256 internal id;

    function setUp() public override {
        super.setUp();
        Plan memory plan = _plan();
        plan.terms.policy = TransferPolicy.OPEN;
        (plan.terms.toll, plan.terms.giftCooldown) = (0, 0);
        drop = _create(plan);
        seat = _mint(alice);
        id = SeatId.unwrap(seat);
    }

    function test_WhenItTriesEveryDoorForMoney_ItFindsNothingToTakeAndTheGuardOpen() public {
        Listing memory listing = _listing(seat, PRICE);
        bytes memory signature = _sign("alice", listing);
        CuriousReceiver curious = new CuriousReceiver();
        vm.deal(address(curious), 1 ether);
        vm.prank(alice);
        seats.setApprovalForAll(address(curious), true);
        vm.warp(block.timestamp + 1);

        curious.ask(address(seats), abi.encodeCall(ISeatDelivery.refund, (seat)), 0);
        curious.ask(address(seats), abi.encodeCall(ISeatDelivery.claim, (seat)), 0);
        curious.ask(address(seats), abi.encodeCall(ISeatDelivery.collect, (seat)), 0);
        curious.ask(
            address(seats),
            abi.encodeCall(ISeatEscrow.withdraw, (address(0), address(curious), 1)),
            0
        );
        curious.ask(address(seats), abi.encodeCall(ISeatMarket.buy, (listing, signature)), PRICE);
        curious.ask(
            address(seats),
            abi.encodeCall(ISeatMarket.buyFor, (listing, signature, address(curious))),
            PRICE
        );
        curious.ask(
            address(seats),
            abi.encodeWithSignature("transferFrom(address,address,uint256)", alice, bob, id),
            0
        );
        // The guard is open: a door that owes nothing to the moment opens.
        curious.ask(
            address(seats),
            abi.encodeWithSignature(
                "mint((uint256,uint256,address,uint256,uint256,address),bytes)",
                _request(address(curious), 1),
                ""
            ),
            PRICE
        );

        vm.prank(alice);
        seats.safeTransferFrom(alice, address(curious), id);

        bytes4[7] memory expected = [
            ISeatDelivery.SeatDelivery_JustMoved.selector,
            ISeatDelivery.SeatDelivery_WrongState.selector,
            ISeatDelivery.SeatDelivery_WrongState.selector,
            ISeatEscrow.SeatEscrow_CreditTooSmall.selector,
            ISeatMarket.SeatMarket_SellerNotOwner.selector,
            ISeatMarket.SeatMarket_OnlyItself.selector,
            ISeatToken.SeatToken_NotTheirs.selector
        ];
        for (uint256 i; i < expected.length; ++i) {
            vm.assertFalse(curious.accepted(i), "accepted");
            vm.assertEq(bytes32(bytes4(curious.answers(i))), bytes32(expected[i]), "reason");
        }
        vm.assertTrue(curious.accepted(7), "minted");
        vm.assertEq(_ownerOf(seat), address(curious), "owner");
        vm.assertEq(address(seats).balance, 2 * PRICE, "balance");
        vm.assertEq(seats.escrowOf(drop), 2 * PRICE, "escrow");
        vm.assertEq(address(curious).balance, 1 ether - PRICE, "what it has left");
    }

    /// @dev Its answer is copied whole: who sends pays for it, as for any gas that it burns.
    function test_WhenItAnswersWithAMegabyte_ItCostsTheSenderAloneAndTakesTheSeatOrNothing()
        public
    {
        address bomb = address(new BombingTaker());
        LimitedSender sender = _sender();
        uint256 before = seats.seatOf(seat).epoch;
        (bool accepted, bytes memory answer) = sender.send(address(seats), bomb, id, 3_000_000);
        vm.assertFalse(accepted, "with too little gas");
        vm.assertEq(answer, "", "nothing is left to say why");
        vm.assertEq(_ownerOf(seat), address(sender), "owner");
        vm.assertEq(seats.seatOf(seat).epoch, before, "epoch");
        (accepted,) = sender.send(address(seats), bomb, id, 6_000_000);
        vm.assertTrue(accepted, "with enough");
        vm.assertEq(_ownerOf(seat), bomb, "owner");
    }

    function test_WhenItBurnsAllGas_ItIsRefusedByName() public {
        address burner = address(new BurningTaker());
        LimitedSender sender = _sender();
        (bool accepted, bytes memory answer) = sender.send(address(seats), burner, id, 1_000_000);
        vm.assertFalse(accepted, "accepted");
        vm.assertEq(
            answer,
            abi.encodeWithSelector(ISeatToken.SeatToken_NotTaken.selector, seat, burner),
            "reason"
        );
        vm.assertEq(_ownerOf(seat), address(sender), "owner");
    }

    /// @dev Residual: a refusal of `safeTransferFrom` may be the receiver's word, in any words.
    function test_WhenItRefusesInTheMarketsWords_ItIsRepeatedAsItStands() public {
        address liar = address(new LyingTaker());
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(ISeatToken.SeatToken_Bound.selector, seat));
        seats.safeTransferFrom(alice, liar, id);
    }

    /// @dev Residual: they say that they lack the function, and not of which seat that is said.
    function test_WhenItIsTheExtensionOrAnotherMarket_ItSaysWhichFunctionIsMissing() public {
        bytes memory expected = abi.encodeWithSelector(
            ISeatPlatform.Seats_FunctionUnknown.selector, CuriousReceiver.onERC721Received.selector
        );
        address[2] memory markets = [seats.extension(), address(_deploySeats())];
        vm.startPrank(alice);
        for (uint256 i; i < markets.length; ++i) {
            vm.expectRevert(expected);
            seats.safeTransferFrom(alice, markets[i], id);
        }
    }

    /// @dev Residual, which the README names: what the seat cost is lost with it, to nobody's gain.
    function test_WhenTheMarketItselfIsGivenASeatUnasked_ItLeavesItsMoneyOwedToTheMarketForEver()
        public
    {
        vm.prank(alice);
        seats.transferFrom(alice, address(seats), id);
        vm.prank(mentor);
        seats.cancelDrop(drop);
        vm.prank(bob);
        seats.claim(seat);
        vm.assertEq(seats.creditOf(address(seats), address(0)), PRICE, "credit");
        vm.assertEq(seats.escrowOf(drop), 0, "escrow");
        vm.assertEq(address(seats).balance, PRICE, "balance");
    }

    /// @dev Residual: where nobody is approved, the zero address is. No transaction comes from
    /// there; a question to a node that names no sender does.
    function test_WhenACallComesFromNobody_ItMovesAnOpenSeatThatNobodyIsApprovedFor() public {
        vm.prank(address(0));
        (bool accepted,) = address(seats)
            .call(abi.encodeWithSignature("transferFrom(address,address,uint256)", alice, bob, id));
        vm.assertTrue(accepted, "accepted");
        vm.assertEq(_ownerOf(seat), bob, "owner");
    }

    /// @dev Residual: ERC-4906 wants an event when metadata changes, and the epoch is part of it.
    function test_WhenTheSeatMovesOrItsListingsAreCancelled_ItChangesTheMetadataUntold() public {
        bytes32 first = keccak256(bytes(seats.tokenURI(id)));
        vm.recordLogs();
        vm.prank(alice);
        seats.cancelListings(seat);
        bytes32 second = keccak256(bytes(seats.tokenURI(id)));
        vm.prank(alice);
        seats.transferFrom(alice, bob, id);
        bytes32 third = keccak256(bytes(seats.tokenURI(id)));
        vm.assertTrue(first != second && second != third, "the metadata changes twice");
        RecordedLog[] memory logs = vm.getRecordedLogs();
        vm.assertEq(logs.length, 2, "a cancelling and a transfer");
        for (uint256 i; i < logs.length; ++i) {
            vm.assertTrue(logs[i].topics[0] != ISeatToken.MetadataUpdate.selector, "untold");
        }
    }

    function _sender() private returns (LimitedSender sender) {
        sender = new LimitedSender();
        vm.prank(alice);
        seats.transferFrom(alice, address(sender), id);
    }
}
