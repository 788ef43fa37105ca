// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatDrops} from "../../../contracts/interfaces/ISeatDrops.sol";
import {ISeatPlatform} from "../../../contracts/interfaces/ISeatPlatform.sol";
import {DropId} from "../../../contracts/types/DropId.sol";
import {SeatId} from "../../../contracts/types/SeatId.sol";
import {DropView, PhaseView, TierView} from "../../../contracts/types/Views.sol";
import {DeployedSeats} from "../base/DeployedSeats.sol";
import {NOW, PRICE, Plan} from "../base/Plans.sol";
import {SeatsTest} from "../base/SeatsTest.sol";
import {vm} from "../base/Vm.sol";
import {Coin, PlainCoin} from "../hostile/Currencies.sol";

contract SetCurrencyTest is SeatsTest {
    address private coin = address(new PlainCoin());

    function test_WhenTheCallerIsNotTheOwner_ItRevertsWithTheCaller() public {
        address[3] memory callers = [mentor, treasury, alice];
        for (uint256 i; i < callers.length; ++i) {
            vm.prank(callers[i]);
            vm.expectRevert(
                abi.encodeWithSelector(
                    DeployedSeats.OwnableUnauthorizedAccount.selector, callers[i]
                )
            );
            seats.setCurrency(coin, true);
        }
    }

    function test_WhenACurrencyIsAllowed_ItGetsTheNextIndex() public {
        address another = address(new PlainCoin());
        vm.expectEmit(address(seats));
        emit ISeatPlatform.CurrencySet(coin, 1, true);
        _set(coin, true);
        vm.expectEmit(address(seats));
        emit ISeatPlatform.CurrencySet(another, 2, true);
        _set(another, true);
        vm.assertEq(seats.currencyIndexOf(coin), 1, "first");
        vm.assertEq(seats.currencyIndexOf(another), 2, "second");
    }

    function test_WhenACurrencyIsAllowed_ItLetsNewDropsBePaidInIt() public {
        _set(coin, true);
        vm.assertEq(_terms(_createIn()).currency, coin, "currency");
    }

    function test_WhenACurrencyIsDisallowed_ItPublishesTheIndexThatItHad() public {
        _set(address(new PlainCoin()), true);
        _set(coin, true);
        vm.expectEmit(address(seats));
        emit ISeatPlatform.CurrencySet(coin, 2, false);
        _set(coin, false);
        vm.assertEq(seats.currencyIndexOf(coin), 0, "index");
    }

    function test_WhenACurrencyIsDisallowed_ItRefusesNewDropsInIt() public {
        _set(coin, true);
        _set(coin, false);
        Plan memory plan = _plan();
        plan.terms.currency = coin;
        vm.prank(mentor);
        vm.expectRevert(
            abi.encodeWithSelector(ISeatDrops.SeatDrops_CurrencyNotAllowed.selector, coin)
        );
        seats.createDrop(plan.terms, plan.tiers, plan.phases);
    }

    /// @dev C-48.
    function test_GivenADropInADisallowedCurrency_ItGoesOnSellingAndRefunding() public {
        _set(coin, true);
        drop = _createIn();
        bytes memory before = _allTerms(drop);
        _set(coin, false);
        vm.assertEq(_allTerms(drop), before, "terms");
        _fund(coin, alice, 2 * PRICE);
        vm.prank(alice);
        SeatId first = seats.mint(_request(alice, 2), "");
        vm.assertEq(seats.escrowOf(drop), 2 * PRICE, "escrow");
        vm.warp(NOW + 1);
        vm.prank(alice);
        seats.refund(first);
        vm.assertEq(Coin(coin).balanceOf(alice), PRICE - PRICE / 10, "refunded in the coin");
    }

    function test_GivenADropInADisallowedCurrency_ItGoesOnPayingItsMentor() public {
        _set(coin, true);
        drop = _createIn();
        _fund(coin, alice, PRICE);
        vm.prank(alice);
        seats.mint(_request(alice, 1), "");
        _set(coin, false);
        vm.warp(NOW + 40 days);
        vm.prank(mentor);
        seats.assertDelivery(drop, 0);
        vm.warp(NOW + 48 days);
        seats.settle(drop);
        uint256 net = PRICE - PRICE * FEE / 10_000;
        vm.assertEq(seats.creditOf(mentor, coin), net, "credit");
        vm.prank(mentor);
        seats.withdraw(coin, carol, net);
        vm.assertEq(Coin(coin).balanceOf(carol), net, "withdrawn");
    }

    function test_WhenACurrencyIsAllowedAgain_ItGetsANewIndex() public {
        _set(coin, true);
        _set(coin, false);
        vm.expectEmit(address(seats));
        emit ISeatPlatform.CurrencySet(coin, 2, true);
        _set(coin, true);
        vm.assertEq(seats.currencyIndexOf(coin), 2, "index");
    }

    function test_WhenACurrencyIsAllowedAgain_ItIsTheSameForOldAndNewDrops() public {
        _set(coin, true);
        DropId old = _createIn();
        _set(coin, false);
        _set(address(new PlainCoin()), true);
        _set(coin, true);
        vm.assertEq(_terms(old).currency, coin, "old drop");
        vm.assertEq(_terms(_createIn()).currency, coin, "new drop");
    }

    function test_WhenNothingIsAtTheAddress_ItRevertsWithTheAddress() public {
        _missing(alice);
        _missing(address(0));
    }

    function test_WhenItIsThisContract_ItRevertsWithTheAddress() public {
        _missing(address(seats));
    }

    function test_WhenItIsAllowedAlready_ItRevertsWithWhatItIs() public {
        _set(coin, true);
        _unchanged(coin, true);
    }

    function test_WhenItWasNotAllowed_ItRevertsWithWhatItIs() public {
        _unchanged(coin, false);
        _unchanged(address(0), false);
        _set(coin, true);
        _set(coin, false);
        _unchanged(coin, false);
    }

    /// @dev The index is one byte of a drop's rules; a 256th would be ETH.
    function test_GivenAllIndexesAreUsed_ItRevertsWithTheirNumber() public {
        for (uint256 i = 1; i <= 255; ++i) {
            if (i > 1) _set(coin, false);
            _set(coin, true);
        }
        vm.assertEq(seats.currencyIndexOf(coin), 255, "the last index");
        vm.assertEq(_terms(_createIn()).currency, coin, "currency");
        address another = address(new PlainCoin());
        vm.prank(platformOwner);
        vm.expectRevert(
            abi.encodeWithSelector(ISeatPlatform.Seats_CurrenciesExhausted.selector, 255)
        );
        seats.setCurrency(another, true);
        _set(coin, false);
    }

    function _set(address currency, bool allowed) private {
        vm.prank(platformOwner);
        seats.setCurrency(currency, allowed);
    }

    function _createIn() private returns (DropId) {
        Plan memory plan = _plan();
        plan.terms.currency = coin;
        return _create(plan);
    }

    function _terms(DropId id) private view returns (DropView memory terms) {
        (terms,,) = seats.termsOf(id);
    }

    function _allTerms(DropId id) private view returns (bytes memory) {
        (DropView memory terms, TierView[] memory tiers, PhaseView[] memory phases) =
            seats.termsOf(id);
        return abi.encode(terms, tiers, phases);
    }

    function _missing(address currency) private {
        vm.prank(platformOwner);
        vm.expectRevert(
            abi.encodeWithSelector(ISeatPlatform.Seats_CurrencyMissing.selector, currency)
        );
        seats.setCurrency(currency, true);
    }

    function _unchanged(address currency, bool allowed) private {
        vm.prank(platformOwner);
        vm.expectRevert(
            abi.encodeWithSelector(
                ISeatPlatform.Seats_CurrencyUnchanged.selector, currency, allowed
            )
        );
        seats.setCurrency(currency, allowed);
    }
}
