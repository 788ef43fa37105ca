"""Rules for the whole suite: no test is skipped, and random tests can be repeated.

Refuses: fixtures. Those live beside the tests that use them.
"""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from collections.abc import Generator

# The same examples in every run: a commit is not judged by luck.
settings.register_profile("quick", derandomize=True, deadline=None, print_blob=True)
# New examples in every run, many more of them, from the seed in the report's header.
settings.register_profile(
    "deep",
    max_examples=2_000,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "quick")
settings.load_profile(PROFILE)


def pytest_configure() -> None:
    """Let Ctrl-C end what tests start, also where a shell in the background has it ignored."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_report_header(config: pytest.Config) -> str:
    """Say how to run the same random tests again."""
    seed = config.getoption("--hypothesis-seed")
    if seed is not None:
        return f"hypothesis: profile {PROFILE}, seed {seed} (again: --hypothesis-seed={seed})"
    if PROFILE == "quick":
        return "hypothesis: profile quick, seed derived from each test"
    return f"hypothesis: profile {PROFILE}, a new seed per test (fix it with --hypothesis-seed=N)"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what tests have recorded as `told`, whichever worker ran them."""
    told = [
        str(value)
        for reports in terminalreporter.stats.values()
        for report in reports
        if isinstance(report, pytest.TestReport) and report.when == "call"
        for name, value in report.user_properties
        if name == "told"
    ]
    if told:
        terminalreporter.section("told by tests")
        for line in told:
            terminalreporter.write_line(line)


def _refusal(what: str, reason: object) -> str:
    return f"{what} ({reason}). Tests of this project run or fail: repair it or delete it."


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skip, and an expected failure whether met or not, into a failure."""
    report = yield
    excuse = getattr(report, "wasxfail", None)
    if report.skipped or excuse is not None:
        vars(report).pop("wasxfail", None)
        report.outcome = "failed"
        report.longrepr = _refusal(f"{item.nodeid} was excused", excuse or report.longrepr)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Turn a file that skips itself into a failure."""
    report = yield
    if report.skipped:
        report.outcome = "failed"
        report.longrepr = _refusal(f"{report.nodeid} skipped itself", report.longrepr)
    return report
