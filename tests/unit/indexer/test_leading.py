from __future__ import annotations

import threading

from indexer.leading import Lead, Silence
from indexer.store.claims import Sign
from indexer.waking import Stopper
from marketplace.storage.errors import DatabaseLockedError

HOUR = 3_600.0


class Rival:
    """Somebody else's claim, as the database shows it; it lives while it is told to."""

    def __init__(self) -> None:
        self.beats = 0
        self.leads = True
        self.expired: list[Sign | None] = []

    def sign(self) -> Sign:
        return Sign("rival", str(self.beats))

    def take(self, expired: Sign | None = None) -> Sign | None:
        self.expired.append(expired)
        if self.leads and expired != self.sign():
            return self.sign()
        self.leads = False
        return None

    def keep(self) -> bool:
        return not self.leads

    def release(self) -> None:
        self.leads = False


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


class Notes:
    def __init__(self) -> None:
        self.events: list[str] = []

    def write(self, event: str, **fields: str | float | bool) -> None:
        assert all(name.isidentifier() for name in fields)
        self.events.append(event)


def standing_by() -> tuple[Lead, Rival, Clock, Notes]:
    rival, clock, notes = Rival(), Clock(), Notes()
    return Lead(rival, 3.0, notes, clock), rival, clock, notes


def looks(lead: Lead, clock: Clock, count: int) -> list[bool]:
    taken = []
    for _ in range(count):
        taken.append(lead.take())
        clock.now += lead.look_s
    return taken


def test_a_lead_that_is_free_is_taken_at_the_first_look() -> None:
    lead, rival, _clock, notes = standing_by()
    rival.leads = False

    assert lead.take()
    assert notes.events == []


def test_a_leader_that_shows_life_is_left_alone_for_ever() -> None:
    lead, rival, clock, _notes = standing_by()
    for _ in range(100):
        rival.beats += 1
        assert not any(looks(lead, clock, 11))

    assert set(rival.expired) == {None}


def test_a_leader_that_was_silent_for_its_lease_is_replaced() -> None:
    lead, _rival, clock, notes = standing_by()

    assert looks(lead, clock, 14) == [False] * 13 + [True]
    assert notes.events == ["ousted"]


def test_a_sign_at_the_last_moment_begins_the_lease_anew() -> None:
    lead, rival, clock, _notes = standing_by()
    looks(lead, clock, 13)
    rival.beats += 1

    assert looks(lead, clock, 13) == [False] * 13


def test_a_clock_that_jumps_ahead_does_not_make_a_leader_silent() -> None:
    lead, rival, clock, _notes = standing_by()
    looks(lead, clock, 2)
    clock.now += HOUR

    assert not any(looks(lead, clock, 3))
    rival.beats += 1
    assert not any(looks(lead, clock, 12))


def test_a_clock_that_jumps_back_does_not_keep_a_silent_leader() -> None:
    lead, _rival, clock, _notes = standing_by()
    looks(lead, clock, 2)
    clock.now -= HOUR

    assert any(looks(lead, clock, 14))


def test_a_gap_between_looks_counts_for_two_looks_at_most() -> None:
    silence, sign = Silence(gap_s=0.5), Sign("it", "1")
    moments = (0.0, 0.25, 90.0, 89.0, 89.25)

    heard = [silence.after(sign, moment) for moment in moments]

    assert heard == [0.0, 0.25, 0.75, 0.75, 1.0]


def test_seizing_takes_it_from_a_leader_that_lives() -> None:
    lead, rival, _clock, _notes = standing_by()

    assert lead.seize(Stopper())
    assert not rival.leads


def test_seizing_ends_when_it_is_stopped() -> None:
    lead, rival, _clock, _notes = standing_by()
    stopper = Stopper()
    stopper.stop()

    assert not lead.seize(stopper)
    assert rival.leads


class Ours:
    """Our own claim, which is kept as a script says."""

    def __init__(self, script: list[bool | Exception]) -> None:
        self.script = script
        self.played = threading.Event()
        self.released = False

    def take(self, expired: Sign | None = None) -> Sign | None:
        assert expired is None
        return None

    def keep(self) -> bool:
        turn = self.script.pop(0) if self.script else True
        if not self.script:
            self.played.set()
        if isinstance(turn, Exception):
            raise turn
        return turn

    def release(self) -> None:
        self.released = True


def test_a_lead_is_kept_and_released_at_the_end() -> None:
    claim, notes, stopper = Ours([True, True]), Notes(), Stopper()
    with Lead(claim, 0.02, notes).kept(stopper) as term:
        assert claim.played.wait(5)
        assert not term.is_stopped()
        stopper.stop()
        assert term.is_stopped()

    assert claim.released
    assert notes.events == []


def test_a_lead_that_is_lost_ends_the_term() -> None:
    claim, notes = Ours([True, False]), Notes()
    with Lead(claim, 0.02, notes).kept(Stopper()) as term:
        while not term.is_stopped():
            term.wait(0.001)

    assert term.is_lost
    assert notes.events == ["lead_lost"]


def test_a_database_that_fails_leaves_the_lead_in_doubt_and_the_term_going() -> None:
    locked = DatabaseLockedError("it")
    claim, notes = Ours([locked, locked, True, locked]), Notes()
    with Lead(claim, 0.02, notes).kept(Stopper()) as term:
        assert claim.played.wait(5)
        assert not term.is_stopped()

    assert notes.events == ["lead_in_doubt", "lead_in_doubt"]


class Watching(Stopper):
    """Moves the clock instead of waiting, and lets the leader show life at some looks."""

    def __init__(self, clock: Clock, rival: Rival, *, beats: bool) -> None:
        super().__init__()
        self._clock, self._rival, self._beats = clock, rival, beats
        self.waits = 0

    def wait(self, seconds: float) -> None:
        self.waits += 1
        self._clock.now += seconds
        if self._beats and self.waits == 3:
            self._rival.beats += 1


def test_who_wants_the_lead_once_goes_away_from_a_leader_that_shows_life() -> None:
    lead, rival, clock, _notes = standing_by()
    waiting = Watching(clock, rival, beats=True)

    assert not lead.take_if_silent(waiting)
    assert waiting.waits == 3


def test_who_wants_the_lead_once_follows_a_leader_that_is_gone() -> None:
    lead, rival, clock, notes = standing_by()
    waiting = Watching(clock, rival, beats=False)

    assert lead.take_if_silent(waiting)
    assert waiting.waits == 13
    assert notes.events == ["ousted"]
