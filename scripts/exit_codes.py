"""Owns the one table from an error's code to the exit code of `seats`.

| exit | meaning | what helps |
|---|---|---|
| 0 | done | |
| 1 | a defect of this program, with its traceback | a report |
| 2 | what was typed or the file it names cannot be used | mend it |
| 3 | a rule of the market or its contract forbids it, nothing was done | ask for something else |
| 4 | no answer from the chain, the API or a database, or not the one that was needed | try again |
| 5 | the port cannot be had | another `--port` |
| 6 | chain, API, database or installation is not what was expected | check address and version |
| 130 | interrupted | |

Refuses errors that are not of the one hierarchy: those are defects and keep their traceback.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from marketplace.domain.errors import SeatmarketError
from marketplace.launch.faults import LaunchFileError

if TYPE_CHECKING:
    from collections.abc import Mapping

INPUT: Final = 2
RULE: Final = 3
UNAVAILABLE: Final = 4
PORT: Final = 5
UNEXPECTED: Final = 6
INTERRUPTED: Final = 130

EXIT_CODES: Final[Mapping[str, int]] = {
    LaunchFileError.code: INPUT,
    "invalid_address": INPUT,
    "node_address_invalid": INPUT,
    "key_unusable": INPUT,
    "file_exists": INPUT,
    "folder_unusable": INPUT,
    "open_key": INPUT,
    "api_address_invalid": INPUT,
    "file_unusable": INPUT,
    "receipt_malformed": INPUT,
    "storage_unsupported": INPUT,
    "port_taken": PORT,
    "address_taken": PORT,
    "wrong_chain": UNEXPECTED,
    "wrong_node": UNEXPECTED,
    "chain_differs": UNEXPECTED,
    "node_unfit": UNEXPECTED,
    "contract_missing": UNEXPECTED,
    "clock_wrong": UNEXPECTED,
    "configuration_differs": UNEXPECTED,
    "artifact_unusable": UNEXPECTED,
    "code_missing": UNEXPECTED,
    "code_differs": UNEXPECTED,
    "deployment_proxy_missing": UNEXPECTED,
    "rule_violated": RULE,
    "contract_reverted": RULE,
    "chain_unavailable": UNAVAILABLE,
    "block_not_mirrored": UNAVAILABLE,
    "api_unavailable": UNAVAILABLE,
    "recording_cut": UNAVAILABLE,
    "storage_unreachable": UNAVAILABLE,
    "storage_locked": UNAVAILABLE,
    "storage": UNEXPECTED,
    "api_failed": UNEXPECTED,
    "answer_unexpected": UNEXPECTED,
    "prepared_otherwise": UNEXPECTED,
    "mirror_inconsistent": UNEXPECTED,
}


def exit_code(error: SeatmarketError) -> int:
    """The exit code of the nearest class of the error that the table names."""
    for cls in type(error).__mro__:
        if issubclass(cls, SeatmarketError) and cls.code in EXIT_CODES:
            return EXIT_CODES[cls.code]
    raise error
