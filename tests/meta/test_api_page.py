from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

from api.catalogue.names import GateName, Policy, State
from api.catalogue.seat_bodies import OwnershipMembers
from api.gate.decision import UNKNOWING, Reason, Via
from api.gate.remedies import RemedyName
from api.keys.values import Scope
from api.limits.classes import RouteClass
from api.settings import ApiSettings
from tests.meta.repository import read

PAGE = read(Path("docs/api.md"))
NOT_SET = "\N{EN DASH}"
NEVER_OVER_HTTP = {"operators_stay_out"}
"""What operators are let in to is all that they can ask for."""


def section(title: str) -> str:
    return PAGE.partition(f"## {title}\n")[2].partition("\n## ")[0]


def rows(text: str) -> dict[str, str]:
    """The first column of tables, where it is one word of code, with the second."""
    return dict(re.findall(r"^\| `([\w:.-]+)`[^|]*\| (.+?) \|", text, re.MULTILINE))


def words(text: str) -> set[str]:
    return set(re.findall(r"`(\w+)`", text))


def as_told(default: object) -> str:
    if default is None or not str(default):
        return NOT_SET
    if isinstance(default, bool):
        return str(default).lower()
    return f"{default:,}" if isinstance(default, int | float) else f"`{default}`"


def test_every_setting_stands_in_the_page_with_its_default() -> None:
    wanted = {
        name: NOT_SET if field.is_required() else as_told(field.default)
        for name, field in ApiSettings.model_fields.items()
    }
    assert rows(section("Settings")) == wanted


def test_every_variable_that_the_page_names_is_a_setting() -> None:
    named = {name.lower() for name in re.findall(r"\bSEATS_API_(\w+)", PAGE)}
    assert named <= set(ApiSettings.model_fields)


def test_every_remedy_and_every_reason_stands_in_the_page() -> None:
    gate = section("May I?")
    remedies = gate.partition("| `remedy.name` |")[2].partition("\n\n")[0]
    assert set(rows(remedies)) == set(get_args(RemedyName))
    answered = re.search(r"^\| `allow`, `reason` \| (.+) \|$", gate, re.MULTILINE)
    behind = re.search(r"^Who has just minted .*$", gate, re.MULTILINE)
    assert answered is not None
    assert behind is not None
    told = words(answered[1])
    unknowing = {str(reason) for reason in UNKNOWING}
    assert told == {str(reason) for reason in Reason} - unknowing - NEVER_OVER_HTTP
    assert unknowing <= words(behind[0])
    by = re.search(r"^\| `via`, `seat` \| (.+) \|$", gate, re.MULTILINE)
    assert by is not None
    assert words(by[1]) == {str(via) for via in Via} - NEVER_OVER_HTTP


def test_every_word_for_a_number_of_the_contract_stands_in_the_page() -> None:
    told = {word: words(text) for word, text in rows(section("Catalogue")).items()}
    how = get_args(OwnershipMembers.model_fields["how"].annotation)
    wanted = {"state": State, "gate": GateName, "policy": Policy}
    assert {name: told[name] for name in (*wanted, "how")} == {
        name: set(get_args(kind)) for name, kind in wanted.items()
    } | {"how": set(how)}


def test_every_scope_and_every_class_of_limits_stands_in_the_page() -> None:
    assert set(rows(section("API keys"))) == set(Scope)
    assert set(rows(section("How often"))) == set(RouteClass)
