"""The step that keeps with each webhook delivery which drop it is of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import Column, MetaData, Table, insert, select

from api.store.history import API
from api.store.webhook_tables import webhook_deliveries, webhook_endpoints
from marketplace.storage.transactions import reading, writing
from tests.integration.rows import ROWS, fill, word

if TYPE_CHECKING:
    from sqlalchemy import Engine

BEFORE: Final = "api_0019"
THE_STEP: Final = "api_0020"
KEPT: Final = {
    name: value
    for name, value in ROWS[webhook_deliveries].items()
    if name not in {"drop_id", "terms_hash"}
}
OLD: Final = Table(
    "webhook_deliveries",
    MetaData(),
    *(Column(name, webhook_deliveries.c[name].type) for name in KEPT),
)
PAYLOADS: Final = {
    "dlv_0001": ('{"type":"seat.sold","data":{"drop":7,"seat":"9"}}', 7),
    "dlv_0002": ('{"type":"seat.sold","data":{"drop":4503599627370495}}', 4503599627370495),
    "dlv_0003": ("{}", None),
}
"""What each delivery says, and of which drop it is found to be."""


def test_each_delivery_is_found_to_be_of_the_number_that_it_names(empty_database: Engine) -> None:
    API.upgrade(empty_database, BEFORE)
    with writing(empty_database) as connection:
        fill(connection, webhook_endpoints)
        for name, (payload, _) in PAYLOADS.items():
            changed = {"id": name, "message_id": f"msg_of_{name}", "payload": payload}
            connection.execute(insert(OLD).values(**KEPT | changed))
        before = connection.execute(select(OLD).order_by(OLD.c.id)).all()

    API.upgrade(empty_database, THE_STEP)

    columns = webhook_deliveries.c
    whose = select(columns.id, columns.drop_id, columns.terms_hash).order_by(columns.id)
    with reading(empty_database) as connection:
        found = [tuple(row) for row in connection.execute(whose)]
        assert connection.execute(select(OLD).order_by(OLD.c.id)).all() == before
    assert found == [(name, drop, None) for name, (_, drop) in PAYLOADS.items()]
    with writing(empty_database) as connection:
        told = {"id": "dlv_0004", "message_id": "msg_0004", "drop_id": 8, "terms_hash": word(8)}
        told |= {"state": "failed", "fault": "unwanted"}
        connection.execute(
            insert(webhook_deliveries).values(**{**ROWS[webhook_deliveries], **told})
        )

    API.downgrade(empty_database, BEFORE)

    with reading(empty_database) as connection:
        kept = connection.execute(select(OLD).order_by(OLD.c.id)).all()
    assert kept[:3] == before
    # The program of before has no word for that fault.
    assert [(row.id, row.state, row.fault) for row in kept[3:]] == [("dlv_0004", "failed", None)]
    API.upgrade(empty_database, THE_STEP)
    with reading(empty_database) as connection:
        again = [tuple(row) for row in connection.execute(whose)]
    assert again == [*found, ("dlv_0004", None, None)]
