"""`python -m tests.benchmarks.gas`: gas of whole transactions beside others', and our sizes.

Owns the goals, what peers have published, the table and the last line, one JSON object for
programs. The figures are those that forge measures in this run. Refuses the committed snapshots,
and to judge: `tests/meta/test_gas_goals.py` holds what is committed to the goals.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from scripts.toolchain.command import run, say
from scripts.toolchain.errors import ToolFailedError
from scripts.toolchain.gas import measure
from scripts.toolchain.project import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scripts.toolchain.gas import Figures

GOALS: Final[Mapping[str, int]] = {
    "mint_one_new": 83_000,
    "mint_one_existing": 66_000,
    "gift_new": 66_000,
    "buy_signed_warm": 93_000,
    "buy_signed_first_resale": 113_000,
    "list_stored": 52_000,
    "create_drop": 150_000,
}
"""The most gas that each transaction may use."""

PUBLISHED: Final[Mapping[str, str]] = {
    "mint_one_new": "SeaDrop public mint 105,398",
    "buy_signed_warm": "Seaport 1.6, one fee recipient 129,822; none 93,673",
    "list_stored": "Seaport 1.6 validate 62,817, after an approval of 46,000",
    "create_drop": "SeaDrop clone 260,135",
    "mint_with_allowlist": "SeaDrop 165,152; thirdweb DropERC721, five at once, 211,967",
    "mint_with_pass": "SeaDrop 153,153; thirdweb TokenERC721 283,724",
    "mint_with_seat": "SeaDrop 146,952",
}
"""What peers state of themselves; not measured here.

For gates: `TestSeaDropSnapshot` in `.gas-snapshot` of ProjectOpenSea/seadrop at 453812a, and
`gasreport.txt` of thirdweb-dev/contracts at 0894314 (`claim_five_tokens`,
`mintWithSignature_pay_with_native_token`). Both are gas of a test around one call, in which some
storage is warm and other work is counted: compare sizes, not digits.
"""

REPORTED: Final = (
    "mint_one_new",
    "mint_one_existing",
    "mint_five",
    "gift_new",
    "buy_signed_warm",
    "buy_signed_first_resale",
    "list_stored",
    "create_drop",
)
"""The members of the last line, in order, before `runtime_bytes`."""

_PEERS: Final = ("solady", "openzeppelin", "erc721a")
_HEADINGS: Final = (
    "whole transaction",
    "ours",
    "goal",
    "bare Solady",
    "OpenZeppelin",
    "ERC721A",
    "published",
)


@dataclass(frozen=True, slots=True)
class Measurement:
    """One run's figures: gas by transaction, gas by peer and transaction, bytes by contract."""

    operations: Mapping[str, int]
    options: Mapping[str, int]
    baselines: Mapping[str, int]
    sizes: Mapping[str, int]

    @classmethod
    def of(cls, figures: Figures) -> Measurement:
        """Read the groups that `tests/contracts/gas/` measures.

        Raises `ToolFailedError` when a group or a reported transaction was not measured.
        """
        groups = {
            name: {key: int(value) for key, value in figures.get(name, {}).items()}
            for name in ("operations", "options", "baselines", "sizes")
        }
        missing = [name for name, group in groups.items() if not group]
        missing += [name for name in REPORTED if name not in groups["operations"]]
        if missing:
            raise ToolFailedError(
                "forge test", f"The gas tests measured nothing for {', '.join(missing)}."
            )
        return cls(**groups)


def table(measurement: Measurement) -> str:
    """Lay out every transaction beside its goal, its peers and what is published."""
    own = [*REPORTED, *sorted(measurement.operations.keys() - set(REPORTED))]
    rows = [_row(name, measurement.operations[name], measurement) for name in own]
    rows += [_row(name, gas, measurement) for name, gas in sorted(measurement.options.items())]
    sizes = sorted(measurement.sizes.items(), key=lambda item: -item[1])
    return "\n".join(
        [
            *_aligned([_HEADINGS, *rows]),
            "",
            *_aligned([("contract", "bytes"), *((name, f"{size:,}") for name, size in sizes)]),
        ]
    )


def last_line(measurement: Measurement) -> str:
    """Give the figures as one JSON object; `runtime_bytes` is the largest contract's."""
    reported: dict[str, int] = {name: measurement.operations[name] for name in REPORTED}
    reported["runtime_bytes"] = max(measurement.sizes.values())
    return json.dumps(reported)


def main() -> int:
    """Measure, show the table and end with the JSON line; 1 when a gas test fails."""
    return run(_report)


def _report() -> int:
    measurement = Measurement.of(measure(REPOSITORY))
    say(table(measurement))
    say("")
    say(last_line(measurement))
    return 0


def _row(name: str, gas: int, measurement: Measurement) -> tuple[str, ...]:
    goal = GOALS.get(name)
    peers = (measurement.baselines.get(f"{peer}_{name}") for peer in _PEERS)
    return (
        name,
        f"{gas:,}",
        _judged(gas, goal),
        *(f"{peer:,}" if peer is not None else "" for peer in peers),
        PUBLISHED.get(name, ""),
    )


def _judged(gas: int, goal: int | None) -> str:
    if goal is None:
        return ""
    return f"{goal:,}" if gas <= goal else f"{goal:,} MISSED"


def _aligned(rows: Sequence[tuple[str, ...]]) -> list[str]:
    """Pad the columns: names and prose to the left, figures to the right."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    prose = {0, len(_HEADINGS) - 1}
    return [
        "  ".join(
            cell.ljust(width) if column in prose else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


if __name__ == "__main__":
    sys.exit(main())
