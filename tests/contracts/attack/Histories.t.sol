// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatDelivery} from "../../../contracts/interfaces/ISeatDelivery.sol";
import {ISeatDrops} from "../../../contracts/interfaces/ISeatDrops.sol";
import {ISeatSteering} from "../../../contracts/interfaces/ISeatSteering.sol";
import {DropId} from "../../../contracts/types/DropId.sol";
import {SeatId, toSeatId} from "../../../contracts/types/SeatId.sol";
import {DropState, Listing, MintRequest} from "../../../contracts/types/Terms.sol";
import {DropView, PhaseView, RefundView, TierView} from "../../../contracts/types/Views.sol";
import {NOW, Plan, Plans} from "../base/Plans.sol";
import {SeatsTest} from "../base/SeatsTest.sol";
import {vm} from "../base/Vm.sol";

/// @dev Whole lives of two drops that share one purse, by a stream of random choices. Whatever is
/// refused is skipped; what must hold is checked after every step.
contract HistoriesTest is SeatsTest {
    uint256 private constant STEPS = 70;
    uint256 private constant MOST = 24;

    string[3] private names = ["alice", "bob", "carol"];
    DropId[2] private drops;
    uint256 private seed;
    uint256 private taken;

    function setUp() public override {
        super.setUp();
        drops[0] = _create(_odd(12, 0.05 ether - 3, 1234));
        drops[1] = _create(_odd(3, 1001, 10_000));
    }

    function _odd(uint256 cap, uint256 price, uint256 penalty)
        private
        view
        returns (Plan memory plan)
    {
        plan = Plans.withPhases(Plans.withTiers(Plans.ordinary(resolver), 2), 3);
        plan.terms.giftCooldown = 0;
        plan.terms.refundUntil = plan.terms.endsAt;
        plan.terms.penalty = penalty;
        plan.terms.royalty = 1999;
        plan.terms.defaultSplit = 3333;
        plan.tiers[0].cap = cap;
        plan.tiers[1].cap = cap + 2;
        plan.tiers[0].listPrice = price;
        plan.tiers[1].listPrice = price;
        for (uint256 i; i < 3; ++i) {
            plan.phases[i].price = price - i * 3;
            plan.phases[i].closes = plan.terms.endsAt;
        }
        plan.phases[1].tier = 1;
        plan.phases[1].supply = cap - 1;
        plan.phases[1].reserved = true;
        plan.phases[1].closes = NOW + 12 days;
        plan.phases[2].tier = 1;
    }

    /// @dev Half a second a run.
    /// forge-config: default.fuzz.runs = 32
    function testFuzz_WhenAnythingIsDoneInAnyOrder_ItOwesExactlyWhatItHolds(uint256 seed_) public {
        seed = seed_;
        for (uint256 i; i < STEPS; ++i) {
            _step();
            _check();
        }
        vm.assertGt(taken, 0, "something was done");
        _end();
    }

    function _step() private {
        DropId id = drops[_pick(2)];
        address who = _who();
        SeatId seat = toSeatId(id, _pick(2), 1 + _pick(9));
        uint256 action = _pick(20);
        if (action < 5) {
            _mintSome(id, who);
        } else if (action == 5) {
            _sell(seat);
        } else if (action == 6) {
            _sell(seat);
        } else if (action == 7) {
            _gift(seat, who);
        } else if (action == 8) {
            _try(_owner(seat), abi.encodeCall(ISeatDelivery.refund, (seat)));
        } else if (action == 9) {
            // Drops that end before anything is done are no history.
            if (taken != 0) _wait(id);
        } else if (action == 10) {
            _try(mentor, abi.encodeCall(ISeatSteering.grant, (id, _pick(2), who, 1 + _pick(2))));
        } else if (action == 11) {
            _steer(id);
        } else if (action == 12) {
            _try(mentor, abi.encodeCall(ISeatDelivery.assertDelivery, (id, bytes32(0))));
        } else if (action < 15) {
            _try(_owner(seat), abi.encodeCall(ISeatDelivery.objectTo, (seat)));
        } else if (action == 15) {
            _try(who, abi.encodeCall(ISeatDelivery.settle, (id)));
        } else if (action == 16) {
            _try(resolver, abi.encodeCall(ISeatDelivery.resolve, (id, _pick(10_001))));
            _try(who, abi.encodeCall(ISeatDelivery.resolveByDefault, (id)));
        } else if (action == 17) {
            _claim(seat, who);
        } else if (action == 18) {
            _try(who, abi.encodeCall(ISeatDelivery.collect, (seat)));
        } else {
            _withdraw(_pick(2) == 0 ? who : mentor);
        }
    }

    /// @dev Often to the very second of a boundary, or one past it.
    function _wait(DropId id) private {
        (DropView memory terms,,) = seats.termsOf(id);
        uint256 kind = _pick(4);
        uint256 to = block.timestamp + (kind == 0 ? _pick(4 days) : 8 days);
        if (kind == 1) to = terms.endsAt + _pick(2);
        if (kind == 2) to = terms.startsAt + _pick(2);
        if (kind == 3 && terms.disputedAt != 0) to = terms.disputedAt + 14 days + _pick(2);
        if (to > block.timestamp) vm.warp(to);
    }

    function _steer(DropId id) private {
        uint256 kind = _pick(8);
        if (kind == 0) _try(mentor, abi.encodeCall(ISeatSteering.cancelDrop, (id)));
        if (kind == 1) _try(mentor, abi.encodeCall(ISeatSteering.failDrop, (id)));
        if (kind > 1 && kind < 5) {
            _try(mentor, abi.encodeCall(ISeatSteering.lowerCap, (id, _pick(2), _pick(8))));
        }
        if (kind > 4) {
            uint256 start = block.timestamp + 7 days + _pick(9 days);
            _try(
                mentor,
                abi.encodeCall(
                    ISeatSteering.postpone, (id, start, start + 30 days, start + 40 days)
                )
            );
        }
    }

    function _mintSome(DropId id, address who) private {
        uint256 phase = _pick(3);
        (,, PhaseView[] memory phases) = seats.termsOf(id);
        uint256 quantity = 1 + _pick(3);
        uint256 due = phases[phase].price * quantity;
        vm.prank(who);
        (bool done,) = address(seats).call{value: due}(
            abi.encodeCall(
                ISeatDrops.mint, (MintRequest(id, phase, who, quantity, due, address(0)), "")
            )
        );
        if (done) ++taken;
    }

    function _sell(SeatId seat) private {
        address owner = _owner(seat);
        if (owner == address(0)) return;
        address buyer = _who();
        uint256 face = seats.seatOf(seat).face;
        Listing memory listing = _listing(seat, face - (face > 60 ? _pick(20) : 0));
        (DropView memory terms,,) = seats.termsOf(seat.dropOf());
        listing.termsVersion = terms.termsVersion;
        vm.prank(owner);
        (bool listed,) = address(seats).call(abi.encodeWithSelector(seats.list.selector, listing));
        if (!listed) return;
        vm.prank(buyer);
        (bool sold,) = address(seats).call{value: listing.price}(
            abi.encodeWithSelector(seats.buy.selector, listing, "")
        );
        if (sold) ++taken;
    }

    function _gift(SeatId seat, address to) private {
        address owner = _owner(seat);
        if (owner == address(0)) return;
        uint256 toll = seats.seatOf(seat).toll;
        vm.prank(owner);
        (bool done,) = address(seats).call{value: toll}(
            abi.encodeWithSignature(
                "transferFrom(address,address,uint256)", owner, to, SeatId.unwrap(seat)
            )
        );
        if (done) ++taken;
    }

    /// @dev A claim pays what was told.
    function _claim(SeatId seat, address who) private {
        (bool exists, bytes memory answer) =
            address(seats).staticcall(abi.encodeCall(ISeatDelivery.refundOf, (seat)));
        if (!exists) return;
        uint256 told = abi.decode(answer, (RefundView)).claimable;
        address owner = _owner(seat);
        if (owner == address(0) || told == 0) {
            _try(who, abi.encodeCall(ISeatDelivery.claim, (seat)));
            return;
        }
        uint256 before = owner.balance + seats.creditOf(owner, address(0));
        vm.prank(who);
        seats.claim(seat);
        vm.assertEq(owner.balance + seats.creditOf(owner, address(0)), before + told, "as told");
    }

    function _withdraw(address who) private {
        uint256 credit = seats.creditOf(who, address(0));
        if (credit == 0) return;
        vm.prank(who);
        seats.withdraw(address(0), who, credit);
    }

    function _check() private view {
        uint256 owed = seats.creditOf(mentor, address(0)) + seats.creditOf(treasury, address(0));
        for (uint256 i; i < 3; ++i) {
            owed += seats.creditOf(_named(i), address(0));
        }
        for (uint256 d; d < 2; ++d) {
            owed += seats.escrowOf(drops[d]) + _held(drops[d]);
            _checkSupply(drops[d]);
        }
        vm.assertEq(address(seats).balance, owed, "balance and debts");
    }

    function _checkSupply(DropId id) private view {
        (DropView memory terms, TierView[] memory tiers, PhaseView[] memory phases) =
            seats.termsOf(id);
        for (uint256 t; t < 2; ++t) {
            uint256 live;
            uint256 faces;
            uint256[3] memory sold;
            for (uint256 n = 1; n <= tiers[t].issued; ++n) {
                SeatId seat = toSeatId(id, t, n);
                if (_owner(seat) == address(0)) continue;
                ++live;
                faces += seats.seatOf(seat).face;
                if (!seats.seatOf(seat).granted) ++sold[seats.seatOf(seat).phase];
            }
            vm.assertEq(live, tiers[t].live, "live");
            vm.assertLe(live, tiers[t].cap, "cap");
            vm.assertEq(faces, tiers[t].escrowed, "faces");
            if (t == 1) vm.assertEq(sold[1], phases[1].sold, "sold");
            if (t == 1 && block.timestamp <= phases[1].closes) {
                vm.assertLe(live + phases[1].supply - phases[1].sold, tiers[1].cap, "reserve");
            }
        }
        if (terms.state == DropState.SETTLED) vm.assertEq(terms.owed, 0, "nothing owed");
    }

    function _held(DropId id) private view returns (uint256 held) {
        (, TierView[] memory tiers,) = seats.termsOf(id);
        for (uint256 t; t < 2; ++t) {
            for (uint256 n = 1; n <= tiers[t].issued; ++n) {
                held += seats.heldOf(toSeatId(id, t, n));
            }
        }
    }

    /// @dev Time alone ends everything, and all that is left is what rounding left.
    function _end() private {
        for (uint256 i; i < 5; ++i) {
            vm.warp(block.timestamp + 400 days);
            for (uint256 d; d < 2; ++d) {
                _try(alice, abi.encodeCall(ISeatSteering.failDrop, (drops[d])));
                _try(alice, abi.encodeCall(ISeatDelivery.settle, (drops[d])));
                _try(alice, abi.encodeCall(ISeatDelivery.resolveByDefault, (drops[d])));
            }
        }
        uint256 dust;
        for (uint256 d; d < 2; ++d) {
            (, TierView[] memory tiers,) = seats.termsOf(drops[d]);
            for (uint256 t; t < 2; ++t) {
                for (uint256 n = 1; n <= tiers[t].issued; ++n) {
                    SeatId seat = toSeatId(drops[d], t, n);
                    _try(alice, abi.encodeCall(ISeatDelivery.claim, (seat)));
                    _try(alice, abi.encodeCall(ISeatDelivery.collect, (seat)));
                    vm.assertEq(seats.heldOf(seat), 0, "K is paid out");
                    ++dust;
                }
            }
        }
        _check();
        _withdraw(mentor);
        _withdraw(treasury);
        for (uint256 i; i < 3; ++i) {
            _withdraw(_named(i));
        }
        vm.assertLe(address(seats).balance, dust, "only dust stays");
    }

    function _try(address who, bytes memory call_) private {
        if (who == address(0)) return;
        vm.prank(who);
        (bool done,) = address(seats).call(call_);
        if (done) ++taken;
    }

    function _owner(SeatId seat) private view returns (address) {
        (bool exists, bytes memory answer) = address(seats)
            .staticcall(abi.encodeWithSignature("ownerOf(uint256)", SeatId.unwrap(seat)));
        return exists ? abi.decode(answer, (address)) : address(0);
    }

    function _who() private returns (address) {
        return _named(_pick(3));
    }

    function _named(uint256 index) private view returns (address) {
        return index == 0 ? alice : index == 1 ? bob : carol;
    }

    function _pick(uint256 count) private returns (uint256) {
        seed = uint256(keccak256(abi.encode(seed)));
        return seed % count;
    }
}
