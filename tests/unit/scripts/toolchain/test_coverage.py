from __future__ import annotations

from scripts.toolchain.coverage import FileCoverage, parse_lcov

REPORT = """TN:
SF:contracts/rooms/B.sol
DA:3,5
BRDA:5,0,0,0
LF:4
LH:2
BRF:3
BRH:1
end_of_record
TN:
SF:tests/contracts/A.t.sol
BRF:9
BRH:9
end_of_record
SF:contracts/A.sol
LF:1
LH:1
end_of_record
"""


def test_only_our_own_sources_are_reported_in_order() -> None:
    assert parse_lcov(REPORT, "contracts") == (
        FileCoverage("contracts/A.sol", 0, 0, 1, 1),
        FileCoverage("contracts/rooms/B.sol", 1, 3, 2, 4),
    )


def test_an_empty_report_has_no_sources() -> None:
    assert parse_lcov("", "contracts") == ()
