"""Where the toolchain's inputs and outputs lie; refuses to read or write any of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

TOOLCHAIN = Path(__file__).resolve().parent
"""The folder of the compiler launchers."""


@dataclass(frozen=True, slots=True)
class Project:
    """A folder with foundry.toml; tests give one of their own."""

    root: Path

    @property
    def foundry_toml(self) -> Path:
        """The one place of the compiler's settings."""
        return self.root / "foundry.toml"

    @property
    def artifacts(self) -> Path:
        """The committed artifacts, one JSON file per deployable contract."""
        return self.root / "marketplace" / "bindings" / "artifacts"

    @property
    def storage_layout(self) -> Path:
        """The committed snapshot of every contract's storage layout."""
        return self.root / "tests" / "contracts" / "snapshots" / "storage-layout.json"

    @property
    def gas_snapshots(self) -> Path:
        """The committed gas of every measured transaction, one JSON file per group."""
        return self.root / "tests" / "contracts" / "snapshots" / "gas"

    @property
    def cache(self) -> Path:
        """Everything that may be deleted at any time."""
        return self.root / ".cache"


REPOSITORY = Project(TOOLCHAIN.parent.parent)
