// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatRenderer} from "../../../contracts/interfaces/ISeatRenderer.sol";
import {NOW} from "../base/Plans.sol";
import {SeatsTest} from "../base/SeatsTest.sol";
import {vm} from "../base/Vm.sol";
import {BlockingCoin} from "../hostile/Currencies.sol";
import {RefusingReceiver} from "../hostile/EtherReceivers.sol";
import {Checks} from "./Checks.sol";
import {Handler} from "./handlers/Handler.sol";
import {Stage} from "./handlers/World.sol";

/// @title A world without a drop, and those who act in it
abstract contract InvariantWorld is SeatsTest {
    Handler internal handler;
    Checks internal checks;

    function setUp() public virtual override {
        vm.warp(NOW);
        renderer =
            ISeatRenderer(vm.deployCode("SeatRenderer.sol:SeatRenderer", abi.encode(BASE_ADDRESS)));
        wrappedEther = vm.deployCode("WrappedEther.sol:WrappedEther", "");
        seats = _deploySeats();
        Stage memory stage;
        stage.seats = seats;
        stage.wrappedEther = wrappedEther;
        stage.refusing = address(new RefusingReceiver());
        stage.coins = [new BlockingCoin(), new BlockingCoin()];
        handler = new Handler(stage);
        handler.prepare();
        checks = new Checks(seats, handler);
    }
}
