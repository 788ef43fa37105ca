"""The compiled contracts as they are committed: ABI, linked bytecode, libraries, sizes.

Owns reading them and the addresses of linked libraries. Refuses to compile anything: the JSON
files beside this module are written by `scripts.toolchain.compile`, and running needs no
compiler. Nothing is read at import.

ArtifactError
├── ArtifactMissingError   no such file beside this module
└── ArtifactCorruptError   the file is not what the toolchain writes
"""

from __future__ import annotations

from marketplace.bindings.artifacts.loading import (
    Artifact,
    ArtifactCorruptError,
    ArtifactError,
    ArtifactMissingError,
    LibraryDeployment,
    load,
)
from marketplace.bindings.artifacts.proxy import (
    DEPLOYMENT_PROXY,
    LIBRARY_SALT,
    deterministic_address,
)

__all__ = [
    "DEPLOYMENT_PROXY",
    "LIBRARY_SALT",
    "Artifact",
    "ArtifactCorruptError",
    "ArtifactError",
    "ArtifactMissingError",
    "LibraryDeployment",
    "deterministic_address",
    "load",
]
