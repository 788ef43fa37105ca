// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PRICE} from "../base/Plans.sol";
import {DeployedSeats} from "../base/DeployedSeats.sol";
import {SeatsTest} from "../base/SeatsTest.sol";
import {TypedData} from "../base/TypedData.sol";
import {vm} from "../base/Vm.sol";
import {ISeatEscrow} from "../../../contracts/interfaces/ISeatEscrow.sol";
import {SeatId} from "../../../contracts/types/SeatId.sol";
import {SeatOffer} from "../../../contracts/types/Terms.sol";
import {PlainCoin} from "../hostile/Currencies.sol";

/// @dev Moves like wrapped ether, takes unwrapping for done and pays nothing out: a proxy that was
/// upgraded, or a token whose fallback swallows every call.
contract KeepingEther is PlainCoin {
    function withdraw(uint256) external {}
}

/// @dev What is unwrapped is counted as what is taken is: otherwise a royalty would be owed in ether
/// that never came, and paid with the ether of other drops.
contract WrappedAttacksTest is SeatsTest {
    function test_WhenWrappedEtherKeepsWhatIsUnwrapped_ItSellsNothing() public {
        KeepingEther keeping = new KeepingEther();
        seats = DeployedSeats(
            payable(vm.deployCode(
                    "Seats.sol:Seats",
                    abi.encode(platformOwner, treasury, FEE, renderer, address(keeping))
                ))
        );
        drop = _create(_plan());
        // Somebody else's money, in another drop.
        _mintIn(_create(_plan()), carol);
        SeatId seat = _mint(alice);
        _fund(address(keeping), bob, PRICE);
        SeatOffer memory offer =
            SeatOffer(seat, PRICE, 0, bob, seats.counterOf(bob), 0, 0, block.timestamp + 1 days);
        bytes memory signature =
            _signDigest("bob", TypedData.digest(address(seats), TypedData.hashOf(offer)));
        vm.prank(alice);
        vm.expectRevert(
            abi.encodeWithSelector(
                ISeatEscrow.SeatEscrow_PaymentMissing.selector, address(keeping), bob, PRICE / 10, 0
            )
        );
        seats.acceptSeatOffer(offer, signature);
    }
}
