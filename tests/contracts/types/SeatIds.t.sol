// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DropId} from "../../../contracts/types/DropId.sol";
import {MAX_NUMBER, SeatId, toSeatId} from "../../../contracts/types/SeatId.sol";
import {vm} from "../base/Vm.sol";

contract SeatIdsTest {
    function test_ItIsReadableByAPerson() public pure {
        SeatId seat = toSeatId(DropId.wrap(7), 2, 13);
        vm.assertEq(SeatId.unwrap(seat), 7_200_013, "id");
    }

    function testFuzz_ItComesApartAsItWasPutTogether(uint64 drop, uint8 tier, uint24 number)
        public
        pure
    {
        uint256 ofTier = tier % 10;
        uint256 inTier = number % MAX_NUMBER + 1;
        SeatId seat = toSeatId(DropId.wrap(drop), ofTier, inTier);
        vm.assertEq(DropId.unwrap(seat.dropOf()), drop, "drop");
        vm.assertEq(seat.tierOf(), ofTier, "tier");
        vm.assertEq(seat.numberOf(), inTier, "number");
    }

    function testFuzz_ItIsPutTogetherAsItCameApart(uint256 id) public pure {
        SeatId seat = SeatId.wrap(id);
        SeatId again = toSeatId(seat.dropOf(), seat.tierOf(), seat.numberOf());
        vm.assertTrue(again == seat, "id");
    }

    function testFuzz_ItNamesOneSeatOnly(uint64[2] memory drops, uint256[4] memory parts)
        public
        pure
    {
        SeatId one = toSeatId(DropId.wrap(drops[0]), parts[0] % 10, parts[1] % MAX_NUMBER + 1);
        SeatId two = toSeatId(DropId.wrap(drops[1]), parts[2] % 10, parts[3] % MAX_NUMBER + 1);
        bool same = drops[0] == drops[1] && parts[0] % 10 == parts[2] % 10
            && parts[1] % MAX_NUMBER == parts[3] % MAX_NUMBER;
        vm.assertEq(one == two, same, "equal");
    }
}
