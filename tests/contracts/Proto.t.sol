// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;
import {vm} from "./base/Vm.sol";
import {Seats} from "../../contracts/Seats.sol";
import {ISeatRenderer} from "../../contracts/interfaces/ISeatRenderer.sol";
import "../../contracts/types/Terms.sol";
contract ProtoTest {
    Seats seats;
    uint256 key = 0xA11CE;
    address alice; address bob = address(0x2222222222222222222222222222222222222222); address mentor=address(0x1111111111111111111111111111111111111111);
    function terms() internal view returns (DropTerms memory t, TierTerms[] memory ti, PhaseTerms[] memory ph) {
        t = DropTerms(address(0), address(0x3333333333333333333333333333333333333333), address(0), address(0), TransferPolicy.MARKET_ONLY, Bps.wrap(1000), Bps.wrap(500), Bps.wrap(10000), 0, 1763000000+10 days, 1763000000+40 days, 1763000000+50 days, 1763000000+20 days, Bps.wrap(1000), 7, Bps.wrap(5000), keccak256("x"));
        ti = new TierTerms[](1); ti[0]=TierTerms(0.05 ether, 30);
        ph = new PhaseTerms[](1); ph[0]=PhaseTerms(0, Gate.PUBLIC, false, 0.05 ether, 1763000000, 1763000000+9 days, 0, 0, 0);
    }
    function setUp() public {
        vm.warp(1763000000); alice = vm.addr(key);
        seats = new Seats(address(this), address(0x7777), 250, ISeatRenderer(address(0)));
        vm.deal(alice, 10 ether); vm.deal(bob, 10 ether); vm.deal(mentor, 1 ether);
        create();
    }
    function create() internal { (DropTerms memory t, TierTerms[] memory ti, PhaseTerms[] memory ph) = terms(); vm.prank(mentor); seats.createDrop(t, ti, ph); }
    function mint(address who, uint24 q) internal { vm.prank(who); seats.mint{value: 0.05 ether*uint256(q)}(MintRequest(DropId.wrap(1), 0, q, who, 0.05 ether*uint256(q), address(0)), ""); }
    function listing(uint256 id, uint256 epoch) internal view returns (Listing memory l, bytes memory sig) {
        l = Listing(alice, SeatId.wrap(id), 0.04 ether, epoch, 0, 0, block.timestamp + 7 days, address(0));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, seats.digestOf(l)); sig = abi.encodePacked(r, s, v);
    }
    function test_create() public { create(); vm.snapshotGasLastCall("p","create"); }
    function test_mint() public {
        mint(bob, 1);
        mint(alice, 1); vm.snapshotGasLastCall("p","mint_new");
        mint(alice, 1); vm.snapshotGasLastCall("p","mint_existing");
    }
    function test_m5() public { vm.deal(address(0x5555555555555555555555555555555555555555), 1 ether); mint(bob,1); mint(address(0x5555555555555555555555555555555555555555), 5);vm.snapshotGasLastCall("p","mint_five"); }
    function test_buy() public {
        mint(alice, 2);
        (Listing memory l, bytes memory sig) = listing(1000001, 0);
        vm.prank(bob); seats.buy{value: 0.04 ether}(l, sig); vm.snapshotGasLastCall("p","buy_first");
        uint256 toll = 0.0025 ether;
        vm.prank(bob); seats.transferFrom{value: toll}(bob, alice, 1000001); vm.snapshotGasLastCall("p","gift_toll_back");
        (l, sig) = listing(1000001, 2);
        vm.prank(bob); seats.buy{value: 0.04 ether}(l, sig); vm.snapshotGasLastCall("p","buy_warm");
        (l, sig) = listing(1000002, 0);
        vm.prank(alice); seats.list(l); vm.snapshotGasLastCall("p","list");
        vm.prank(bob); seats.buy{value: 0.04 ether}(l, ""); vm.snapshotGasLastCall("p","buy_stored");
        vm.prank(bob); seats.bumpCounter(); vm.snapshotGasLastCall("p","bump");
    }
}
