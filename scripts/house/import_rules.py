"""Two kinds of import rule that import-linter does not bring: the door and the standard library.

Both ask for direct imports only, and neither minds a package that does not exist yet: the
rule begins to bite with the first file. Refuses: knowing any package of this project by name;
those stand in pyproject.toml.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, cast

from importlinter import Contract, ContractCheck, fields, output

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grimp import ImportGraph


def lies_in(module: str, packages: Iterable[str]) -> bool:
    """Whether a dotted name is one of the packages or lies inside one of them."""
    return any(module == package or module.startswith(f"{package}.") for package in packages)


def describe_import(graph: ImportGraph, importer: str, imported: str) -> str:
    """One forbidden import in a line, with the lines where it stands."""
    found = graph.get_import_details(importer=importer, imported=imported)
    lines = ", ".join(str(detail["line_number"]) for detail in found)
    return f"{importer} imports {imported} (line {lines})"


def _verdict(offences: list[str]) -> ContractCheck:
    return ContractCheck(kept=not offences, metadata={"offences": sorted(offences)})


def _print_offences(check: ContractCheck) -> None:
    for offence in cast("list[str]", check.metadata["offences"]):
        output.print_error(offence)


class DoorContract(Contract):
    """What lies `behind` is imported by `importers` alone; `open` modules by everyone.

    Other than import-linter's own "protected" kind it lets a part of a package stay open
    and accepts importers that are not written yet.
    """

    type_name = "door"

    # A field stands here; import-linter puts the parsed value on the instance.
    behind = cast("list[str]", fields.ListField(subfield=fields.StringField()))
    importers = cast("list[str]", fields.ListField(subfield=fields.StringField()))
    open = cast(
        "list[str]", fields.ListField(subfield=fields.StringField(), required=False, default=[])
    )

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: ARG002, FBT001 - import-linter's signature
        """Find imports that go around the door."""
        closed = [
            module
            for module in graph.modules
            if lies_in(module, self.behind) and not lies_in(module, self.open)
        ]
        return _verdict(
            [
                describe_import(graph, importer, imported)
                for imported in closed
                for importer in graph.find_modules_that_directly_import(imported)
                if not lies_in(importer, self.importers)
            ]
        )

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print one line for each offence."""
        _print_offences(check)


class StandardLibraryContract(Contract):
    """A `package` imports itself and the standard library, and nothing else."""

    type_name = "standard_library"

    package = cast("str", fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: ARG002, FBT001 - import-linter's signature
        """Find imports that leave the package for something other than Python's own library."""
        return _verdict(
            [
                describe_import(graph, importer, imported)
                for importer in graph.modules
                if lies_in(importer, [self.package])
                for imported in graph.find_modules_directly_imported_by(importer)
                if not lies_in(imported, [self.package])
                and imported.partition(".")[0] not in sys.stdlib_module_names
            ]
        )

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print one line for each offence."""
        _print_offences(check)
