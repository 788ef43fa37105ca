from __future__ import annotations

from indexer.sync.progress import Progress, Rate


class Journal:
    """Keeps what is told, and a clock that is moved by hand."""

    def __init__(self) -> None:
        self.lines: list[dict[str, object]] = []
        self.now = 100.0

    def tell(self, event: str, **fields: float) -> None:
        assert event == "progress"
        self.lines.append(dict(fields))

    def clock(self) -> float:
        return self.now


def test_it_is_told_at_most_once_a_second_and_at_the_end() -> None:
    journal = Journal()
    progress = Progress(journal.tell, journal.clock)
    progress.begin(0)
    for done in range(1, 11):
        journal.now += 0.3
        progress.went_on(done, 10, 5)

    assert [line["done"] for line in journal.lines] == [1, 5, 9, 10]


def test_rate_and_time_left_are_those_of_the_last_half_minute() -> None:
    journal = Journal()
    progress = Progress(journal.tell, journal.clock)
    progress.begin(0)
    journal.now += 100
    progress.went_on(10, 1_000, 10)
    assert journal.lines[-1] == {
        "done": 10,
        "of": 1_000,
        "events": 10,
        "events_per_s": 0,
        "left_s": 9_900,
    }
    for _ in range(4):
        journal.now += 10
        progress.went_on(int(journal.lines[-1]["done"]) + 100, 1_000, 2_000)  # type: ignore[call-overload] # a number

    assert journal.lines[-1] == {
        "done": 410,
        "of": 1_000,
        "events": 8_010,
        "events_per_s": 200,
        "left_s": 59,
    }


def test_a_clock_that_stands_still_gives_no_rate() -> None:
    journal = Journal()
    progress = Progress(journal.tell, journal.clock)
    progress.begin(0)

    progress.went_on(5, 10, 1)

    assert journal.lines == [{"done": 5, "of": 10, "events": 1}]


def test_a_history_that_goes_on_later_is_measured_anew() -> None:
    journal = Journal()
    progress = Progress(journal.tell, journal.clock)
    progress.begin(0)
    journal.now += 1
    progress.went_on(10, 10, 1)
    journal.now += 10_000
    progress.begin(10)
    journal.now += 2

    progress.went_on(20, 30, 8)

    assert journal.lines[-1] == {"done": 20, "of": 30, "events": 9, "events_per_s": 4, "left_s": 2}


def test_what_was_not_begun_is_measured_from_its_first_part_on() -> None:
    journal = Journal()
    rate = Rate(journal.clock)
    assert rate.went_on(10, 40, 500) == {}
    journal.now += 5

    assert rate.went_on(20, 40, 30) == {"events_per_s": 6, "left_s": 10}
