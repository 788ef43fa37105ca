"""Which JSON-RPC methods the suite sends, gathered from where they are declared.

Owns the union only. Refuses a list of its own: a case that declares a method it does not send
fails, and so does a raw test, so the count cannot drift from what runs.
"""

from __future__ import annotations

from tests.conformance import test_raw_errors, test_raw_shapes, test_raw_tools
from tests.conformance.cases import CASES


def exercised_by_raw_tests() -> frozenset[str]:
    """The methods in the `exercises` marks of the raw tests."""
    modules = (test_raw_errors, test_raw_shapes, test_raw_tools)
    functions = (each for module in modules for each in vars(module).values())
    marks = (mark for each in functions for mark in getattr(each, "pytestmark", ()))
    return frozenset(method for mark in marks if mark.name == "exercises" for method in mark.args)


METHODS = frozenset().union(*(case.methods for case in CASES), exercised_by_raw_tests())
