"""What is accepted here is what Prefect accepts, and means the same there."""

from datetime import datetime, timedelta, timezone, tzinfo
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st
from prefect.cli.deploy._models import PrefectYamlModel
from prefect.cli.deploy._schedules import _schedule_config_to_deployment_schedule
from prefect.client.schemas.schedules import CronSchedule, RRuleSchedule
from prefect.server.schemas.actions import DeploymentScheduleCreate
from prefect.types._datetime import parse_datetime
from pydantic import TypeAdapter, ValidationError

from deployments.declaration.kinds import INVALID, Kind
from deployments.declaration.problems import Problems, Where
from deployments.declaration.timing_kinds import (
    CronText,
    PointInTime,
    TimeZone,
    duration_seconds,
)
from tests.unit.deployments.declaration.made_files import ORDERS, deployments, read
from tests.unit.deployments.declaration.test_timing import TIMINGS

REPOSITORY = Path(__file__).parents[4]
DURATION = TypeAdapter(timedelta)


def accepts(kind: Kind, text: str) -> bool:
    """Return whether a kind takes a text."""
    return kind.read(text, Where("prefect.yaml", 1), Problems()) is not INVALID


def prefect_accepts(cron: str) -> bool:
    """Return whether Prefect takes a cron expression."""
    try:
        CronSchedule(cron=cron)
    except ValidationError:
        return False
    return True


CRON_PARTS = st.sampled_from(
    ["*", "*/15", "0", "5", "59", "60", "1-5", "5-1", "1,2", "L", "MON", "mon-fri", "JAN", "2#3"]
    + ["5L", "L5", "?", "H", "R", "h(1-3)", "", "-", "32", "7", "sun#2", "*/0", "1/2", "00", "٣"]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(CRON_PARTS, min_size=4, max_size=7).map(" ".join))
@example("@daily")
@example("@reboot")
@example("@hourly @daily")
@example("0 0 31 2 *")
@example("  0  6 * * *  ")
@example("0 6 * * * *")
@example("0 6 * * * 0 2026")
def test_cron_is_prefects_cron(cron: str) -> None:
    """Whatever Prefect takes is taken, and nothing else."""
    assert accepts(CronText(), cron) == prefect_accepts(cron)


@pytest.mark.parametrize("name", ["UTC", "Europe/Berlin", "EST5EDT", "Europe/Bonn", "utc", "GMT+1"])
def test_a_time_zone_is_prefects(name: str) -> None:
    """For cron and for rules, which Prefect's client judges by different lists."""
    for kind in (
        lambda: CronSchedule(cron="0 6 * * *", timezone=name),
        lambda: RRuleSchedule(rrule="FREQ=DAILY", timezone=name),
    ):
        taken = True
        try:
            kind()
        except ValidationError:
            taken = False
        assert accepts(TimeZone(), name) == taken


SPANS = st.from_regex(
    r"P(\d{1,2}W)?(\d{1,3}D)?(T(\d{1,2}H)?(\d{1,3}M)?(\d{1,2}(\.\d{1,6})?S)?)?"
    r"|\d{2}:\d{2}(:\d{2})?|\d+ ?(hours|H|min)?|P\d[YM]",
    fullmatch=True,
)


@settings(max_examples=100, deadline=None)
@given(SPANS)
def test_an_interval_is_as_long_as_prefects(text: str) -> None:
    """A text is refused, or as many seconds as Prefect makes of it."""
    seconds = duration_seconds(text)
    if seconds is not None:
        assert seconds == DURATION.validate_python(text).total_seconds()


ZONES: list[tzinfo | None] = [timezone.utc, timezone(timedelta(hours=-5)), None]


@settings(max_examples=50, deadline=None)
@given(
    st.datetimes(
        min_value=datetime(1950, 1, 1),
        max_value=datetime(2100, 1, 1),
        timezones=st.sampled_from(ZONES),
    ),
    st.sampled_from(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%d %H:%M", "%Y%m%d", "%G-W%V-%u"]),
)
def test_an_anchor_is_prefects_moment(moment: datetime, pattern: str) -> None:
    """Without an offset it is UTC, as with `prefect deploy`."""
    text = moment.strftime(pattern)
    read = PointInTime().read(text, Where("prefect.yaml", 1), Problems())
    assert datetime.fromisoformat(read) == parse_datetime(text)


@pytest.mark.parametrize("text", TIMINGS)
def test_a_timing_is_what_prefect_deploy_would_make_of_it(tmp_path: Path, text: str) -> None:
    """Where Prefect leaves a default open, ours is written out: UTC, and the fixed anchor."""
    prefect = deployments(f"{ORDERS}schedules:\n  - {{slug: a, {text}}}\n")
    [configuration] = read(tmp_path, prefect).environments["production"].configurations
    loaded = PrefectYamlModel.model_validate(yaml.safe_load(prefect)).deployments[0]
    item = loaded.model_dump(exclude_unset=True, mode="json")["schedules"][0]
    made = _schedule_config_to_deployment_schedule(item)
    theirs = DeploymentScheduleCreate.model_validate(
        {"schedule": made["schedule"].model_dump(mode="json"), "slug": made["slug"]}
    ).schedule.model_dump(mode="json")
    assert _comparable(theirs, "anchor_date" in text) == dict(configuration.schedules[0].timing)


def _comparable(timing: dict[str, Any], has_anchor: bool) -> dict[str, Any]:
    timing["timezone"] = timing["timezone"] or "UTC"
    if "anchor_date" in timing:
        moment = datetime.fromisoformat(timing["anchor_date"]).astimezone(timezone.utc)
        fixed = datetime(2020, 1, 1, tzinfo=timezone.utc)
        timing["anchor_date"] = (moment if has_anchor else fixed).isoformat()
    return timing


def test_prefect_reads_this_repositorys_file() -> None:
    """`prefect deploy --all` finds every deployment in it."""
    text = (REPOSITORY / "prefect.yaml").read_text(encoding="utf-8")
    loaded = PrefectYamlModel.model_validate(yaml.safe_load(text))
    assert len(loaded.deployments) == len(yaml.safe_load(text)["deployments"])


def test_dates_become_the_text_that_prefect_makes_of_them(tmp_path: Path) -> None:
    """In parameters, where YAML reads them without quotes."""
    dates = [
        "2026-11-20",
        "2026-11-20T06:00:00Z",
        "2026-11-20 06:00:00",
        "2026-11-20T06:00:00.5+02:00",
    ]
    values = "".join(f"  value{number}: {text}\n" for number, text in enumerate(dates))
    prefect = deployments(ORDERS.replace("orders", "anything") + f"parameters:\n{values}")
    [ours] = read(tmp_path, prefect).environments["production"].configurations
    loaded = PrefectYamlModel.model_validate(yaml.safe_load(prefect)).deployments[0]
    assert ours.parameters == loaded.model_dump(mode="json")["parameters"]
