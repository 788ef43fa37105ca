from __future__ import annotations

from indexer.commands.upgrading import Upgrading


class Journal:
    """Keeps what is told, and a clock that is moved by hand."""

    def __init__(self) -> None:
        self.lines: list[dict[str, object]] = []
        self.now = 100.0

    def tell(self, event: str, **fields: str | float) -> None:
        self.lines.append({"event": event, **fields})

    def clock(self) -> float:
        return self.now


def test_a_step_is_told_before_it_and_with_its_time_after_it() -> None:
    journal = Journal()
    told = Upgrading(journal.tell, journal.clock)

    told.begun("mirror_0009", "Partition the ledger.", 1, 5)
    journal.now += 12.345
    told.ended("mirror_0009", 1, 5)

    assert journal.lines == [
        {
            "event": "upgrading",
            "step": "mirror_0009",
            "what": "Partition the ledger.",
            "number": 1,
            "of": 5,
        },
        {"event": "upgraded", "step": "mirror_0009", "number": 1, "of": 5, "took_s": 12.3},
    ]


def test_rows_that_are_copied_are_told_once_a_second_and_at_the_end_with_rate_and_rest() -> None:
    journal = Journal()
    told = Upgrading(journal.tell, journal.clock)
    told.begun("mirror_0009", "Partition the ledger.", 1, 5)
    journal.lines.clear()

    for done in range(100, 1_001, 100):
        journal.now += 0.5
        told.copied("events", 100, done, 1_000)

    assert [line["done"] for line in journal.lines] == [100, 300, 500, 700, 900, 1_000]
    assert journal.lines[0] == {
        "event": "copied",
        "table": "events",
        "done": 100,
        "of": 1_000,
        "rows_per_s": 200,
        "left_s": 4,
    }
    assert journal.lines[-1]["left_s"] == 0


def test_each_table_is_measured_from_where_the_one_before_ended() -> None:
    journal = Journal()
    told = Upgrading(journal.tell, journal.clock)
    told.begun("mirror_0009", "Partition the ledger.", 1, 5)
    journal.now += 100
    told.copied("events", 10, 10, 10)
    journal.now += 2
    told.copied("outbox", 10, 10, 30)

    assert journal.lines[-1] == {
        "event": "copied",
        "table": "outbox",
        "done": 10,
        "of": 30,
        "rows_per_s": 5,
        "left_s": 4,
    }
