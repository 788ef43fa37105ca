// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Base64} from "solady/utils/Base64.sol";
import {LibString} from "solady/utils/LibString.sol";

import {ISeatRenderer} from "./interfaces/ISeatRenderer.sol";
import {ISeats} from "./interfaces/ISeats.sol";
import {DropId} from "./types/DropId.sol";
import {SeatId} from "./types/SeatId.sol";
import {DropState, letsSeatsMove} from "./types/Terms.sol";
import {DropView, SeatView} from "./types/Views.sol";

/// @title SeatRenderer
/// @notice Draws a seat from what the chain knows of it: numbers and states, never a name that
/// somebody typed, so there is nothing to inject.
contract SeatRenderer is ISeatRenderer {
    using LibString for uint256;

    string private _baseAddress;

    /// @param baseAddress where the market's pages live, without a slash at its end.
    constructor(string memory baseAddress) {
        if (bytes(baseAddress).length == 0) revert SeatRenderer_BaseAddressMissing();
        _baseAddress = LibString.escapeJSON(baseAddress);
    }

    /// @inheritdoc ISeatRenderer
    function tokenURI(ISeats seats, SeatId seat) external view returns (string memory) {
        return _dataAddress("application/json", metadataOf(seats, seat));
    }

    /// @inheritdoc ISeatRenderer
    function contractURI() external view returns (string memory) {
        return _dataAddress(
            "application/json",
            string.concat(
                '{"name":"Seatmarket","symbol":"SEAT","description":"Seats in mentors\' sessions and '
                "cohorts. Whoever holds the seat gets in; the money waits in escrow until the mentor "
                'has delivered.","external_link":"',
                _baseAddress,
                '"}'
            )
        );
    }

    /// @inheritdoc ISeatRenderer
    function metadataOf(ISeats seats, SeatId seat) public view returns (string memory) {
        SeatView memory details = seats.seatOf(seat);
        // slither-disable-next-line unused-return -- tiers and phases are not drawn
        (DropView memory drop,,) = seats.termsOf(details.drop);
        return string.concat(
            '{"name":"',
            _title(details),
            '","description":"Whoever holds this seat gets in. The money waits in escrow until the '
            'mentor has delivered; a resale pays the mentor a royalty.","external_url":"',
            _baseAddress,
            "/seats/",
            SeatId.unwrap(seat).toString(),
            '","image":"',
            _dataAddress("image/svg+xml", _image(details, drop)),
            '","attributes":[',
            _attributes(details, drop),
            "]}"
        );
    }

    /// @inheritdoc ISeatRenderer
    function imageOf(ISeats seats, SeatId seat) external view returns (string memory) {
        SeatView memory details = seats.seatOf(seat);
        // slither-disable-next-line unused-return -- tiers and phases are not drawn
        (DropView memory drop,,) = seats.termsOf(details.drop);
        return _image(details, drop);
    }

    function _attributes(SeatView memory details, DropView memory drop)
        private
        view
        returns (string memory)
    {
        return string.concat(
            _number("Drop", DropId.unwrap(details.drop)),
            _number(",", "Tier", details.tier),
            _number(",", "Seat", details.number),
            ',{"trait_type":"State","value":"',
            _stateName(drop.state),
            '"},{"trait_type":"Movable","value":"',
            _isMovable(details, drop) ? "yes" : "no",
            '"},{"trait_type":"Starts","display_type":"date","value":',
            drop.startsAt.toString(),
            "}"
        );
    }

    function _number(string memory trait, uint256 value) private pure returns (string memory) {
        return _number("", trait, value);
    }

    function _number(string memory before, string memory trait, uint256 value)
        private
        pure
        returns (string memory)
    {
        return string.concat(before, '{"trait_type":"', trait, '","value":', value.toString(), "}");
    }

    function _image(SeatView memory details, DropView memory drop)
        private
        view
        returns (string memory)
    {
        // The hue says the drop, so that seats of one drop look alike in a wallet's grid.
        string memory hue = (DropId.unwrap(details.drop) * 47 % 360).toString();
        return string.concat(
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400" role="img">' "<title>",
            _title(details),
            '</title><rect width="400" height="400" fill="hsl(',
            hue,
            ' 45% 16%)"/><rect x="24" y="24" width="352" height="352" rx="20" fill="none" '
            'stroke="hsl(',
            hue,
            ' 70% 65%)" stroke-width="3"/><g fill="#fff" font-family="system-ui,sans-serif">'
            '<text x="48" y="84" font-size="22">Drop ',
            DropId.unwrap(details.drop).toString(),
            '</text><text x="48" y="232" font-size="110" font-weight="700">',
            details.number.toString(),
            '</text><text x="48" y="296" font-size="26">Tier ',
            details.tier.toString(),
            '</text><text x="48" y="344" font-size="20" fill="hsl(',
            hue,
            ' 70% 75%)">',
            _stateName(drop.state),
            _isMovable(details, drop) ? "" : " - fixed to its owner",
            "</text></g></svg>"
        );
    }

    function _title(SeatView memory details) private pure returns (string memory) {
        return string.concat(
            "Seat ",
            details.number.toString(),
            ", tier ",
            details.tier.toString(),
            ", drop ",
            DropId.unwrap(details.drop).toString()
        );
    }

    function _isMovable(SeatView memory details, DropView memory drop) private view returns (bool) {
        bool overdue = drop.state == DropState.LIVE && block.timestamp > drop.deliverBy;
        return !details.locked && !overdue && letsSeatsMove(drop.state);
    }

    function _stateName(DropState state) private pure returns (string memory) {
        if (state == DropState.LIVE) return "Live";
        if (state == DropState.ASSERTED) return "Delivered, open to objections";
        if (state == DropState.DISPUTED_NARROW || state == DropState.DISPUTED_WIDE) {
            return "In dispute";
        }
        if (state == DropState.SPLIT_NARROW || state == DropState.SPLIT_WIDE) return "Decided";
        if (state == DropState.SETTLED) return "Settled";
        if (state == DropState.CANCELLED) return "Cancelled";
        return "Failed";
    }

    function _dataAddress(string memory mediaType, string memory content)
        private
        pure
        returns (string memory)
    {
        return string.concat("data:", mediaType, ";base64,", Base64.encode(bytes(content)));
    }
}
