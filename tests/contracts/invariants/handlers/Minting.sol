// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatDrops} from "../../../../contracts/interfaces/ISeatDrops.sol";
import {DropId} from "../../../../contracts/types/DropId.sol";
import {SeatId} from "../../../../contracts/types/SeatId.sol";
import {DropState, Gate, MintRequest, TransferPolicy} from "../../../../contracts/types/Terms.sol";
import {DropView, PhaseView} from "../../../../contracts/types/Views.sol";
import {Pass, TypedData} from "../../base/TypedData.sol";
import {vm} from "../../base/Vm.sol";
import {DropWish, SeatWish} from "../stores/Books.sol";
import {Creating} from "./Creating.sol";

/// @title Minting behind every gate, in bundles, and grants
abstract contract Minting is Creating {
    /// @dev The nonce of the next pass, and for each seat the phases that it has opened.
    uint256 private passes;
    mapping(SeatId seat => mapping(uint256 drop => bool)) private vouched;

    function mintPublic(uint256 seed, uint256 actorSeed, uint256 quantity)
        external
        acts("mintPublic")
    {
        address payer = _actor(actorSeed);
        (uint256 drop, uint256 phase) = _phaseFor(Gate.PUBLIC, seed, payer);
        _mint(drop, phase, payer, _actor(actorSeed >> 8), quantity % 3 + 1, "");
    }

    function mintListed(uint256 seed, uint256 actorSeed, uint256 quantity)
        external
        acts("mintListed")
    {
        address payer = actors[actorSeed % 2];
        (uint256 drop, uint256 phase) = _phaseFor(Gate.ALLOWLIST, seed, payer);
        bytes memory proof = abi.encode(_leaf(phase, actors[1 - actorSeed % 2]));
        _refuseOutsider(drop, phase, actors[2 + actorSeed % 3], proof);
        _mint(drop, phase, payer, _actor(actorSeed >> 8), quantity % 3 + 1, proof);
    }

    function mintByPass(uint256 seed, uint256 actorSeed, uint256 quantity)
        external
        acts("mintByPass")
    {
        address payer = _actor(actorSeed);
        (uint256 drop, uint256 phase) = _phaseFor(Gate.PASS, seed, payer);
        bytes memory pass = _pass(drop, phase, payer, 3);
        _mint(drop, phase, payer, _actor(actorSeed >> 8), quantity % 2 + 1, pass);
        if (BOOKS.quota(drop, phase, payer) == 0) return;
        uint256 value = _fund(payer, _currencyOf(drop), BOOKS.phaseOf(drop, phase).price);
        bytes memory data = _mintCall(drop, phase, payer, 1, pass);
        _refused(payer, value, data, ISeatDrops.SeatDrops_PassSpent.selector);
        REACHED.reach("pass used twice");
    }

    /// @dev One mint for each seat; a second one must be refused.
    function mintBySeat(uint256 seed, uint256 actorSeed) external acts("mintBySeat") {
        SeatId seat = _seatFor(SeatWish.VOUCHING, seed, address(0));
        address owner = _ownerOf(seat);
        bytes32 data = bytes32(_dropOf(seat));
        (uint256 drop, uint256 phase) = BOOKS.phaseFor(Gate.SEAT, data, seed, owner);
        if (drop == 0 || vouched[seat][drop]) {
            drop = _newDropFor(seed, _anyPolicy(seed), _dropOf(seat));
            phase = SEAT_PHASE;
        }
        bytes memory authorisation = abi.encode(seat);
        _mint(drop, phase, owner, _actor(actorSeed), 1, authorisation);
        vouched[seat][drop] = true;
        if (BOOKS.quota(drop, phase, owner) == 0) return;
        uint256 value = _fund(owner, _currencyOf(drop), BOOKS.phaseOf(drop, phase).price);
        bytes memory again = _mintCall(drop, phase, owner, 1, authorisation);
        _refused(owner, value, again, ISeatDrops.SeatDrops_SeatSpent.selector);
        REACHED.reach("seat used twice");
    }

    /// @dev Several mints of several drops and currencies for one payer.
    function mintMany(uint256 seed, uint256 actorSeed) external acts("mintMany") {
        address payer = _actor(actorSeed);
        uint256 count = 1 + _below(seed, "count", 3);
        MintRequest[] memory requests = new MintRequest[](count);
        bytes[] memory authorisations = new bytes[](count);
        SeatId[] memory first = new SeatId[](count);
        uint256 value;
        for (uint256 i; i < count; ++i) {
            uint256 own = _roll(seed, "mint", i);
            Gate gate = own % 2 == 0 ? Gate.PUBLIC : Gate.PASS;
            (uint256 drop, uint256 phase) = _phaseFor(gate, own, payer);
            if (gate == Gate.PASS) authorisations[i] = _pass(drop, phase, payer, 1);
            requests[i] = _request(drop, phase, _actor(own >> 8), 1);
            value += _fund(payer, _currencyOf(drop), requests[i].maxTotal);
            first[i] = _noteMint(requests[i], payer);
        }
        bytes memory answer =
            _send(payer, value, abi.encodeCall(SEATS.mintMany, (requests, authorisations)));
        vm.assertEq(answer, abi.encode(first), "the ids of a bundle");
    }

    function grant(uint256 seed, uint256 actorSeed, uint256 quantity) external acts("grant") {
        uint256 drop = _dropFor(DropWish.GRANTABLE, seed);
        uint256 tier = BOOKS.grantable(drop, seed % 2) == 0 ? 1 - seed % 2 : seed % 2;
        uint256 most = BOOKS.grantable(drop, tier);
        uint256 taken = quantity % 2 + 1 < most ? quantity % 2 + 1 : most;
        bytes memory tooMany =
            abi.encodeCall(SEATS.grant, (DropId.wrap(drop), tier, stranger, most + 1));
        _refused(mentor, 0, tooMany, ISeatDrops.SeatDrops_GrantTooLarge.selector);
        _grant(drop, tier, taken, _actor(actorSeed));
    }

    /// @dev Beyond cap, supply and what others hold back; in a drop that sells nothing any more.
    function mintTooMany(uint256 seed, uint256 quantity) external acts("mintTooMany") {
        uint256 drop = _dropFor(DropWish.ANY, seed);
        uint256 phase = seed % 2 == 0 ? PUBLIC_PHASE : DEAR_PHASE;
        DropView memory terms = BOOKS.dropOf(drop);
        PhaseView memory sales = BOOKS.phaseOf(drop, phase);
        bytes4 reason = ISeatDrops.SeatDrops_SoldOut.selector;
        if (block.timestamp > sales.closes) reason = ISeatDrops.SeatDrops_PhaseClosed.selector;
        if (BOOKS.isPaused(drop)) reason = ISeatDrops.SeatDrops_Paused.selector;
        if (terms.state != DropState.LIVE) reason = ISeatDrops.SeatDrops_NotLive.selector;
        uint256 wanted = BOOKS.left(drop, phase) + 1 + quantity % 3;
        uint256 value = _fund(stranger, terms.currency, wanted * sales.price);
        _refused(stranger, value, _mintCall(drop, phase, stranger, wanted, ""), reason);
    }

    /// @dev At most `quantity`, as far as the phase goes; the caller knows that it sells one.
    function _mint(
        uint256 drop,
        uint256 phase,
        address payer,
        address recipient,
        uint256 quantity,
        bytes memory authorisation
    ) internal returns (SeatId first) {
        uint256 most = BOOKS.quota(drop, phase, payer);
        MintRequest memory request =
            _request(drop, phase, recipient, quantity < most ? quantity : most);
        uint256 value = _fund(payer, _currencyOf(drop), request.maxTotal);
        bytes memory answer =
            _send(payer, value, abi.encodeCall(SEATS.mint, (request, authorisation)));
        first = _noteMint(request, payer);
        vm.assertEq(answer, abi.encode(first), "the id of a mint");
    }

    /// @dev A seat of the cheap tier of a new drop, or of the dear one.
    function _mintNew(uint256 seed, TransferPolicy policy, uint256 phase)
        internal
        returns (SeatId)
    {
        uint256 drop = _newDrop(seed, policy);
        return _mint(drop, phase, actors[0], _actor(seed >> 8), 1, "");
    }

    function _grant(uint256 drop, uint256 tier, uint256 quantity, address to) internal {
        bytes memory data = abi.encodeCall(SEATS.grant, (DropId.wrap(drop), tier, to, quantity));
        _refused(stranger, 0, data, ISeatDrops.SeatDrops_NotMentor.selector);
        SeatId first = BOOKS.noteGranted(drop, tier, quantity, to);
        vm.assertEq(_send(mentor, 0, data), abi.encode(first), "the id of a grant");
    }

    function _currencyOf(uint256 drop) internal view returns (address) {
        return BOOKS.currencyOf(drop);
    }

    /// @dev The proof of another account opens nothing.
    function _refuseOutsider(uint256 drop, uint256 phase, address outsider, bytes memory proof)
        private
    {
        uint256 value = _fund(outsider, _currencyOf(drop), BOOKS.phaseOf(drop, phase).price);
        bytes memory data = _mintCall(drop, phase, outsider, 1, proof);
        _refused(outsider, value, data, ISeatDrops.SeatDrops_NotAllowlisted.selector);
    }

    function _phaseFor(Gate gate, uint256 seed, address account)
        private
        returns (uint256 drop, uint256 phase)
    {
        (drop, phase) = BOOKS.phaseFor(gate, 0, seed, account);
        if (drop != 0) return (drop, phase);
        return (_newDrop(seed, _anyPolicy(seed)), uint256(gate));
    }

    function _noteMint(MintRequest memory request, address payer) private returns (SeatId) {
        uint256 drop = DropId.unwrap(request.drop);
        DropView memory terms = BOOKS.dropOf(drop);
        LEDGER.noteIn(terms.currency, request.maxTotal);
        LEDGER.noteKept(drop, request.maxTotal);
        REACHED.reach(_named(BOOKS.phaseOf(drop, request.phase).gate));
        REACHED.reach(_named(terms.policy));
        REACHED.reach(terms.currency == address(0) ? bytes32("paid in ETH") : bytes32("in ERC-20"));
        return BOOKS.noteMinted(drop, request.phase, request.quantity, payer, request.recipient);
    }

    function _request(uint256 drop, uint256 phase, address recipient, uint256 quantity)
        private
        view
        returns (MintRequest memory)
    {
        uint256 total = quantity * BOOKS.phaseOf(drop, phase).price;
        return MintRequest(DropId.wrap(drop), phase, recipient, quantity, total, address(0));
    }

    function _mintCall(
        uint256 drop,
        uint256 phase,
        address recipient,
        uint256 quantity,
        bytes memory authorisation
    ) internal view returns (bytes memory) {
        MintRequest memory request = _request(drop, phase, recipient, quantity);
        return abi.encodeCall(SEATS.mint, (request, authorisation));
    }

    function _pass(uint256 drop, uint256 phase, address account, uint256 quantity)
        private
        returns (bytes memory)
    {
        uint256 nonce = passes++;
        uint256 expiry = block.timestamp + 1 hours;
        Pass memory pass = Pass(DropId.wrap(drop), phase, account, quantity, nonce, expiry);
        bytes memory signature = _sign(passSigner, TypedData.hashOf(pass));
        return abi.encodePacked(abi.encode(quantity, nonce, expiry), signature);
    }

    function _named(Gate gate) private pure returns (bytes32) {
        if (gate == Gate.PUBLIC) return "gate public";
        if (gate == Gate.ALLOWLIST) return "gate allowlist";
        return gate == Gate.PASS ? bytes32("gate pass") : bytes32("gate seat");
    }

    function _named(TransferPolicy policy) private pure returns (bytes32) {
        if (policy == TransferPolicy.MARKET_ONLY) return "policy market only";
        return policy == TransferPolicy.OPEN ? bytes32("policy open") : bytes32("policy bound");
    }
}
