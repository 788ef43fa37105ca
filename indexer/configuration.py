"""From a file and the environment to the settings; the environment wins.

Owns the file's form (TOML, one key for each setting) and how wrong settings are named. Refuses a
key and a variable that is no setting: a misspelt one would silently be the default.
"""

from __future__ import annotations

import tomllib
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError

from indexer.settings import IndexerSettings
from marketplace.domain.errors import RuleViolated, typed_error

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

CONFIG_VARIABLE: Final = "SEATS_INDEXER_CONFIG"
_PREFIX: Final = "SEATS_INDEXER_"
_ELSEWHERE: Final = "docs/indexer.md lists what there is"


@typed_error
class SettingsUnfit(RuleViolated):
    """A setting is missing or cannot be used."""

    code = "settings_unfit"

    faults: str

    def _sentence(self) -> str:
        return f"The indexer's settings do not fit: {self.faults}."


@typed_error
class ConfigurationUnusable(RuleViolated):
    """The file of settings cannot be read."""

    code = "configuration_unusable"

    file: str
    fault: str

    def _sentence(self) -> str:
        return f"The configuration {self.file} cannot be used: {self.fault}."


def load_settings(file: Path | None, environment: Mapping[str, str]) -> IndexerSettings:
    """Read the settings.

    Args:
        file: TOML; None: the environment alone.
        environment: Of the process; `SEATS_INDEXER_<NAME>` goes before what the file says.

    Raises:
        ConfigurationUnusable: the file is not there, is no TOML, or has a key that is no setting.
        SettingsUnfit: a setting is missing or does not fit, or a variable is none.
    """
    told = {} if file is None else _read(file)
    named = {name.upper() for name in environment}
    kept = {name: value for name, value in told.items() if _variable(name) not in named}
    faults = _misspelt(named)
    try:
        settings = IndexerSettings(**kept)
    except ValidationError as error:
        # What is wrong may be a secret: it is not repeated, not even by the cause.
        raise SettingsUnfit("; ".join([*faults, *_faults(error, kept, file)])) from None
    if faults:
        raise SettingsUnfit("; ".join(faults))
    return settings


def _read(file: Path) -> dict[str, Any]:
    try:
        with file.open("rb") as opened:
            told = tomllib.load(opened)
    except OSError as error:
        fault = f"{error.strerror or type(error).__name__}; name a file that can be read"
        raise ConfigurationUnusable(str(file), fault) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationUnusable(str(file), f"it is not TOML: {error}") from error
    for name in told:
        if name not in IndexerSettings.model_fields:
            raise ConfigurationUnusable(str(file), _unknown(name))
    return told


def _misspelt(named: Collection[str]) -> list[str]:
    """What is wrong with those variables that are called as settings are, and are none."""
    known = {CONFIG_VARIABLE, *map(_variable, IndexerSettings.model_fields)}
    said = []
    for name in sorted(named):
        if name.startswith(_PREFIX) and name not in known:
            near = _nearest(name.removeprefix(_PREFIX).lower())
            meant = _ELSEWHERE if near is None else f"did you mean {_variable(near)}"
            said.append(f"there is no {name}: {meant}")
    return said


def _unknown(name: str) -> str:
    near = _nearest(name)
    meant = _ELSEWHERE if near is None else f"did you mean {near}?"
    return f"there is no setting {name}: {meant}"


def _nearest(name: str) -> str | None:
    near = get_close_matches(name, IndexerSettings.model_fields, n=1, cutoff=0.5)
    return near[0] if near else None


def _faults(error: ValidationError, kept: Mapping[str, object], file: Path | None) -> list[str]:
    said = []
    for fault in error.errors(include_input=False):
        name = str(fault["loc"][0]).lower()
        where = f"{name} in {file}" if name in kept else _variable(name)
        # What pydantic puts before a check of ours says nothing to a person.
        said.append(f"{where}: {fault['msg'].removeprefix('Value error, ').rstrip('.')}")
    return said


def _variable(name: str) -> str:
    return f"{_PREFIX}{name.upper()}"
