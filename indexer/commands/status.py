"""`status`: where the mirror stands and what it lacks, who leads it, and how far it was audited.

Owns what is told. Refuses to wait for a node: one that does not answer soon leaves a gap.
"""

# Annotations are evaluated: typer reads them.

from contextlib import closing
from typing import Annotated, Final

import typer

from indexer import process
from indexer.commands.telling import AsJson, Config, opened, settings_of, tell, telling
from indexer.identity import MirrorId
from indexer.reads.audits import AuditStatus, audit_status, event_count
from indexer.reads.leaders import Leadership, leadership
from indexer.reads.levels import MirrorStatus, mirror_status
from indexer.reads.unfinished import Unfinished, unfinished
from indexer.rpc.node import RpcNode
from indexer.settings import IndexerSettings
from indexer.store import checkpoints
from marketplace.domain.errors import ChainUnavailable
from marketplace.domain.times import utc_text
from marketplace.storage.transactions import reading

_WAIT_S: Final = 2.0


def status(
    *,
    as_json: AsJson = False,
    offline: Annotated[
        bool, typer.Option("--offline", help="Do not ask the node how far it is.")
    ] = False,
    config: Config = None,
) -> None:
    """Say where the mirror stands, how far behind its node, and how far it was audited."""
    with telling():
        settings = settings_of(config)
        mirror = MirrorId(settings.chain_id, settings.contract_set)
        with opened(settings) as engine, reading(engine) as connection:
            found = mirror_status(connection, mirror)
            audit = audit_status(connection, mirror)
            events = event_count(connection, mirror)
            checkpoint = checkpoints.load(connection, mirror)
            lead = leadership(connection, mirror)
            lacks = unfinished(connection, mirror)
        ahead = None if offline else _node_head(settings)
        told = {
            **described(found, process.now()),
            "events": events,
            "lag_blocks": None if ahead is None else max(0, ahead - found.head.number),
            "fence": None if checkpoint is None else checkpoint.fence,
            "leader": _of_leader(lead),
            "standing_by": None if lead.standing_by is None else list(lead.standing_by),
            **_of_audit(audit),
            **_of_unfinished(lacks),
        }
        words = {**_in_words(lead), **_unfinished_in_words(lacks)}
        tell(told if as_json else {**told, **words}, as_json=as_json)


def described(found: MirrorStatus, now: float) -> dict[str, object]:
    """A mirror's status by name, as it is told; `now` in Unix seconds."""
    level = found.level_at
    return {
        "head": found.head.number,
        "head_hash": found.head.hash,
        "head_time": utc_text(found.head.timestamp_s),
        "level_at": None if level is None else utc_text(level),
        "lag_s": None if level is None else max(0, int(now) - level),
        "safe": found.safe.number,
        "finalized": found.finalized.number,
        "finalized_hash": found.finalized.hash,
        "live": found.live,
        "generation": found.generation,
        "next_seq": found.next_seq,
    }


def _of_leader(lead: Leadership) -> dict[str, str | None] | None:
    if lead.leader is None:
        return None
    return {
        "process": lead.leader,
        "since": None if lead.since is None else utc_text(lead.since),
    }


def _in_words(lead: Leadership) -> dict[str, str]:
    since = "" if lead.since is None else f" since {utc_text(lead.since)}"
    waiting = lead.standing_by
    return {
        "leader": "nobody" if lead.leader is None else f"{lead.leader}{since}",
        "standing_by": "SQLite does not know"
        if waiting is None
        else ", ".join(waiting) or "nobody",
    }


def _of_audit(audit: AuditStatus) -> dict[str, object]:
    finding = audit.finding
    return {
        "audited": None if audit.audited is None else audit.audited.number,
        "audited_hash": None if audit.audited is None else audit.audited.hash,
        "digest": audit.digest,
        "disagreement": None
        if finding is None
        else f"{finding.what} at block {finding.block_number}: {finding.mirrored} is mirrored, the "
        f"chain says {finding.on_chain}; found {utc_text(finding.found_at)}",
    }


def _of_unfinished(lacks: Unfinished) -> dict[str, object]:
    folding = lacks.folding
    return {
        "filling": {
            one.kind.value: {
                "start_block": one.start_block,
                "next_block": one.next_block,
                "of": one.of,
            }
            for one in lacks.filling
        },
        "folding": None
        if folding is None
        else {
            "folds": list(folding.folds),
            "next_block": folding.next_block,
            "of": folding.of,
        },
        "indexes_missing": list(lacks.indexes),
    }


def _unfinished_in_words(lacks: Unfinished) -> dict[str, str | None]:
    filling, folding, indexes = lacks.filling, lacks.folding, lacks.indexes
    return {
        "filling": "; ".join(
            f"{one.kind.value} from block {one.start_block}: {one.block} of {one.of}"
            for one in filling
        )
        or None,
        "folding": None
        if folding is None
        else f"{', '.join(folding.folds)}: {folding.block} of {folding.of}",
        "indexes_missing": f"{len(indexes)}: {', '.join(indexes)}" if indexes else None,
    }


def _node_head(settings: IndexerSettings) -> int | None:
    node = RpcNode.at(
        settings.node.get_secret_value(),
        timeout_s=min(_WAIT_S, settings.request_timeout_s),
        batch_limit=settings.batch_limit,
    )
    with closing(node):
        try:
            return node.view().head.number
        except ChainUnavailable:
            return None
