// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatDelivery} from "../../../contracts/interfaces/ISeatDelivery.sol";
import {ISeatEscrow} from "../../../contracts/interfaces/ISeatEscrow.sol";
import {ISeatMarket} from "../../../contracts/interfaces/ISeatMarket.sol";
import {ISeatToken} from "../../../contracts/interfaces/ISeatToken.sol";
import {SeatId} from "../../../contracts/types/SeatId.sol";
import {Listing, TransferPolicy} from "../../../contracts/types/Terms.sol";
import {PRICE, Plan} from "../base/Plans.sol";
import {SeatsTest} from "../base/SeatsTest.sol";
import {vm} from "../base/Vm.sol";

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

/// @dev Says no with so many zeros.
contract BombingRefuser {
    uint256 private immutable LENGTH;

    constructor(uint256 length) {
        LENGTH = length;
    }

    fallback() external {
        uint256 length = LENGTH;
        assembly ("memory-safe") {
            calldatacopy(0x00, calldatasize(), length)
            revert(0x00, length)
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

    /// @dev The receiver pays for a megabyte in its own memory; the market copies 32 bytes of it.
    function test_WhenItAnswersWithAMegabyte_ItTakesTheSeatAndNoGasForTheRest() public {
        address bomb = address(new BombingTaker());
        LimitedSender sender = _sender();
        (bool accepted,) = sender.send(address(seats), bomb, id, 3_000_000);
        vm.assertTrue(accepted, "accepted");
        vm.assertEq(_ownerOf(seat), bomb, "owner");
    }

    function test_WhenItRefusesWithAMegabyte_ItIsRefusedByName() public {
        address bomb = address(new BombingRefuser(1_000_000));
        LimitedSender sender = _sender();
        (bool accepted, bytes memory answer) = sender.send(address(seats), bomb, id, 3_000_000);
        vm.assertFalse(accepted, "accepted");
        vm.assertEq(
            answer,
            abi.encodeWithSelector(ISeatToken.SeatToken_NotTaken.selector, seat, bomb),
            "reason"
        );
        vm.assertEq(_ownerOf(seat), address(sender), "owner");
    }

    function test_WhenItsReasonIsAsLongAsIsRead_ItIsRepeatedAndOneByteMoreIsNot() public {
        address longest = address(new BombingRefuser(4096));
        address longer = address(new BombingRefuser(4097));
        vm.startPrank(alice);
        vm.expectRevert(new bytes(4096));
        seats.safeTransferFrom(alice, longest, id);
        vm.expectRevert(
            abi.encodeWithSelector(ISeatToken.SeatToken_NotTaken.selector, seat, longer)
        );
        seats.safeTransferFrom(alice, longer, id);
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

    function test_WhenItIsTheExtensionOrAnotherMarket_ItIsRefusedByName() public {
        address[2] memory markets = [seats.extension(), address(_deploySeats())];
        vm.startPrank(alice);
        for (uint256 i; i < markets.length; ++i) {
            vm.expectRevert(
                abi.encodeWithSelector(ISeatToken.SeatToken_NotTaken.selector, seat, markets[i])
            );
            seats.safeTransferFrom(alice, markets[i], id);
        }
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

    /// @dev ERC-4906 wants an event when metadata changes; that a seat moved is not part of it.
    function test_WhenTheSeatMovesOrItsListingsAreCancelled_ItKeepsItsMetadata() public {
        bytes32 first = keccak256(bytes(seats.tokenURI(id)));
        vm.prank(alice);
        seats.cancelListings(seat);
        bytes32 second = keccak256(bytes(seats.tokenURI(id)));
        vm.prank(alice);
        seats.transferFrom(alice, bob, id);
        bytes32 third = keccak256(bytes(seats.tokenURI(id)));
        vm.assertTrue(first == second && second == third, "the metadata stays");
    }

    function _sender() private returns (LimitedSender sender) {
        sender = new LimitedSender();
        vm.prank(alice);
        seats.transferFrom(alice, address(sender), id);
    }
}
