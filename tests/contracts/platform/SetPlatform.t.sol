// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatPlatform} from "../../../contracts/interfaces/ISeatPlatform.sol";
import {ISeatToken} from "../../../contracts/interfaces/ISeatToken.sol";
import {DropView} from "../../../contracts/types/Views.sol";
import {DeployedSeats} from "../base/DeployedSeats.sol";
import {NOW, PRICE} from "../base/Plans.sol";
import {SeatsTest} from "../base/SeatsTest.sol";
import {vm} from "../base/Vm.sol";

contract SetPlatformTest is SeatsTest {
    function test_WhenTheCallerIsNotTheOwner_ItRevertsWithTheCaller() public {
        vm.prank(mentor);
        vm.expectRevert(
            abi.encodeWithSelector(DeployedSeats.OwnableUnauthorizedAccount.selector, mentor)
        );
        seats.setPlatform(mentor, 0);
    }

    function test_WhenTheFeeIsAboveTenPercent_ItRevertsWithTheBound() public {
        vm.startPrank(platformOwner);
        vm.expectRevert(abi.encodeWithSelector(ISeatPlatform.Seats_FeeTooHigh.selector, 1001, 1000));
        seats.setPlatform(treasury, 1001);
        seats.setPlatform(treasury, 1000);
    }

    function test_WhenTheTreasuryIsNobody_ItReverts() public {
        vm.prank(platformOwner);
        vm.expectRevert(ISeatPlatform.Seats_TreasuryMissing.selector);
        seats.setPlatform(address(0), 250);
    }

    function test_WhenTheOwnerSetsThem_ItStoresAndPublishesBoth() public {
        vm.expectEmit(address(seats));
        emit ISeatPlatform.PlatformSet(carol, 300);
        vm.prank(platformOwner);
        seats.setPlatform(carol, 300);
        (address storedTreasury, uint256 fee) = seats.platform();
        vm.assertEq(storedTreasury, carol, "treasury");
        vm.assertEq(fee, 300, "fee");
    }

    /// @dev Treasury, fee and number of drops share a word.
    function test_WhenTheOwnerSetsThem_ItKeepsTheNumberOfDrops() public {
        _create(_plan());
        vm.prank(platformOwner);
        seats.setPlatform(address(type(uint160).max), 0);
        vm.assertEq(seats.dropCount(), 2, "drops");
    }

    /// @dev C-79, C-54: the fee of the creation, of what was paid.
    function test_GivenADropExists_ItKeepsItsFeeAndPaysTheTreasuryOfTheDay() public {
        (DropView memory before,,) = seats.termsOf(drop);
        _mint(alice);
        vm.prank(platformOwner);
        seats.setPlatform(carol, 1000);
        (DropView memory later,,) = seats.termsOf(drop);
        before.owed = PRICE;
        vm.assertEq(abi.encode(later), abi.encode(before), "terms");
        vm.warp(NOW + 40 days);
        vm.prank(mentor);
        seats.assertDelivery(drop, 0);
        vm.warp(NOW + 48 days);
        seats.settle(drop);
        vm.assertEq(seats.creditOf(carol, address(0)), PRICE * FEE / 10_000, "new treasury");
        vm.assertEq(seats.creditOf(treasury, address(0)), 0, "old treasury");
        vm.assertEq(seats.creditOf(mentor, address(0)), PRICE - PRICE * FEE / 10_000, "mentor");
    }

    function test_WhenItIsDeployed_ItHoldsToTheSameBounds() public {
        vm.expectRevert(abi.encodeWithSelector(ISeatPlatform.Seats_FeeTooHigh.selector, 1001, 1000));
        this.deploy(treasury, 1001, address(renderer), wrappedEther);
        vm.expectRevert(ISeatPlatform.Seats_TreasuryMissing.selector);
        this.deploy(address(0), 250, address(renderer), wrappedEther);
        vm.expectRevert(
            abi.encodeWithSelector(ISeatToken.SeatToken_RendererMissing.selector, address(0xdead))
        );
        this.deploy(treasury, 250, address(0xdead), wrappedEther);
    }

    /// @dev It can never be changed, and every offer is paid in it.
    function test_WhenItIsDeployed_ItNamesAWrappedEtherThatIsAContract() public {
        vm.expectRevert(
            abi.encodeWithSelector(ISeatPlatform.Seats_CurrencyMissing.selector, address(0xdead))
        );
        this.deploy(treasury, 250, address(renderer), address(0xdead));
        vm.assertEq(seats.wrappedEther(), wrappedEther, "wrapped ether");
    }

    function deploy(address treasury_, uint16 fee, address renderer_, address wrappedEther_)
        external
        returns (DeployedSeats)
    {
        return DeployedSeats(
            payable(vm.deployCode(
                    "Seats.sol:Seats",
                    abi.encode(platformOwner, treasury_, fee, renderer_, wrappedEther_)
                ))
        );
    }
}
