// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DropId} from "../../../contracts/types/DropId.sol";
import {SeatId} from "../../../contracts/types/SeatId.sol";
import {Gate, MintRequest} from "../../../contracts/types/Terms.sol";
import {PRICE, Plan} from "../base/Plans.sol";
import {Pass, TypedData} from "../base/TypedData.sol";
import {vm} from "../base/Vm.sol";
import {PlainCoin} from "../hostile/Currencies.sol";
import {GasTest} from "./GasTest.sol";

/// @dev What gates and currencies cost whoever creates a drop and whoever mints from it: compare
/// with `create_drop` and `mint_one_new`. Every measured phase has sold a seat to dave before.
contract GatesGasTest is GasTest {
    string private constant GROUP = "options";
    /// @dev As long as a proof from a list of 256 accounts.
    uint256 private constant PROOF_HASHES = 8;

    function test_CreateWithAllowlist() public {
        _create(_gated(Gate.ALLOWLIST, keccak256("root")));
        _measured(GROUP, "create_with_allowlist");
    }

    function test_CreateWithPasses() public {
        _create(_gated(Gate.PASS, bytes32(uint256(uint160(carol)))));
        _measured(GROUP, "create_with_passes");
    }

    function test_CreateForHolders() public {
        _create(_gated(Gate.SEAT, bytes32(DropId.unwrap(drop))));
        _measured(GROUP, "create_for_holders");
    }

    function test_CreateInACurrency() public {
        PlainCoin coin = new PlainCoin();
        _createIn(address(coin));
        _measured(GROUP, "create_in_erc20");
    }

    function test_MintBehindAnAllowlist() public {
        (bytes32 root, bytes memory daves, bytes memory alices) = _listOf(dave, alice);
        drop = _create(_gated(Gate.ALLOWLIST, root));
        _mintWith(dave, daves);
        _mintWith(alice, alices);
        _measured(GROUP, "mint_with_allowlist");
    }

    function test_MintWithAPass() public {
        drop = _create(_gated(Gate.PASS, bytes32(uint256(uint160(carol)))));
        _mintWith(dave, _pass(dave, 1));
        _mintWith(alice, _pass(alice, 2));
        _measured(GROUP, "mint_with_pass");
    }

    function test_MintWithASeat() public {
        Plan memory plan = _gated(Gate.SEAT, bytes32(DropId.unwrap(drop)));
        SeatId daves = _mint(dave);
        SeatId alices = _mint(alice);
        vm.warp(block.timestamp + 21 days);
        plan.terms.startsAt = block.timestamp + 1 days;
        plan.phases[0].closes = block.timestamp + 1 days;
        drop = _create(plan);
        _mintWith(dave, abi.encode(daves));
        _mintWith(alice, abi.encode(alices));
        _measured(GROUP, "mint_with_seat");
    }

    function test_MintInACurrency() public {
        PlainCoin coin = new PlainCoin();
        drop = _createIn(address(coin));
        _fund(address(coin), dave, PRICE);
        _fund(address(coin), alice, 2 * PRICE);
        vm.prank(dave);
        seats.mint(_request(dave, 1), "");
        vm.prank(alice);
        seats.mint(_request(alice, 1), "");
        _measured(GROUP, "mint_in_erc20");
    }

    function test_MintFromTwoDrops() public {
        DropId other = _create(_plan());
        _mintIn(other, dave);
        MintRequest[] memory requests = new MintRequest[](2);
        requests[0] = _requestFor(drop, PRICE);
        requests[1] = _requestFor(other, PRICE);
        vm.prank(alice);
        seats.mintMany{value: 2 * PRICE}(requests, new bytes[](2));
        _measured(GROUP, "mint_from_two_drops");
    }

    function _gated(Gate gate, bytes32 data) private view returns (Plan memory plan) {
        plan = _plan();
        plan.phases[0].gate = gate;
        plan.phases[0].gateData = data;
    }

    function _mintWith(address account, bytes memory authorisation) private {
        vm.prank(account);
        seats.mint{value: PRICE}(_request(account, 1), authorisation);
    }

    function _pass(address account, uint256 nonce) private view returns (bytes memory) {
        uint256 expiry = block.timestamp + 1 days;
        Pass memory pass = Pass(drop, 0, account, 1, nonce, expiry);
        bytes32 digest = TypedData.digest(address(seats), TypedData.hashOf(pass));
        return abi.encodePacked(abi.encode(1, nonce, expiry), _signDigest("carol", digest));
    }

    /// @dev A tree in which two accounts are neighbours, and everybody else a hash on the way up.
    function _listOf(address one, address two)
        private
        pure
        returns (bytes32 root, bytes memory proofOfOne, bytes memory proofOfTwo)
    {
        bytes32 leaf = _leaf(one);
        bytes32 neighbour = _leaf(two);
        proofOfOne = abi.encodePacked(neighbour);
        proofOfTwo = abi.encodePacked(leaf);
        root = _parent(leaf, neighbour);
        for (uint256 i = 1; i < PROOF_HASHES; ++i) {
            bytes32 sibling = keccak256(abi.encode(i));
            proofOfOne = abi.encodePacked(proofOfOne, sibling);
            proofOfTwo = abi.encodePacked(proofOfTwo, sibling);
            root = _parent(root, sibling);
        }
    }

    function _leaf(address account) private pure returns (bytes32) {
        return keccak256(abi.encode(keccak256(abi.encode(0, account))));
    }

    function _parent(bytes32 a, bytes32 b) private pure returns (bytes32) {
        return a < b ? keccak256(abi.encode(a, b)) : keccak256(abi.encode(b, a));
    }
}
