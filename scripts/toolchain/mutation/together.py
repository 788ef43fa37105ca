"""The faults that are no mutants, all put in at once: no test may notice.

Owns the check of the rules that leave them out. Where every one of them changes nothing, neither do
all together, so it takes one run of the tests for each build and not for each fault.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from scripts.toolchain.command import say
from scripts.toolchain.errors import ToolFailedError
from scripts.toolchain.mutation.selections import EVERYTHING, HISTORIES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scripts.toolchain.mutation.builds import Forge
    from scripts.toolchain.mutation.mutant import Fault, Mutant

_TIMEOUT: Final = 1800.0


def put_in(source: str, faults: Sequence[Fault]) -> str:
    """`source` with all `faults`, none of which may touch another."""
    for fault in sorted(faults, key=_start, reverse=True):
        text = fault.text
        if fault.early is not None:
            first, second = fault.early, fault.site
            between = source[first.end : second.start]
            text = source[second.start : second.end] + between + source[first.start : first.end]
        source = source[: _start(fault)] + text + source[fault.site.end :]
    return source


def apart(mutants: Sequence[Mutant]) -> list[list[Mutant]]:
    """The mutants in as few groups as their order allows, none touching another of its group."""
    groups: list[list[Mutant]] = []
    ends: list[dict[str, int]] = []
    for mutant in sorted(mutants, key=lambda it: (it.source, _start(it.fault))):
        place = _start(mutant.fault)
        free = (i for i, end in enumerate(ends) if end.get(mutant.source, 0) <= place)
        chosen = next(free, len(groups))
        if chosen == len(groups):
            groups.append([])
            ends.append({})
        groups[chosen].append(mutant)
        ends[chosen][mutant.source] = mutant.fault.site.end
    return groups


def require_unnoticed(forge: Forge, sources: Mapping[str, str], mutants: Sequence[Mutant]) -> None:
    """Build and test `sources` with all `mutants`; raise `ToolFailedError` if anybody notices."""
    for group in apart(mutants):
        by_source: dict[str, list[Fault]] = defaultdict(list)
        for mutant in group:
            by_source[mutant.source].append(mutant.fault)
        texts = {path: put_in(sources[path], faults) for path, faults in by_source.items()}
        forge.write({**sources, **texts})
        build = forge.build(_TIMEOUT)
        if not build.compiled:
            raise ToolFailedError("forge build", build.output)
        for selection in (EVERYTHING, HISTORIES):
            run = forge.test(selection, 0, _TIMEOUT)
            if not run.passed:
                raise ToolFailedError("the suite", f"{run.failed_in} notices what is no mutant")
        say(f"{len(group)} faults that are no mutants: nobody notices.")


def _start(fault: Fault) -> int:
    return fault.site.start if fault.early is None else fault.early.start
