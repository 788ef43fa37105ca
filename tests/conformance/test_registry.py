"""The list of cases is one: no client forgets a case, none invents one, the docs name them all."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conformance.cases import BY_NAME, CASES
from tests.conformance.chains import PROFILES
from tests.conformance.methods import METHODS
from tests.conformance.node import implemented_cases
from tests.conformance.web3py.client import implemented_cases as implemented_in_web3py

README = Path(__file__).with_name("README.md").read_text()


def test_names_of_cases_are_unique() -> None:
    assert len(BY_NAME) == len(CASES)


@pytest.mark.parametrize("client", ["viem", "ethers"])
def test_javascript_client_implements_exactly_the_list(client: str) -> None:
    assert implemented_cases(client) == set(BY_NAME)


def test_web3py_implements_exactly_the_list() -> None:
    assert implemented_in_web3py() == set(BY_NAME)


def test_a_case_for_one_chain_names_a_chain_and_is_explained() -> None:
    bound = [case for case in CASES if case.only is not None]
    assert {case.only for case in bound} <= set(PROFILES)
    unexplained = [case.name for case in bound if f"`{case.name}`" not in README]
    assert not unexplained, "README.md must say why these cases belong to one chain"


def test_readme_lists_exactly_the_methods_that_the_suite_sends() -> None:
    section = README.split("## Methods")[1].split("\n## ")[0]
    listed = re.findall(r"`((?:eth|net|web3|personal|evm|anvil)_\w+)`", section)
    assert sorted(listed) == sorted(METHODS)
    assert f"{len(METHODS)} JSON-RPC methods" in section
