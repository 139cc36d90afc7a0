"""The simulated city, and how the radar is judged."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time, timedelta

from agent_assist.radar.settings import KOREA
from server.bench.city_day import INCIDENTS, City, Incident, district_names
from server.bench.radar import ONSET, Alert, floor_alerts, judged, onset, radar_alerts, trained

DAY = date(2026, 11, 30)
FIRE = Incident(name="fire", terms=("화재", "연기", "냄새"), begins=time(14, 0), minutes=20, calls=30)
WEEKLY = Incident(name="weekly", terms=("예약", "수강"), begins=time(10, 0), minutes=60, calls=60, every_week=True)


def test_a_day_is_the_same_from_the_same_seed_and_another_from_another() -> None:
    assert City(1, 500).day(DAY) == City(1, 500).day(DAY)
    assert City(1, 500).day(DAY) != City(2, 500).day(DAY)
    assert City(1, 500).day(DAY) != City(1, 500).day(DAY + timedelta(days=1))


def test_a_day_has_its_calls_in_order_its_hours_its_zipf_and_its_districts() -> None:
    calls = City(1, 5000, ()).day(DAY)
    assert 4000 < len(calls) < 6000
    assert [call.at for call in calls] == sorted(call.at for call in calls)
    assert {call.at.date() for call in calls} == {DAY}
    hours = Counter(call.at.hour for call in calls)
    assert hours[10] > 10 * hours[4]
    first = Counter(call.utterances[0][0] for call in calls)
    assert first.most_common(1)[0][1] > 20 * first.most_common()[200][1]
    assert {call.district for call in calls} <= {"", *district_names()}
    assert len(district_names()) == len(set(district_names()))


def test_incidents_make_their_calls_and_quiet_days_have_only_what_comes_every_week() -> None:
    city = City(1, 500, (FIRE, WEEKLY))
    counted = Counter(call.incident for call in city.day(DAY))
    assert counted["fire"] == FIRE.calls
    assert "weekly" not in counted
    quiet = city.day(DAY, quiet=True)
    assert not any(call.incident for call in quiet)
    assert sum(call.call_id.startswith("weekly") for call in quiet) == WEEKLY.calls
    fire = [call for call in city.day(DAY) if call.incident]
    begins = datetime.combine(DAY, FIRE.begins, KOREA)
    assert begins <= fire[0].at <= fire[-1].at <= begins + timedelta(minutes=FIRE.minutes)


def test_the_shipped_incidents_are_of_all_sizes() -> None:
    assert min(each.calls for each in INCIDENTS) < ONSET
    assert max(each.calls for each in INCIDENTS) > 500
    assert any(each.every_week for each in INCIDENTS)
    assert any(each.district for each in INCIDENTS)


def test_the_onset_is_the_eighth_call_within_ten_minutes() -> None:
    start = datetime(2026, 11, 30, 12, tzinfo=KOREA)
    slow = [start + timedelta(minutes=2 * at) for at in range(20)]
    assert onset(slow) is None
    fast = [start + timedelta(minutes=at) for at in range(20)]
    assert onset(fast) == fast[7]


def test_judging_counts_found_false_and_twice() -> None:
    city = City(1, 300, (FIRE, WEEKLY))
    calls = city.day(DAY)
    begun = onset([call.at for call in calls if call.incident])
    assert begun is not None
    later = begun + timedelta(seconds=40)
    alerts = [
        Alert(begun - timedelta(hours=5), ("화재",)),
        Alert(later, ("화재", "연기")),
        Alert(later, ("냄새", "연기")),
        Alert(later, ("예약",)),
    ]
    found = judged(city.incidents, calls, alerts)
    assert (found.incidents, found.found, found.alerts, found.true, found.repeated) == (1, 1, 4, 2, 1)
    assert found.delays == [40.0]
    nothing = judged(city.incidents, calls, [])
    assert (nothing.found, nothing.true, nothing.delays) == (0, 0, [])


def test_the_radar_finds_the_fire_of_a_small_city_and_the_floor_cries_wolf() -> None:
    city = City(3, 2000, (FIRE, WEEKLY))
    calls = city.day(DAY)
    radar, _, heard = trained(city)
    assert heard > 3000
    alerts = radar_alerts(radar, calls)
    found = judged(city.incidents, calls, alerts)
    assert found.found == 1
    assert found.delays[0] <= 60
    assert found.alerts - found.true <= 2
    floor = judged(city.incidents, calls, floor_alerts(calls, 8))
    assert floor.alerts - floor.true > found.alerts - found.true
