"""Owns the methods that find events: by query, and by filters that are polled.

Refuses to answer for what it does not have: a range that begins after it ends, a range beyond the
head and an unknown block hash are errors, never empty lists.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketplace.devnet.errors import InvalidParams, Rejected
from marketplace.devnet.filters import Changes, Filter
from marketplace.devnet.logs import MAX_TOPICS, LogQuery
from marketplace.devnet.quantities import (
    Json,
    data,
    quantity,
    read_address,
    read_hash,
    read_list,
    read_object,
    read_quantity,
)
from marketplace.devnet.references import BlockHash, Tag, read_number_or_tag
from marketplace.devnet.shapes import log_json

if TYPE_CHECKING:
    from collections.abc import Mapping

    from marketplace.devnet.blocks import Log
    from marketplace.devnet.chain import DevChain
    from marketplace.devnet.params import Params


def logs(chain: DevChain, params: Params) -> Json:
    """Events by block hash or range, address and topics."""
    params.at_most(1)
    return [log_json(log) for log in _find(chain, read_object(params.at(0, "filter"), "filter"))]


def new_filter(chain: DevChain, params: Params) -> Json:
    """Install a filter for events from now on."""
    params.at_most(1)
    fields = read_object(params.at(0, "filter"), "filter")
    if fields.get("blockHash") is not None:
        raise InvalidParams("A filter cannot follow one blockHash; ask eth_getLogs instead.")
    first, last = _bound(fields, "fromBlock"), _bound(fields, "toBlock")
    if isinstance(first, int) and isinstance(last, int) and first > last:
        raise InvalidParams(f"invalid block range params: {first} to {last}.")
    installed = Filter(
        kind="logs",
        seen=chain.head.hash,
        query=_query(fields),
        first=first if isinstance(first, int) else None,
        last=last if isinstance(last, int) else None,
    )
    return quantity(chain.filters.install(installed))


def new_block_filter(chain: DevChain, params: Params) -> Json:
    """Install a filter for the hashes of new blocks."""
    params.at_most(0)
    return quantity(chain.filters.install(Filter("blocks", chain.head.hash)))


def new_transaction_filter(chain: DevChain, params: Params) -> Json:
    """Install a filter for transactions; they are reported once they are mined."""
    params.at_most(1)
    return quantity(chain.filters.install(Filter("transactions", chain.head.hash)))


def uninstall_filter(chain: DevChain, params: Params) -> Json:
    """Remove a filter; whether there was one."""
    params.at_most(1)
    return chain.filters.uninstall(_filter_id(params))


def filter_changes(chain: DevChain, params: Params) -> Json:
    """What happened since the last poll; after a reorganisation removed events come first."""
    params.at_most(1)
    polled = chain.filters.get(_filter_id(params))
    changes = chain.filters.poll(_filter_id(params), chain.canon)
    if polled.kind == "logs":
        return _changed_logs(polled, changes)
    if polled.kind == "blocks":
        return [data(block.hash) for block in changes.added]
    return [data(mined.transaction.hash) for block in changes.added for mined in block.transactions]


def filter_logs(chain: DevChain, params: Params) -> Json:
    """All events that a log filter matches, in its range."""
    params.at_most(1)
    asked = chain.filters.get(_filter_id(params))
    if asked.kind != "logs":
        raise Rejected("filter not found: it is not a filter for events")
    head = chain.head.number
    first = head if asked.first is None else asked.first
    last = head if asked.last is None else min(asked.last, head)
    return [log_json(log) for log in chain.canon.logs.find(asked.query, first, last)]


def _find(chain: DevChain, fields: Mapping[str, Json]) -> tuple[Log, ...]:
    query = _query(fields)
    if fields.get("blockHash") is not None:
        if fields.get("fromBlock") is not None or fields.get("toBlock") is not None:
            raise InvalidParams("cannot specify both BlockHash and FromBlock/ToBlock, choose one.")
        block = chain.block(BlockHash(read_hash(fields["blockHash"], "blockHash")))
        if block is None:
            raise Rejected("unknown block: no canonical block has this hash")
        return chain.canon.logs.find(query, block.number, block.number)
    first, last = _range(chain, fields)
    return chain.canon.logs.find(query, first, last)


def _range(chain: DevChain, fields: Mapping[str, Json]) -> tuple[int, int]:
    start, end = _bound(fields, "fromBlock"), _bound(fields, "toBlock")
    first, last, head = _number(chain, start), _number(chain, end), chain.head.number
    if isinstance(end, int) and last > head:
        raise InvalidParams(
            f"block range extends beyond current head block: {last} is asked for, "
            f"the head is {head}."
        )
    # "Everything after n, up to the head" is a fair question when nothing came after n.
    if first > last and not (isinstance(start, int) and end == "latest"):
        raise InvalidParams(f"invalid block range params: {first} to {last}.")
    return first, last


def _bound(fields: Mapping[str, Json], name: str) -> Tag | int:
    value = fields.get(name)
    bound = "latest" if value is None else read_number_or_tag(value, name)
    if bound == "pending":
        raise InvalidParams("pending logs are not supported: events exist once they are mined.")
    return bound


def _number(chain: DevChain, bound: Tag | int) -> int:
    if isinstance(bound, int):
        return bound
    block = chain.block(bound)
    return chain.head.number if block is None else block.number


def _query(fields: Mapping[str, Json]) -> LogQuery:
    address = fields.get("address")
    if address is None:
        addresses: list[Json] = []
    else:
        addresses = [address] if isinstance(address, str) else list(read_list(address, "address"))
    topics = read_list(fields.get("topics") or [], "topics")
    if len(topics) > MAX_TOPICS:
        raise InvalidParams(f"exceed max topics: an event has at most {MAX_TOPICS}.")
    return LogQuery(
        addresses=tuple(read_address(one, "address") for one in addresses),
        topics=tuple(_accepted(position) for position in topics),
    )


def _accepted(value: Json) -> tuple[bytes, ...]:
    if value is None:
        return ()
    choices = [value] if isinstance(value, str) else list(read_list(value, "topics"))
    # A null among alternatives accepts any topic, as the whole position would.
    if any(choice is None for choice in choices):
        return ()
    return tuple(read_hash(choice, "topic") for choice in choices)


def _changed_logs(polled: Filter, changes: Changes) -> Json:
    gone = [log for block in changes.removed for log in block.logs if polled.wants(log)]
    new = [log for block in changes.added for log in block.logs if polled.wants(log)]
    return [
        *(log_json(log, removed=True) for log in gone),
        *(log_json(log) for log in new),
    ]


def _filter_id(params: Params) -> int:
    return read_quantity(params.at(0, "filter id"), "filter id")
