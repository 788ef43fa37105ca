// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MintRequest} from "../../../contracts/types/Terms.sol";
import {PRICE, Plan, Plans} from "../base/Plans.sol";
import {vm} from "../base/Vm.sol";
import {GasTest} from "./GasTest.sol";

/// @dev What each option of a drop costs whoever creates it and whoever mints from it: compare
/// with `create_drop` and `mint_one_new`.
contract OptionsGasTest is GasTest {
    using Plans for Plan;

    string private constant GROUP = "options";

    function test_CreateWithPayout() public {
        Plan memory plan = _plan();
        plan.terms.payout = carol;
        _create(plan);
        _measured(GROUP, "create_with_payout");
    }

    function test_CreateWithVerifier() public {
        Plan memory plan = _plan();
        plan.terms.verifier = carol;
        _create(plan);
        _measured(GROUP, "create_with_verifier");
    }

    function test_CreateWithSecondTierAndPhase() public {
        Plan memory plan = _plan().withTiers(2).withPhases(2);
        plan.phases[1].tier = 1;
        _create(plan);
        _measured(GROUP, "create_with_second_tier_and_phase");
    }

    function test_CreateWithReserve() public {
        Plan memory plan = _withReserve();
        _create(plan);
        _measured(GROUP, "create_with_second_phase_reserved");
    }

    function test_MintWithWalletLimit() public {
        Plan memory plan = _plan();
        plan.phases[0].walletLimit = 2;
        _begin(plan);
        _mintOwn(alice, 1);
        _measured(GROUP, "mint_with_wallet_limit");
    }

    function test_MintWithPhaseSupply() public {
        Plan memory plan = _plan();
        plan.phases[0].supply = 20;
        _begin(plan);
        _mintOwn(alice, 1);
        _measured(GROUP, "mint_with_phase_supply");
    }

    function test_MintBesideAReserve() public {
        _begin(_withReserve());
        _mintOwn(alice, 1);
        _measured(GROUP, "mint_beside_a_reserve");
    }

    function test_MintWithReferrer() public {
        MintRequest memory request = _request(alice, 1);
        request.referrer = carol;
        vm.prank(alice);
        seats.mint{value: PRICE}(request, "");
        _measured(GROUP, "mint_with_referrer");
    }

    function test_MintAsAPresent() public {
        _mint(bob);
        _measured(GROUP, "mint_for_another");
    }

    function _begin(Plan memory plan) private {
        drop = _create(plan);
        _mintOwn(dave, 1);
    }

    function _withReserve() private view returns (Plan memory plan) {
        plan = _plan().withPhases(2);
        plan.phases[1].reserved = true;
        plan.phases[1].supply = 10;
    }
}
