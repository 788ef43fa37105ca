// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {vm} from "../base/Vm.sol";
import {InvariantWorld} from "./InvariantWorld.sol";

/// @title What a long history must have come to
/// @dev The actions of the handler by name. Counts are printed with `forge test -vv`.
abstract contract Actions is InvariantWorld {
    /// @dev An action of the handler and how many numbers it takes.
    struct Action {
        string name;
        uint256 arity;
    }

    Action[] internal actions;

    event log_named_uint(string key, uint256 val);

    /// @dev Each action, gate, policy, currency and state.
    function _demandAll() internal {
        uint256 total;
        for (uint256 i; i < actions.length; ++i) {
            total += _demand(actions[i].name);
        }
        vm.assertEq(total, handler.REACHED().actions(), "an action that is not listed");
        _demand("gate public");
        _demand("gate allowlist");
        _demand("gate pass");
        _demand("gate seat");
        _demand("policy market only");
        _demand("policy open");
        _demand("policy bound");
        _demand("paid in ETH");
        _demand("in ERC-20");
        _demand("state live");
        _demand("state asserted");
        _demand("state disputed narrow");
        _demand("state disputed wide");
        _demand("state split narrow");
        _demand("state split wide");
        _demand("state settled");
        _demand("state cancelled");
        _demand("state failed");
    }

    function _demand(string memory name) internal returns (uint256 count) {
        count = handler.REACHED().count(bytes32(bytes(name)));
        emit log_named_uint(name, count);
        vm.assertGt(count, 0, name);
    }

    function _listActions() internal {
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
}
