// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {vm} from "../base/Vm.sol";
import {InvariantWorld} from "./InvariantWorld.sol";

/// @dev One long walk through every action: an invariant over histories in which nothing happens
/// holds too easily. The counts are printed with `forge test -vv`.
contract ReachTest is InvariantWorld {
    uint256 private constant ROUNDS = 6;

    /// @dev An action of the handler and how many numbers it takes.
    struct Action {
        string name;
        uint256 arity;
    }

    Action[] private actions;
    string[] private marks;

    event log_named_uint(string key, uint256 val);

    function test_EveryActionIsReached() public {
        _listActions();
        uint256 seed = uint256(keccak256("reach"));
        for (uint256 i; i < ROUNDS * actions.length; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            // Each round calls every action once; the order changes from round to round.
            _step(actions[i * 29 % actions.length], seed);
            checks.checkStep();
        }
        checks.checkAll();
        for (uint256 i; i < actions.length; ++i) {
            _demand(actions[i].name);
        }
        _listMarks();
        for (uint256 i; i < marks.length; ++i) {
            _demand(marks[i]);
        }
        handler.finishAll();
        checks.checkAll();
        checks.checkEmptied();
    }

    function _step(Action memory action, uint256 seed) private {
        string memory types =
            ["uint256", "uint256,uint256", "uint256,uint256,uint256"][action.arity - 1];
        bytes4 selector = bytes4(keccak256(abi.encodePacked(action.name, "(", types, ")")));
        // What an action does not take is not read.
        bytes memory data = abi.encodePacked(selector, seed, seed >> 64, seed >> 128);
        (bool accepted, bytes memory answer) = address(handler).call(data);
        if (!accepted) {
            assembly ("memory-safe") {
                revert(add(answer, 0x20), mload(answer))
            }
        }
    }

    function _demand(string memory name) private {
        uint256 count = handler.REACHED().count(bytes32(bytes(name)));
        emit log_named_uint(name, count);
        vm.assertGt(count, 0, name);
    }

    function _listActions() private {
        _listCreating();
        _listMinting();
        _listMoving();
        _listTrading();
        _listOffering();
        _listSteering();
        _listDelivering();
        _listEarning();
    }

    function _listCreating() private {
        actions.push(Action("createDrop", 1));
        actions.push(Action("createDropRefused", 1));
    }

    function _listMinting() private {
        actions.push(Action("mintPublic", 3));
        actions.push(Action("mintListed", 3));
        actions.push(Action("mintByPass", 3));
        actions.push(Action("mintBySeat", 2));
        actions.push(Action("mintMany", 2));
        actions.push(Action("grant", 3));
        actions.push(Action("mintTooMany", 2));
    }

    function _listMoving() private {
        actions.push(Action("give", 2));
        actions.push(Action("giveRefused", 2));
        actions.push(Action("transferOpen", 2));
        actions.push(Action("transferByOperator", 2));
        actions.push(Action("moveByStranger", 1));
        actions.push(Action("moveStuck", 1));
    }

    function _listTrading() private {
        actions.push(Action("buySigned", 2));
        actions.push(Action("buyStored", 2));
        actions.push(Action("buyMany", 2));
        actions.push(Action("cancelListings", 1));
        actions.push(Action("bumpCounter", 1));
        actions.push(Action("expire", 1));
        actions.push(Action("transferAndBack", 1));
        actions.push(Action("buyDead", 1));
        actions.push(Action("sellRefused", 1));
        actions.push(Action("sellGranted", 1));
        actions.push(Action("sellOutOfBounds", 1));
    }

    function _listOffering() private {
        actions.push(Action("acceptSeatOffer", 2));
        actions.push(Action("acceptTierOffer", 2));
        actions.push(Action("cancelOffer", 2));
        actions.push(Action("bumpOffers", 2));
        actions.push(Action("expireOffers", 2));
        actions.push(Action("outliveOffer", 2));
        actions.push(Action("fillDeadOffer", 2));
        actions.push(Action("offerTooLate", 2));
    }

    function _listSteering() private {
        actions.push(Action("lowerCap", 1));
        actions.push(Action("setVerifier", 1));
        actions.push(Action("pause", 1));
        actions.push(Action("unpause", 1));
        actions.push(Action("postpone", 1));
        actions.push(Action("cancelDrop", 1));
        actions.push(Action("failDrop", 1));
        actions.push(Action("failTooEarly", 1));
        actions.push(Action("steerEnded", 1));
        actions.push(Action("setPlatform", 1));
        actions.push(Action("setCurrency", 1));
        actions.push(Action("setGuardian", 1));
    }

    function _listDelivering() private {
        actions.push(Action("checkIn", 1));
        actions.push(Action("checkInRefused", 1));
        actions.push(Action("refund", 1));
        actions.push(Action("refundRefused", 1));
        actions.push(Action("refundEnded", 1));
        actions.push(Action("assertDelivery", 1));
        actions.push(Action("assertRefused", 1));
        actions.push(Action("objectTo", 1));
        actions.push(Action("settle", 1));
        actions.push(Action("settleTooEarly", 1));
        actions.push(Action("resolve", 1));
        actions.push(Action("resolveByDefault", 1));
        actions.push(Action("decideUndisputed", 1));
        actions.push(Action("objectRefused", 1));
    }

    function _listEarning() private {
        actions.push(Action("claimByOwner", 1));
        actions.push(Action("claimByOther", 1));
        actions.push(Action("claimBurned", 1));
        actions.push(Action("claimTwice", 1));
        actions.push(Action("takeTooEarly", 1));
        actions.push(Action("collect", 1));
        actions.push(Action("withdraw", 2));
        actions.push(Action("withdrawTooMuch", 2));
        actions.push(Action("force", 2));
        actions.push(Action("wait", 1));
        actions.push(Action("finish", 1));
    }

    function _listMarks() private {
        marks.push("gate public");
        marks.push("gate allowlist");
        marks.push("gate pass");
        marks.push("gate seat");
        marks.push("pass used twice");
        marks.push("seat used twice");
        marks.push("policy market only");
        marks.push("policy open");
        marks.push("policy bound");
        marks.push("paid in ETH");
        marks.push("in ERC-20");
        marks.push("state live");
        marks.push("state asserted");
        marks.push("state disputed narrow");
        marks.push("state disputed wide");
        marks.push("state split narrow");
        marks.push("state split wide");
        marks.push("state settled");
        marks.push("state cancelled");
        marks.push("state failed");
        marks.push("stuck by policy");
        marks.push("stuck by check-in");
        marks.push("stuck by objection");
        marks.push("stuck by state");
        marks.push("stuck by time");
        marks.push("dead by a fill");
        marks.push("dead by cancelling");
        marks.push("dead by a bump");
        marks.push("dead by a move");
        marks.push("dead by postponement");
        marks.push("dead by time");
        marks.push("a seat offer died");
        marks.push("a tier offer died");
        marks.push("a dead tier offer tried");
        marks.push("an offer in wrapped ether");
        marks.push("an offer in ERC-20");
        marks.push("postponed twice");
        marks.push("checked in, no refund");
        marks.push("no refund");
    }
}
