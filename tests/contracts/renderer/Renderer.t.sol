// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Base64} from "solady/utils/Base64.sol";

import {ISeatRenderer} from "../../../contracts/interfaces/ISeatRenderer.sol";
import {SeatId} from "../../../contracts/types/SeatId.sol";
import {CHECKED_IN} from "../../../contracts/types/SeatWord.sol";
import {DropState} from "../../../contracts/types/Terms.sol";
import {NOW} from "../base/Plans.sol";
import {SeatsTest} from "../base/SeatsTest.sol";
import {Storage} from "../base/Storage.sol";
import {vm} from "../base/Vm.sol";

/// @dev Foundry's own parser reads the metadata: what is no JSON fails there.
contract RendererTest is SeatsTest {
    SeatId internal seat;

    function setUp() public override {
        super.setUp();
        seat = _mint(alice);
    }

    function test_ItNamesTheSeatAndItsPage() public view {
        string memory json = renderer.metadataOf(seats, seat);
        vm.assertEq(_text(json, ".name"), "Seat 1, tier 0, drop 1", "name");
        vm.assertEq(
            _text(json, ".external_url"), "https://seats.example/seats/1000001", "external url"
        );
    }

    function test_ItGivesEachTraitAValue() public view {
        string memory json = renderer.metadataOf(seats, seat);
        _assertNumber(json, 0, "Drop", 1);
        _assertNumber(json, 1, "Tier", 0);
        _assertNumber(json, 2, "Seat", 1);
        vm.assertEq(_text(json, ".attributes[3].value"), "Live", "state");
        vm.assertEq(_text(json, ".attributes[4].value"), "yes", "movable");
        _assertNumber(json, 5, "Starts", NOW + 10 days);
    }

    function test_ItNamesEachState() public {
        string[9] memory names = [
            "Live",
            "Delivered, open to objections",
            "In dispute",
            "In dispute",
            "Decided",
            "Decided",
            "Settled",
            "Cancelled",
            "Failed"
        ];
        for (uint8 state = 1; state <= 9; ++state) {
            Storage.setState(seats, drop, DropState(state));
            string memory json = renderer.metadataOf(seats, seat);
            vm.assertEq(_text(json, ".attributes[3].value"), names[state - 1], "state");
        }
    }

    function test_GivenALockedSeat_ItSaysThatItDoesNotMove() public {
        Storage.setFlags(seats, seat, CHECKED_IN);
        string memory json = renderer.metadataOf(seats, seat);
        vm.assertEq(_text(json, ".attributes[4].value"), "no", "movable");
    }

    function test_GivenADropThatKeepsItsSeats_ItSaysThatTheyDoNotMove() public {
        string[9] memory movable = ["yes", "yes", "yes", "no", "yes", "no", "yes", "no", "no"];
        for (uint8 state = 1; state <= 9; ++state) {
            Storage.setState(seats, drop, DropState(state));
            string memory json = renderer.metadataOf(seats, seat);
            vm.assertEq(_text(json, ".attributes[4].value"), movable[state - 1], "movable");
        }
        Storage.setState(seats, drop, DropState.LIVE);
        vm.warp(NOW + 45 days + 1);
        string memory overdue = renderer.metadataOf(seats, seat);
        vm.assertEq(_text(overdue, ".attributes[4].value"), "no", "overdue");
    }

    function test_ItServesTheMetadataAsADataAddress() public view {
        string memory expected = string.concat(
            "data:application/json;base64,", Base64.encode(bytes(renderer.metadataOf(seats, seat)))
        );
        vm.assertEq(seats.tokenURI(SeatId.unwrap(seat)), expected, "token address");
        vm.assertEq(renderer.tokenURI(seats, seat), expected, "the renderer's own answer");
    }

    function test_ItPutsTheImageInside() public view {
        string memory expected = string.concat(
            "data:image/svg+xml;base64,", Base64.encode(bytes(renderer.imageOf(seats, seat)))
        );
        vm.assertEq(_text(renderer.metadataOf(seats, seat), ".image"), expected, "image");
    }

    function test_ItDescribesTheCollection() public view {
        string memory expected = renderer.contractURI();
        vm.assertEq(seats.contractURI(), expected, "contract address");
        string memory json = string(Base64.decode(_after(expected, 29)));
        vm.assertEq(_text(json, ".name"), "Seatmarket", "name");
        vm.assertEq(_text(json, ".external_link"), BASE_ADDRESS, "link");
    }

    function test_WhenTheBaseAddressIsMissing_ItReverts() public {
        vm.expectRevert(ISeatRenderer.SeatRenderer_BaseAddressMissing.selector);
        this.deployRenderer("");
    }

    function test_WhenTheBaseAddressHasQuotes_ItStillWritesJson() public {
        ISeatRenderer quoting = this.deployRenderer('https://x/"},"name":"\\');
        string memory json = quoting.metadataOf(seats, seat);
        vm.assertEq(
            _text(json, ".external_url"), 'https://x/"},"name":"\\/seats/1000001', "external url"
        );
    }

    function deployRenderer(string calldata baseAddress) external returns (ISeatRenderer) {
        return
            ISeatRenderer(vm.deployCode("SeatRenderer.sol:SeatRenderer", abi.encode(baseAddress)));
    }

    function _text(string memory json, string memory key) private pure returns (string memory) {
        return vm.parseJsonString(json, key);
    }

    function _assertNumber(string memory json, uint256 place, string memory trait, uint256 value)
        private
        pure
    {
        string memory key = string.concat(".attributes[", string(abi.encodePacked(_digit(place))));
        vm.assertEq(_text(json, string.concat(key, "].trait_type")), trait, "trait");
        vm.assertEq(vm.parseJsonUint(json, string.concat(key, "].value")), value, trait);
    }

    function _digit(uint256 number) private pure returns (bytes1) {
        return bytes1(uint8(48 + number));
    }

    function _after(string memory text, uint256 start) private pure returns (string memory) {
        bytes memory part = new bytes(bytes(text).length - start);
        for (uint256 i; i < part.length; ++i) {
            part[i] = bytes(text)[start + i];
        }
        return string(part);
    }
}
