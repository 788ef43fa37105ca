// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DelegationRegistry} from "../../../contracts/development/DelegationRegistry.sol";
import {vm} from "../base/Vm.sol";

contract DelegationRegistryTest {
    bytes32 private constant ATTEND = "attend";
    bytes32 private constant VIEW = "view";
    bytes32 private constant ALL = bytes32(0);
    uint256 private constant TOKEN = 7_200_013;

    DelegationRegistry private registry;
    address private owner = address(0xA11CE);
    address private friend = address(0xB0B);
    address private seats = address(0x5EA75);
    address private other = address(0x07E4);

    function setUp() public {
        registry =
            DelegationRegistry(vm.deployCode("DelegationRegistry.sol:DelegationRegistry", ""));
    }

    function test_WhenEverythingIsDelegated_ItPublishesTheDelegation() public {
        vm.expectEmit(address(registry));
        emit DelegationRegistry.DelegateAll(owner, friend, ATTEND, true);
        _all(ATTEND, true);
    }

    function test_WhenEverythingIsDelegated_ItHoldsForTheWalletAContractAndAToken() public {
        _all(ALL, true);
        vm.assertTrue(registry.checkDelegateForAll(friend, owner, ALL), "all");
        vm.assertTrue(registry.checkDelegateForContract(friend, owner, seats, ALL), "contract");
        vm.assertTrue(registry.checkDelegateForERC721(friend, owner, seats, TOKEN, ALL), "token");
        vm.assertFalse(registry.checkDelegateForAll(owner, friend, ALL), "the other way");
        vm.assertFalse(registry.checkDelegateForAll(other, owner, ALL), "another");
    }

    function test_WhenEverythingIsDelegated_ItGivesAWiderCheckAllThereIsOfAnAmount() public {
        _all(ALL, true);
        uint256 all = type(uint256).max;
        vm.assertEq(registry.checkDelegateForERC20(friend, owner, other, ALL), all, "coin");
        vm.assertEq(registry.checkDelegateForERC1155(friend, owner, other, 1, ALL), all, "token");
    }

    function test_WhenOneContractIsDelegated_ItPublishesTheDelegation() public {
        vm.expectEmit(address(registry));
        emit DelegationRegistry.DelegateContract(owner, friend, seats, ALL, true);
        _contract(ALL, true);
    }

    function test_WhenOneContractIsDelegated_ItHoldsForTheContractAndItsTokens() public {
        _contract(ALL, true);
        vm.assertTrue(registry.checkDelegateForContract(friend, owner, seats, ALL), "contract");
        vm.assertTrue(registry.checkDelegateForERC721(friend, owner, seats, TOKEN, ALL), "token");
        uint256 all = type(uint256).max;
        vm.assertEq(registry.checkDelegateForERC20(friend, owner, seats, ALL), all, "coin");
    }

    function test_WhenOneContractIsDelegated_ItHoldsForNothingElse() public {
        _contract(ALL, true);
        vm.assertFalse(registry.checkDelegateForAll(friend, owner, ALL), "all");
        vm.assertFalse(registry.checkDelegateForContract(friend, owner, other, ALL), "contract");
        vm.assertFalse(registry.checkDelegateForERC721(friend, owner, other, TOKEN, ALL), "token");
    }

    function test_WhenOneTokenIsDelegated_ItPublishesTheDelegation() public {
        vm.expectEmit(address(registry));
        emit DelegationRegistry.DelegateERC721(owner, friend, seats, TOKEN, VIEW, true);
        _token(VIEW, true);
    }

    function test_WhenOneTokenIsDelegated_ItHoldsForTheTokenAlone() public {
        _token(ALL, true);
        vm.assertTrue(registry.checkDelegateForERC721(friend, owner, seats, TOKEN, ALL), "token");
        vm.assertFalse(
            registry.checkDelegateForERC721(friend, owner, seats, TOKEN + 1, ALL), "next"
        );
        vm.assertFalse(registry.checkDelegateForERC721(friend, owner, other, TOKEN, ALL), "other");
        vm.assertFalse(registry.checkDelegateForContract(friend, owner, seats, ALL), "contract");
        vm.assertFalse(registry.checkDelegateForAll(friend, owner, ALL), "all");
    }

    function test_WhenOneTokenIsDelegated_ItAsksNobodyWhoOwnsTheToken() public {
        // The contract has no code: it could not even be asked.
        _token(ALL, true);
        vm.assertTrue(registry.checkDelegateForERC721(friend, owner, seats, TOKEN, ALL), "token");
    }

    function test_WhenAnAmountIsDelegated_ItPublishesTheAmountOfACoin() public {
        vm.expectEmit(address(registry));
        emit DelegationRegistry.DelegateERC20(owner, friend, other, VIEW, 5);
        vm.prank(owner);
        registry.delegateERC20(friend, other, VIEW, 5);
    }

    function test_WhenAnAmountIsDelegated_ItPublishesTheAmountOfAToken() public {
        vm.expectEmit(address(registry));
        emit DelegationRegistry.DelegateERC1155(owner, friend, other, 3, VIEW, 5);
        vm.prank(owner);
        registry.delegateERC1155(friend, other, 3, VIEW, 5);
    }

    function test_WhenAnAmountIsDelegated_ItAnswersWithTheAmount() public {
        vm.startPrank(owner);
        registry.delegateERC20(friend, other, ALL, 5);
        registry.delegateERC1155(friend, other, 3, ALL, 6);
        vm.stopPrank();
        vm.assertEq(registry.checkDelegateForERC20(friend, owner, other, ALL), 5, "coin");
        vm.assertEq(registry.checkDelegateForERC20(friend, owner, seats, ALL), 0, "another coin");
        vm.assertEq(registry.checkDelegateForERC1155(friend, owner, other, 3, ALL), 6, "token");
        vm.assertEq(registry.checkDelegateForERC1155(friend, owner, other, 4, ALL), 0, "next");
    }

    function test_WhenAnAmountIsDelegated_ItIsGoneWhenNothingIsDelegated() public {
        vm.startPrank(owner);
        registry.delegateERC20(friend, other, ALL, 5);
        registry.delegateERC20(friend, other, ALL, 0);
        vm.stopPrank();
        vm.assertEq(registry.checkDelegateForERC20(friend, owner, other, ALL), 0, "coin");
    }

    function test_WhenRightsAreNamed_ItHoldsForThoseRightsAlone() public {
        _all(ATTEND, true);
        vm.assertTrue(registry.checkDelegateForAll(friend, owner, ATTEND), "named");
        vm.assertFalse(registry.checkDelegateForAll(friend, owner, VIEW), "others");
        vm.assertFalse(registry.checkDelegateForAll(friend, owner, ALL), "all rights");
    }

    function test_WhenRightsAreNamed_ItAnswersWithTheLargerAmount() public {
        vm.startPrank(owner);
        registry.delegateERC20(friend, other, ALL, 5);
        registry.delegateERC20(friend, other, VIEW, 9);
        registry.delegateERC20(friend, other, ATTEND, 2);
        vm.stopPrank();
        vm.assertEq(registry.checkDelegateForERC20(friend, owner, other, VIEW), 9, "named");
        vm.assertEq(registry.checkDelegateForERC20(friend, owner, other, ATTEND), 5, "all");
    }

    function test_WhenRightsAreNamed_ItIsCoveredByADelegationOfAllRights() public {
        _token(ALL, true);
        vm.assertTrue(registry.checkDelegateForERC721(friend, owner, seats, TOKEN, VIEW), "token");
    }

    function test_WhenADelegationIsRevoked_ItPublishesTheEndAndHoldsNoMore() public {
        _contract(ALL, true);
        vm.expectEmit(address(registry));
        emit DelegationRegistry.DelegateContract(owner, friend, seats, ALL, false);
        _contract(ALL, false);
        vm.assertFalse(registry.checkDelegateForContract(friend, owner, seats, ALL), "contract");
    }

    function test_WhenADelegationIsRevoked_ItLeavesTheOthersAlone() public {
        _all(ALL, true);
        _contract(ALL, true);
        _token(VIEW, true);
        _all(ALL, false);
        vm.assertFalse(registry.checkDelegateForAll(friend, owner, ALL), "all");
        vm.assertTrue(registry.checkDelegateForContract(friend, owner, seats, ALL), "contract");
        _contract(ALL, false);
        vm.assertTrue(registry.checkDelegateForERC721(friend, owner, seats, TOKEN, VIEW), "token");
    }

    function test_WhenADelegationIsRevoked_ItCanBeEnabledAgain() public {
        _token(ALL, true);
        _token(ALL, false);
        _token(ALL, true);
        vm.assertTrue(registry.checkDelegateForERC721(friend, owner, seats, TOKEN, ALL), "token");
    }

    function test_WhenWhatWasNeverGivenIsRevoked_ItPublishesTheEndAllTheSame() public {
        vm.expectEmit(address(registry));
        emit DelegationRegistry.DelegateAll(owner, friend, ALL, false);
        _all(ALL, false);
        vm.assertFalse(registry.checkDelegateForAll(friend, owner, ALL), "all");
    }

    function _all(bytes32 rights, bool enable) private {
        vm.prank(owner);
        registry.delegateAll(friend, rights, enable);
    }

    function _contract(bytes32 rights, bool enable) private {
        vm.prank(owner);
        registry.delegateContract(friend, seats, rights, enable);
    }

    function _token(bytes32 rights, bool enable) private {
        vm.prank(owner);
        registry.delegateERC721(friend, seats, TOKEN, rights, enable);
    }
}
