"""The life of a repository, step by step: each test is one change and goes on from the last one.

After each step the server's state is compared field by field, and everything that was written is
named: what is not named was not touched.
"""

from dataclasses import replace
from typing import Any

from deployments.identity import Version
from deployments.live import LiveDeployment
from tests.prefect.deployments.apply.workspace import Workspace

REPOSITORY = "123456789012.dkr.ecr.us-east-1.amazonaws.com/shop"
PULL = [{"prefect.deployments.steps.set_working_directory": {"directory": "/opt/shop"}}]


def live_name(life: Workspace, name: str) -> str:
    """Its name at Prefect."""
    return f"{life.made.project}--main--{name}--production"


def live(life: Workspace, name: str) -> LiveDeployment:
    """What is live of it."""
    return life.read()[live_name(life, name)]


def tags(life: Workspace, commit: str, *own: str) -> list[str]:
    """The tags of a release."""
    told = {"BRANCH_NAME": "main", "COMMIT_HASH": commit, "PACKAGE_VERSION": "1.2.0"}
    told["PROJECT_NAME"] = life.made.project
    return sorted([*own, *(f"{key}={value}" for key, value in told.items())])


def runtime(life: Workspace, name: str, commit: str, **resources: Any) -> dict[str, Any]:
    """The job variables of a release; `resources` are those of the pool."""
    own = {"DEPLOYMENT_NAME": live_name(life, name), "COMMIT_HASH": commit, "SHOP": "production"}
    return {**resources, "env": own}


def moved(before: LiveDeployment, life: Workspace, commit: str, **fields: Any) -> dict[str, Any]:
    """The fields of a deployment that moved to a commit, all others as they were."""
    assert before.identity is not None
    own = [tag for tag in before.fields["tags"] if "=" not in tag]
    variables = dict(before.fields["job_variables"])
    variables["env"] = runtime(life, before.identity.name, commit)["env"]
    if "image" in variables:
        variables["image"] = f"{REPOSITORY}:{commit}"
    changed = {"tags": tags(life, commit, *own), "job_variables": variables, **fields}
    return {**before.fields, **changed}


def assert_untouched(life: Workspace, before: dict[str, LiveDeployment], *but: str) -> None:
    """Everything is as it was, `updated` included, but for some."""
    names = {live_name(life, name) for name in but}
    after = life.read()
    assert {k: v for k, v in after.items() if k not in names} == {
        k: v for k, v in before.items() if k not in names
    }


def test_first_apply(life: Workspace) -> None:
    """The first apply makes exactly what the two files, the flows and git say."""
    commit = life.made.git("rev-parse", "HEAD")
    outcome = life.apply()
    assert set(life.kinds(outcome).values()) == {"created"}
    found = life.raw(live_name(life, "orders"))
    version = Version.read(found["version"])
    assert version is not None and version.number == 1
    limit = found.pop("global_concurrency_limit")
    assert limit["limit"] == 1
    schedules = found.pop("schedules")
    told = ("slug", "schedule", "active", "parameters", "max_scheduled_runs")
    assert [{key: each[key] for key in told} for each in schedules] == [
        {
            "slug": "daily",
            "schedule": {"cron": "0 6 * * *", "timezone": "America/New_York", "day_or": True},
            "active": True,
            "parameters": {},
            "max_scheduled_runs": None,
        }
    ]
    flow = life.direct.request("GET", f"/flows/{found['flow_id']}")
    assert flow["name"] == "orders"
    for made_by_the_server in ("id", "created", "updated", "flow_id", "work_queue_id", "version"):
        found.pop(made_by_the_server)
    assert found == {
        "name": live_name(life, "orders"),
        "description": "Load the orders of a day.",
        "entrypoint": "flows/orders.py:orders",
        "path": None,
        "tags": tags(life, commit),
        "labels": {
            "prefect.flow.id": flow["id"],
            "deployments.project": life.made.project,
            "deployments.environment": "production",
            "deployments.branch": "main",
            "deployments.name": "orders",
        },
        "parameters": {"limit": 20},
        "parameter_openapi_schema": {
            "type": "object",
            "title": "Parameters",
            "properties": {
                "day": {"type": "string", "title": "day", "default": "today", "position": 0},
                "limit": {"type": "integer", "title": "limit", "default": 10, "position": 1},
            },
        },
        "enforce_parameter_schema": True,
        "concurrency_limit": None,
        "concurrency_options": {"collision_strategy": "ENQUEUE", "grace_period_seconds": None},
        "work_pool_name": f"{life.made.project}-production",
        "work_queue_name": "default",
        "job_variables": runtime(
            life, "orders", commit, cpu=1024, memory=2048, image=f"{REPOSITORY}:{commit}"
        ),
        "pull_steps": PULL,
        "paused": False,
        "status": "NOT_READY",
        "last_polled": None,
        "storage_document_id": None,
        "infrastructure_document_id": None,
        "created_by": None,
        "updated_by": None,
    }
    people, reports = live(life, "people-of-today"), live(life, "reports")
    assert people.flow == "people_of_today"
    assert people.fields["tags"] == tags(life, commit, "people")
    assert people.fields["job_variables"] == runtime(
        life, "people-of-today", commit, cpu=512, memory=1024, image=f"{REPOSITORY}:{commit}"
    )
    assert [(each.slug, each.timing) for each in people.schedules] == [
        (
            "hourly",
            {
                "interval": 3600.0,
                "anchor_date": "2020-01-01T00:00:00+00:00",
                "timezone": "UTC",
            },
        )
    ]
    assert reports.schedules == ()
    assert reports.fields["work_pool_name"] == f"{life.made.project}-folder"
    assert reports.fields["job_variables"] == runtime(life, "reports", commit)
    assert life.writes() == ["POST /artifacts/", *3 * ["POST /deployments/"], *3 * ["POST /flows/"]]


def test_nothing(life: Workspace) -> None:
    """With nothing to do nothing is written: runs keep their ids, deployments their `updated`."""
    before = life.read()
    runs = {name: life.schedule_runs(name) for name in before}
    assert runs[live_name(life, "orders")] and runs[live_name(life, "people-of-today")]
    outcome = life.apply()
    assert set(life.kinds(outcome).values()) == {"unchanged"}
    assert life.writes() == []
    asked = sorted(request.path for request in life.proxy.requests)
    assert asked == ["/deployments/filter", "/flows/filter"]
    assert life.read() == before
    assert {name: life.runs(name) for name in before} == runs


def test_a_commit_that_touches_no_flow(life: Workspace) -> None:
    """A new commit alone changes nothing: no deployment is moved to it."""
    before = life.read()
    life.made.write("README.md", "A shop.\n")
    life.made.commit()
    life.apply()
    assert life.writes() == []
    assert life.read() == before


def test_a_utility_is_edited(life: Workspace) -> None:
    """Only the flow that reaches the edited module moves, whole, in one PATCH; its schedule stays
    the same one, and the runs of all others stay."""
    before = life.read()
    others = {name: life.runs(name) for name in before if name != live_name(life, "orders")}
    life.made.edit("shelf/rounding.py", "2", "3")
    commit = life.made.commit()
    outcome = life.apply()
    assert life.kinds(outcome)["orders"] == "updated"
    assert life.writes() == ["PATCH orders", "POST /artifacts/"]
    was, now = before[live_name(life, "orders")], live(life, "orders")
    assert was.version is not None and now.version is not None
    assert now.version.number == 2
    assert now.version.fingerprint != was.version.fingerprint
    assert now.version.configuration == was.version.configuration
    assert now.fields == moved(was, life, commit, version=str(now.version))
    assert now.schedules == was.schedules
    assert_untouched(life, before, "orders")
    assert {name: life.runs(name) for name in others} == others


def test_schedules_are_edited(life: Workspace) -> None:
    """A changed schedule stays the same one, a new one comes, one that left the file leaves."""
    before = life.read()
    was = before[live_name(life, "orders")]
    life.made.edit("prefect.yaml", '"0 6 * * *"', '"30 7 * * *"')
    life.made.edit(
        "prefect.yaml",
        "      - {slug: hourly, interval: 3600, timezone: UTC}",
        '      - {slug: nightly, cron: "0 2 * * *", timezone: UTC}',
    )
    commit = life.made.commit()
    life.apply()
    people_was = before[live_name(life, "people-of-today")]
    assert life.writes() == [
        f"DELETE people-of-today/schedules/{people_was.schedules[0].id}",
        "PATCH orders",
        "PATCH people-of-today",
        "POST /artifacts/",
    ]
    now = live(life, "orders")
    timing = {"cron": "30 7 * * *", "timezone": "America/New_York", "day_or": True}
    assert now.schedules == (replace(was.schedules[0], timing=timing),)
    assert now.fields == moved(was, life, commit, version=str(now.version))
    people = live(life, "people-of-today")
    assert [(each.slug, each.timing["cron"], each.active) for each in people.schedules] == [
        ("nightly", "0 2 * * *", True)
    ]
    assert_untouched(life, before, "orders", "people-of-today")


def test_sql_is_edited(life: Workspace) -> None:
    """A query belongs to its flow: only that one moves."""
    before = life.read()
    life.made.write("flows/people/people.sql", "SELECT 2;\n")
    commit = life.made.commit()
    life.apply()
    assert life.writes() == ["PATCH people-of-today", "POST /artifacts/"]
    now = live(life, "people-of-today")
    was = before[live_name(life, "people-of-today")]
    assert now.fields == moved(was, life, commit, version=str(now.version))
    assert now.schedules == was.schedules
    assert_untouched(life, before, "people-of-today")


def test_a_signature_is_edited(life: Workspace) -> None:
    """The schema of the parameters moves with the code, in the same PATCH as the parameter that
    only the new one has."""
    before = life.read()
    life.made.edit("flows/orders.py", "limit: int = 10", "limit: int = 10, dry: bool = False")
    life.made.edit("prefect.yaml", "parameters: {limit: 20}", "parameters: {limit: 20, dry: true}")
    commit = life.made.commit()
    life.apply()
    assert life.writes() == ["PATCH orders", "POST /artifacts/"]
    was, now = before[live_name(life, "orders")], live(life, "orders")
    schema = {
        **was.fields["parameter_openapi_schema"],
        "properties": {
            **was.fields["parameter_openapi_schema"]["properties"],
            "dry": {"type": "boolean", "title": "dry", "default": False, "position": 2},
        },
    }
    assert now.fields == moved(
        was,
        life,
        commit,
        version=str(now.version),
        parameters={"limit": 20, "dry": True},
        parameter_openapi_schema=schema,
    )
    assert_untouched(life, before, "orders")


def test_a_deployment_is_renamed(life: Workspace) -> None:
    """The new name is made; the old one is told, and stays until --prune."""
    before = life.read()
    life.made.edit("prefect.yaml", "name: reports\n", "name: reports-weekly\n")
    commit = life.made.commit()
    outcome = life.apply()
    assert life.kinds(outcome)["reports"] == "orphaned"
    assert life.kinds(outcome)["reports-weekly"] == "created"
    assert life.writes() == ["POST /artifacts/", "POST /deployments/", "POST /flows/"]
    now = live(life, "reports-weekly")
    assert now.flow == "reports"
    assert now.version is not None and now.version.number == 1
    assert now.fields["job_variables"] == runtime(life, "reports-weekly", commit)
    assert_untouched(life, before, "reports-weekly")


def test_what_left_the_file_is_removed(life: Workspace) -> None:
    """--prune removes the old name and a deployment that left the file, and nothing else."""
    text = (life.made.root / "prefect.yaml").read_text()
    start = text.index("  - name: people-of-today")
    life.made.write("prefect.yaml", text[:start] + text[text.index("  - name: reports-weekly") :])
    life.made.commit()
    before = life.read()
    outcome = life.apply(prune=True)
    kinds = life.kinds(outcome)
    assert {name for name, kind in kinds.items() if kind == "removed"} == {
        "people-of-today",
        "reports",
    }
    gone = {live_name(life, "people-of-today"), live_name(life, "reports")}
    assert {request.path for request in life.proxy.writes()} == {
        f"/deployments/{before[name].id}" for name in gone
    }
    assert life.read() == {name: each for name, each in before.items() if name not in gone}
