// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatDrops} from "../../../contracts/interfaces/ISeatDrops.sol";
import {DropId} from "../../../contracts/types/DropId.sol";
import {DropState, PhaseTerms, TransferPolicy} from "../../../contracts/types/Terms.sol";
import {DropView, PhaseView, TierView} from "../../../contracts/types/Views.sol";
import {NOW, PRICE, Plan, Plans} from "../base/Plans.sol";
import {SeatsTest} from "../base/SeatsTest.sol";
import {RecordedLog, vm} from "../base/Vm.sol";
import {PlainCoin} from "../hostile/Currencies.sol";

/// @dev Bounds of single terms are in CreateDropBounds.t.sol, gates in CreateDropGates.t.sol,
/// reserves in Reserves.t.sol.
contract CreateDropTest is SeatsTest {
    using Plans for Plan;

    function test_WhenEveryTermIsWithinItsBounds_ItGivesTheNextId() public {
        vm.assertEq(DropId.unwrap(drop), 1, "first drop");
        vm.assertEq(DropId.unwrap(_create(_plan())), 2, "second drop");
        vm.assertEq(seats.dropCount(), 2, "drop count");
    }

    function test_WhenEveryTermIsWithinItsBounds_ItStoresEachTerm() public {
        Plan memory plan = _plan();
        plan.terms.payout = carol;
        plan.terms.verifier = bob;
        (DropView memory stored,,) = seats.termsOf(_create(plan));
        vm.assertTrue(stored.state == DropState.LIVE, "state");
        vm.assertTrue(stored.policy == TransferPolicy.MARKET_ONLY, "policy");
        vm.assertEq(stored.mentor, mentor, "mentor");
        vm.assertEq(stored.payout, carol, "payout");
        vm.assertEq(stored.currency, address(0), "currency");
        vm.assertEq(stored.verifier, bob, "verifier");
        vm.assertEq(stored.resolver, resolver, "resolver");
        vm.assertEq(stored.termsVersion, 0, "terms version");
        vm.assertEq(stored.postponements, 0, "postponements");
        vm.assertEq(stored.royalty, 1000, "royalty");
        vm.assertEq(stored.toll, 500, "toll");
        vm.assertEq(stored.resaleCap, 10_000, "resale cap");
        vm.assertEq(stored.giftCooldown, 7 days, "gift cooldown");
        vm.assertEq(stored.startsAt, NOW + 10 days, "starts at");
        vm.assertEq(stored.endsAt, NOW + 38 days, "ends at");
        vm.assertEq(stored.deliverBy, NOW + 45 days, "deliver by");
        vm.assertEq(stored.firstDeliverBy, NOW + 45 days, "first deliver by");
        vm.assertEq(stored.refundUntil, NOW + 20 days, "refund until");
        vm.assertEq(stored.penalty, 1000, "penalty");
        vm.assertEq(stored.challengeDays, 7, "challenge days");
        vm.assertEq(stored.defaultSplit, 5000, "default split");
        vm.assertEq(stored.fee, FEE, "fee");
        vm.assertEq(stored.pausedUntil, 0, "paused until");
    }

    function test_WhenItHasTheMostTiersAndPhases_ItStoresEachOfThem() public {
        Plan memory plan = _plan().withTiers(10).withPhases(16);
        for (uint256 i; i < 10; ++i) {
            plan.tiers[i].listPrice = PRICE + i;
            plan.tiers[i].cap = 100 + i;
        }
        for (uint256 i; i < 16; ++i) {
            PhaseTerms memory phase = plan.phases[i];
            phase.tier = i % 10;
            phase.price = PRICE - i;
            phase.opens = NOW + i;
            phase.closes = NOW + 1 days + i;
            phase.supply = 20 + i;
            phase.walletLimit = 3 + i;
        }
        (, TierView[] memory tiers, PhaseView[] memory phases) = seats.termsOf(_create(plan));
        vm.assertEq(tiers.length, 10, "tiers");
        vm.assertEq(phases.length, 16, "phases");
        for (uint256 i; i < 10; ++i) {
            vm.assertEq(
                abi.encode(tiers[i]), abi.encode(TierView(PRICE + i, 100 + i, 0, 0, 0)), "tier"
            );
        }
        for (uint256 i; i < 16; ++i) {
            vm.assertEq(abi.encode(phases[i]), abi.encode(_viewOf(plan.phases[i])), "phase");
        }
    }

    function test_WhenNoPayoutIsNamed_ItIsTheMentor() public view {
        (DropView memory stored,,) = seats.termsOf(drop);
        vm.assertEq(stored.payout, mentor, "payout");
    }

    function test_WhenAPayoutIsNamed_ItIsPublished() public {
        Plan memory plan = _plan();
        plan.terms.payout = carol;
        vm.expectEmit(address(seats));
        emit ISeatDrops.PayoutSet(DropId.wrap(2), carol);
        _create(plan);
    }

    function test_WhenAVerifierIsNamed_ItIsPublished() public {
        Plan memory plan = _plan();
        plan.terms.verifier = bob;
        vm.expectEmit(address(seats));
        emit ISeatDrops.VerifierSet(DropId.wrap(2), bob);
        _create(plan);
    }

    function test_WhenEveryTermIsWithinItsBounds_ItPublishesWhatItStores() public {
        Plan memory plan = _plan().withTiers(2).withPhases(3);
        plan.phases[1].tier = 1;
        plan.phases[1].reserved = true;
        plan.phases[1].supply = 5;
        plan.phases[2].tier = 1;
        vm.recordLogs();
        DropId created = _create(plan);
        RecordedLog[] memory logs = vm.getRecordedLogs();
        vm.assertEq(logs.length, 1, "events");
        vm.assertEq(logs[0].topics.length, 3, "topics");
        vm.assertEq(logs[0].topics[0], ISeatDrops.DropCreated.selector, "event");
        vm.assertEq(logs[0].topics[1], bytes32(DropId.unwrap(created)), "drop");
        vm.assertEq(logs[0].topics[2], bytes32(uint256(uint160(mentor))), "mentor");
        (bytes32 termsHash, bytes32[] memory words) = abi.decode(logs[0].data, (bytes32, bytes32[]));
        vm.assertEq(termsHash, plan.terms.termsHash, "terms hash");
        vm.assertEq(abi.encode(termsHash, words), logs[0].data, "canonical encoding");
        _assertStored(created, words, 2, 3);
    }

    function test_WhenTheResolverIsNobody_ItReverts() public {
        Plan memory plan = _plan();
        plan.terms.resolver = address(0);
        // Somebody, because an empty payout is the same nobody.
        plan.terms.payout = carol;
        _refused(
            plan,
            abi.encodeWithSelector(ISeatDrops.SeatDrops_ResolverNotNeutral.selector, address(0))
        );
    }

    function test_WhenTheResolverIsTheMentor_ItRevertsWithTheResolver() public {
        Plan memory plan = _plan();
        plan.terms.resolver = mentor;
        _refused(
            plan, abi.encodeWithSelector(ISeatDrops.SeatDrops_ResolverNotNeutral.selector, mentor)
        );
    }

    function test_WhenTheResolverIsThePayout_ItRevertsWithTheResolver() public {
        Plan memory plan = _plan();
        plan.terms.payout = resolver;
        _refused(
            plan, abi.encodeWithSelector(ISeatDrops.SeatDrops_ResolverNotNeutral.selector, resolver)
        );
    }

    function test_WhenTheVerifierIsTheMentor_ItRevertsWithTheVerifier() public {
        Plan memory plan = _plan();
        plan.terms.verifier = mentor;
        _refused(
            plan, abi.encodeWithSelector(ISeatDrops.SeatDrops_VerifierIsMentor.selector, mentor)
        );
    }

    function test_WhenThePolicyIsOpen_ItStoresThePolicy() public {
        Plan memory plan = _plan();
        plan.terms.policy = TransferPolicy.OPEN;
        plan.terms.giftCooldown = 0;
        plan.terms.toll = 0;
        (DropView memory stored,,) = seats.termsOf(_create(plan));
        vm.assertTrue(stored.policy == TransferPolicy.OPEN, "policy");
    }

    function test_WhenThePolicyIsBound_ItStoresThePolicy() public {
        Plan memory plan = _plan();
        plan.terms.policy = TransferPolicy.BOUND;
        (DropView memory stored,,) = seats.termsOf(_create(plan));
        vm.assertTrue(stored.policy == TransferPolicy.BOUND, "policy");
    }

    function test_WhenTheCurrencyIsNotAllowed_ItRevertsWithTheCurrency() public {
        Plan memory plan = _plan();
        plan.terms.currency = carol;
        _refused(
            plan, abi.encodeWithSelector(ISeatDrops.SeatDrops_CurrencyNotAllowed.selector, carol)
        );
    }

    function test_WhenTheCurrencyIsAllowed_ItStoresTheCurrency() public {
        address coin = address(new PlainCoin());
        _allow(address(new PlainCoin()));
        (DropView memory stored,,) = seats.termsOf(_createIn(coin));
        vm.assertEq(stored.currency, coin, "currency");
    }

    /// @dev The second byte of the first word is the policy, the third the currency's index.
    function test_WhenTheCurrencyIsAllowed_ItPublishesItsIndex() public {
        address coin = address(new PlainCoin());
        _allow(address(new PlainCoin()));
        _allow(coin);
        Plan memory plan = _plan();
        plan.terms.currency = coin;
        vm.recordLogs();
        _create(plan);
        (, bytes32[] memory words) = abi.decode(vm.getRecordedLogs()[0].data, (bytes32, bytes32[]));
        vm.assertEq(uint8(uint256(words[0]) >> 16), 2, "index");
    }

    function test_WhenTheFeeIsAboveTheMentorsMaximum_ItRevertsWithBoth() public {
        Plan memory plan = _plan();
        plan.terms.maxFee = FEE - 1;
        _refused(
            plan, abi.encodeWithSelector(ISeatDrops.SeatDrops_FeeAboveMax.selector, FEE, FEE - 1)
        );
    }

    function test_GivenTheFeeRisesLater_ItKeepsTheFeeOfItsCreation() public {
        vm.prank(platformOwner);
        seats.setPlatform(treasury, 1000);
        (DropView memory before,,) = seats.termsOf(drop);
        vm.assertEq(before.fee, FEE, "old drop");
        Plan memory plan = _plan();
        plan.terms.maxFee = 1000;
        (DropView memory later,,) = seats.termsOf(_create(plan));
        vm.assertEq(later.fee, 1000, "new drop");
    }

    /// @dev Order: rules, schedule, arbitration, the tiers, the phases; places of the layout.
    function _assertStored(DropId id, bytes32[] memory words, uint256 tiers, uint256 phases)
        private
        view
    {
        vm.assertEq(words.length, 3 + tiers + phases, "number of words");
        uint256 base = uint256(keccak256(abi.encode(DropId.unwrap(id), uint256(7))));
        for (uint256 i; i < words.length; ++i) {
            uint256 place = i;
            if (i >= 3) place = 6 + i - 3;
            if (i >= 3 + tiers) place = 16 + 2 * (i - 3 - tiers);
            vm.assertEq(words[i], vm.load(address(seats), bytes32(base + place)), "word");
        }
    }

    function _viewOf(PhaseTerms memory phase) private pure returns (PhaseView memory) {
        return PhaseView({
            tier: phase.tier,
            gate: phase.gate,
            price: phase.price,
            opens: phase.opens,
            closes: phase.closes,
            supply: phase.supply,
            sold: 0,
            walletLimit: phase.walletLimit,
            reserves: 0,
            gateData: 0
        });
    }

    function _refused(Plan memory plan, bytes memory expected) private {
        vm.prank(mentor);
        vm.expectRevert(expected);
        seats.createDrop(plan.terms, plan.tiers, plan.phases);
    }
}
