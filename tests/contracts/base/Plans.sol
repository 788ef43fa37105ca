// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {
    DropTerms,
    Gate,
    PhaseTerms,
    TierTerms,
    TransferPolicy
} from "../../../contracts/types/Terms.sol";

/// @dev What `createDrop` takes.
struct Plan {
    DropTerms terms;
    TierTerms[] tiers;
    PhaseTerms[] phases;
}

/// @dev The second at which every test begins.
uint256 constant NOW = 1_800_000_000;
/// @dev What one seat costs where a test does not say otherwise.
uint256 constant PRICE = 0.05 ether;
uint256 constant CAP = 30;
/// @dev 5% of PRICE.
uint256 constant TOLL = 0.0025 ether;
uint256 constant COOLDOWN = 7 days;

/// @title Drops as mentors create them
/// @dev Every term has a value that a real drop would have; tests change only what they are about.
library Plans {
    /// @dev One tier, one public phase that is open for nine days.
    function ordinary(address resolver) internal pure returns (Plan memory plan) {
        plan.terms = terms(resolver);
        plan.tiers = new TierTerms[](1);
        plan.tiers[0] = TierTerms({listPrice: PRICE, cap: CAP});
        plan.phases = new PhaseTerms[](1);
        plan.phases[0] = publicPhase(0);
    }

    function terms(address resolver) internal pure returns (DropTerms memory) {
        return DropTerms({
            payout: address(0),
            currency: address(0),
            policy: TransferPolicy.MARKET_ONLY,
            maxFee: 250,
            verifier: address(0),
            resolver: resolver,
            royalty: 1000,
            toll: 500,
            resaleCap: 10_000,
            giftCooldown: COOLDOWN,
            startsAt: NOW + 10 days,
            endsAt: NOW + 38 days,
            deliverBy: NOW + 45 days,
            refundUntil: NOW + 20 days,
            penalty: 1000,
            challengeDays: 7,
            defaultSplit: 5000,
            termsHash: keccak256("the terms as people read them")
        });
    }

    function publicPhase(uint256 tier) internal pure returns (PhaseTerms memory) {
        return PhaseTerms({
            tier: tier,
            gate: Gate.PUBLIC,
            reserved: false,
            price: PRICE,
            opens: NOW,
            closes: NOW + 9 days,
            supply: 0,
            walletLimit: 0,
            gateData: 0
        });
    }

    /// @dev The same drop with `count` public phases on its first tier.
    function withPhases(Plan memory plan, uint256 count) internal pure returns (Plan memory) {
        plan.phases = new PhaseTerms[](count);
        for (uint256 i; i < count; ++i) {
            plan.phases[i] = publicPhase(0);
        }
        return plan;
    }

    /// @dev The same drop with `count` equal tiers.
    function withTiers(Plan memory plan, uint256 count) internal pure returns (Plan memory) {
        plan.tiers = new TierTerms[](count);
        for (uint256 i; i < count; ++i) {
            plan.tiers[i] = TierTerms({listPrice: PRICE, cap: CAP});
        }
        return plan;
    }
}
