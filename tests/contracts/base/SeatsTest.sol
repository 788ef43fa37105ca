// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeatRenderer} from "../../../contracts/interfaces/ISeatRenderer.sol";
import {DropId} from "../../../contracts/types/DropId.sol";
import {SeatId, toSeatId} from "../../../contracts/types/SeatId.sol";
import {Listing, MintRequest} from "../../../contracts/types/Terms.sol";
import {Coin} from "../hostile/Currencies.sol";
import {DeployedSeats} from "./DeployedSeats.sol";
import {NOW, PRICE, Plan, Plans} from "./Plans.sol";
import {vm} from "./Vm.sol";

/// @title What every test of Seats begins with
/// @dev One deployment, named accounts with money, and drop 1 by `mentor`. Accounts are made from
/// their names; `_keyOf` signs for them.
abstract contract SeatsTest {
    uint16 internal constant FEE = 250;
    string internal constant BASE_ADDRESS = "https://seats.example";

    DeployedSeats internal seats;
    ISeatRenderer internal renderer;
    address internal wrappedEther;

    address internal platformOwner = _account("platform owner");
    address internal treasury = _account("treasury");
    address internal mentor = _account("mentor");
    address internal resolver = _account("resolver");
    address internal alice = _account("alice");
    address internal bob = _account("bob");
    address internal carol = _account("carol");

    DropId internal drop;

    function setUp() public virtual {
        vm.warp(NOW);
        renderer =
            ISeatRenderer(vm.deployCode("SeatRenderer.sol:SeatRenderer", abi.encode(BASE_ADDRESS)));
        wrappedEther = vm.deployCode("WrappedEther.sol:WrappedEther", "");
        seats = _deploySeats();
        drop = _create(_plan());
        vm.deal(alice, 100 ether);
        vm.deal(bob, 100 ether);
        vm.deal(carol, 100 ether);
    }

    function _deploySeats() internal returns (DeployedSeats) {
        return DeployedSeats(
            payable(vm.deployCode(
                    "Seats.sol:Seats",
                    abi.encode(platformOwner, treasury, FEE, renderer, wrappedEther)
                ))
        );
    }

    function _plan() internal view virtual returns (Plan memory) {
        return Plans.ordinary(resolver);
    }

    function _create(Plan memory plan) internal returns (DropId) {
        vm.prank(mentor);
        return seats.createDrop(plan.terms, plan.tiers, plan.phases);
    }

    /// @dev The plan of this test, paid in `currency`, which the platform allows from here on.
    function _createIn(address currency) internal returns (DropId) {
        _allow(currency);
        Plan memory plan = _plan();
        plan.terms.currency = currency;
        return _create(plan);
    }

    function _allow(address currency) internal {
        vm.prank(platformOwner);
        seats.setCurrency(currency, true);
    }

    /// @dev Gives `account` so much of a currency of hostile/Currencies.sol, for Seats to take.
    function _fund(address currency, address account, uint256 amount) internal {
        Coin(currency).mint(account, amount);
        vm.prank(account);
        Coin(currency).approve(address(seats), amount);
    }

    function _request(address recipient, uint256 quantity)
        internal
        view
        returns (MintRequest memory)
    {
        return MintRequest({
            drop: drop,
            phase: 0,
            recipient: recipient,
            quantity: quantity,
            maxTotal: PRICE * quantity,
            referrer: address(0)
        });
    }

    /// @dev One seat of the first phase of `where`, which costs `price`, for alice.
    function _requestFor(DropId where, uint256 price) internal view returns (MintRequest memory) {
        return MintRequest(where, 0, alice, 1, price, address(0));
    }

    /// @dev Mints one seat of `drop` to `recipient`; alice pays, so that the recipient may be
    /// anything.
    function _mint(address recipient) internal returns (SeatId) {
        vm.prank(alice);
        return seats.mint{value: PRICE}(_request(recipient, 1), "");
    }

    function _mintIn(DropId where, address recipient) internal returns (SeatId) {
        MintRequest memory request = _requestFor(where, PRICE);
        request.recipient = recipient;
        vm.prank(alice);
        return seats.mint{value: PRICE}(request, "");
    }

    /// @dev A listing by the seat's owner that is alive at this moment.
    function _listing(SeatId seat, uint256 price) internal view returns (Listing memory) {
        address seller = seats.ownerOf(SeatId.unwrap(seat));
        return Listing({
            seat: seat,
            price: price,
            epoch: seats.seatOf(seat).epoch,
            seller: seller,
            counter: seats.counterOf(seller),
            termsVersion: 0,
            taker: address(0),
            expiry: block.timestamp + 7 days
        });
    }

    /// @dev The listing's 65-byte signature by the key of the account `name`.
    function _sign(string memory name, Listing memory listing)
        internal
        view
        returns (bytes memory)
    {
        return _signDigest(name, seats.digestOf(listing));
    }

    function _signDigest(string memory name, bytes32 digest) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(_keyOf(name), digest);
        return abi.encodePacked(r, s, v);
    }

    function _buy(address buyer, Listing memory listing, bytes memory signature) internal {
        vm.prank(buyer);
        seats.buy{value: listing.price}(listing, signature);
    }

    /// @dev As `_buy`, which must revert with exactly `expected`.
    function _buyRefused(
        address buyer,
        Listing memory listing,
        bytes memory signature,
        bytes memory expected
    ) internal {
        vm.prank(buyer);
        vm.expectRevert(expected);
        seats.buy{value: listing.price}(listing, signature);
    }

    function _seat(uint256 number) internal view returns (SeatId) {
        return toSeatId(drop, 0, number);
    }

    function _ownerOf(SeatId seat) internal view returns (address) {
        return seats.ownerOf(SeatId.unwrap(seat));
    }

    function _keyOf(string memory name) internal pure returns (uint256) {
        return uint256(keccak256(bytes(name)));
    }

    function _account(string memory name) internal returns (address account) {
        account = vm.addr(_keyOf(name));
        vm.label(account, name);
    }
}
