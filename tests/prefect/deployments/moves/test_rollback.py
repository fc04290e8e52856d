"""A rollback returns one deployment to what it was, whole; in the order of a story."""

from deployments.live import LiveDeployment
from tests.prefect.deployments.apply.workspace import Workspace
from tests.prefect.deployments.moves.commands import Commands

IN_PRODUCTION = ("--environment", "production")

versions: dict[int, LiveDeployment] = {}
"""What was live, by number: to compare with what is live again."""


def without_number(live: LiveDeployment) -> dict[str, object]:
    """All of its fields, and its schedules, but for what differs in each version."""
    assert live.version is not None
    version = (live.version.fingerprint, live.version.configuration)
    schedules = [(each.slug, each.timing, each.active) for each in live.schedules]
    return {**live.fields, "version": version, "schedules": schedules, "paused": live.paused}


def test_a_first_version_has_none_before_it(commands: Commands, workspace: Workspace) -> None:
    """There is nothing to return to, and nothing is written."""
    workspace.apply("orders", "people-of-today")
    versions[1] = commands.live("orders")
    ended = commands("rollback", "orders", *IN_PRODUCTION)
    assert (ended.status, ended.writes) == (1, [])
    assert ended.errors == (
        f"ChangeRefused: {versions[1].live_name}: {versions[1].fields['version']} is its first "
        "version; there is none before it. Pause it in Prefect to stop it.\n"
    )


def test_it_returns_whole(commands: Commands, workspace: Workspace) -> None:
    """Image, code, schema, parameters, resources, schedules and pause are those of then, under the
    next number; the deployment beside it is not touched."""
    made = workspace.made
    made.edit("flows/orders.py", "limit: int = 10", "most: int = 10")
    made.edit("flows/orders.py", "return limit", "return most")
    made.edit("prefect.yaml", "{limit: 20}", "{most: 30}\n    paused: true")
    made.edit("prefect.yaml", 'slug: daily, cron: "0 6', 'slug: nightly, cron: "0 3')
    made.edit("prefect.yaml", "cpu: 1024", "cpu: 512")
    made.edit("environments.yaml", "parameters: {limit: 5}", "parameters: {most: 5}")
    made.commit()
    workspace.apply("orders")
    versions[2] = commands.live("orders")
    people = commands.live("people-of-today")
    assert versions[2].paused

    shown = commands("rollback", "orders", *IN_PRODUCTION, "--plan", "--json")
    assert (shown.status, shown.writes) == (2, [])
    (move,) = shown.content["moves"]
    fields = {change["field"]: change["wanted"] for change in move["changes"]}
    assert fields["schedules.nightly.cron"] is None
    assert fields["schedules.daily.cron"] == "0 6 * * *"
    assert (fields["parameters.limit"], fields["paused"]) == (20, False)

    ended = commands("rollback", "orders", *IN_PRODUCTION)
    assert ended.status == 0, ended.errors
    assert "the next apply deploys that again" in ended.output
    versions[3] = commands.live("orders")
    assert without_number(versions[3]) == without_number(versions[1])
    assert versions[3].version and versions[3].version.number == 3
    assert commands.live("people-of-today") == people


def test_the_files_still_want_what_was_live(commands: Commands) -> None:
    """It is told wherever one looks that an apply would deploy forward again."""
    (production,) = commands("status", *IN_PRODUCTION, "--json").content["environments"]
    wishes = {each["name"]: each["wish"] for each in production["deployments"]}
    assert wishes["orders"] == "other code"


def test_it_can_return_to_any_version(commands: Commands, workspace: Workspace) -> None:
    """`--to v2` finds that version in the history; being there already writes nothing; broken
    files do not stand in the way."""
    workspace.made.edit("prefect.yaml", "entrypoint: flows/reports.py:reports", "entrypoint: x")
    ended = commands("rollback", "orders", *IN_PRODUCTION, "--to", "v2")
    assert ended.status == 0, ended.errors
    assert without_number(commands.live("orders")) == without_number(versions[2])
    again = commands("rollback", "orders", *IN_PRODUCTION, "--to", versions[2].fields["version"])
    assert (again.status, again.writes) == (0, [])


def test_the_history_tells_how_it_came_to_this(commands: Commands) -> None:
    """One version a line: how, of which commit, and what changed against the one before."""
    ended = commands("history", "orders", *IN_PRODUCTION, "--json")
    entries = ended.content["versions"]
    assert [each["version"].partition("-")[0] for each in entries] == ["v4", "v3", "v2", "v1"]
    assert [each["how"] for each in entries] == ["rollback", "rollback", "apply", "apply"]
    assert entries[1]["origin"] == versions[1].fields["version"]
    assert versions[2].release and entries[2]["commit"] == versions[2].release.commit
    assert {"code", "image", "parameters.limit", "paused", "schedules.daily.cron"} <= set(
        entries[1]["changed"]
    )
    assert "tags.COMMIT_HASH" not in entries[1]["changed"]
    told = commands("history", "orders", *IN_PRODUCTION).output.splitlines()
    assert told[0] == versions[1].live_name
    assert len(told) == 2 + len(entries)
    assert "rollback v1-" in told[3]


def test_an_overwritten_version_breaks_no_history(commands: Commands, workspace: Workspace) -> None:
    """What somebody writes into `version` by hand is put right, and the history goes on."""
    live = commands.live("orders")
    workspace.direct.request("PATCH", f"/deployments/{live.id}", {"version": "mine"})
    ended = commands("rollback", "orders", *IN_PRODUCTION, "--to", "v1")
    assert ended.status == 0, ended.errors
    assert "version: mine → v5-" in ended.output
    assert without_number(commands.live("orders")) == without_number(versions[1])
    entries = commands("history", "orders", *IN_PRODUCTION, "--json").content["versions"]
    assert [each["version"].partition("-")[0] for each in entries] == ["v5", "v4", "v3", "v2", "v1"]


def test_mistakes_are_told(commands: Commands) -> None:
    """A version that never was, a deployment and an environment that are not live."""
    never = commands("rollback", "orders", *IN_PRODUCTION, "--to", "v9")
    assert never.errors.startswith(
        f"ParameterInvalid: {versions[1].live_name} never had version 'v9'. Recorded: v5-"
    )
    unknown = commands("rollback", "order", *IN_PRODUCTION)
    assert unknown.errors == (
        "ParameterInvalid: production has no live deployment 'order'. Did you mean \"orders\"?\n"
    )
    nowhere = commands("history", "orders", "--environment", "labs")
    assert nowhere.errors.endswith("is live there. Live: production.\n")
    assert {never.status, unknown.status, nowhere.status} == {1}
