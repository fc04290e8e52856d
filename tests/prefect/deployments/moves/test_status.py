"""What is live, in every environment, and whether it is what was deployed; in the order of a story."""

import json

from tests.prefect.deployments.apply.workspace import Workspace
from tests.prefect.deployments.moves.commands import Commands


def by_name(ended_output: str, environment: str) -> dict[str, dict[str, object]]:
    """Return what status tells of an environment, by the deployment's name."""
    told = {each["name"]: each for each in json.loads(ended_output)["environments"]}
    return {each["name"]: each for each in told[environment]["deployments"]}


def test_nothing_is_deployed_at_first(commands: Commands) -> None:
    """Each environment of the file is named."""
    ended = commands("status")
    assert ended.output.splitlines() == [
        "production: nothing is deployed.",
        "",
        "staging: nothing is deployed.",
        "",
        "local: nothing is deployed.",
    ]


def test_a_live_deployment_tells_what_it_runs(commands: Commands, workspace: Workspace) -> None:
    """Commit, package, branch, fingerprint and image are read back from the server alone; a branch
    with a slash comes back as git spells it."""
    made = workspace.made
    made.git("switch", "--quiet", "--create", "feature/o'rders")
    text = (made.root / "environments.yaml").read_text()
    (made.root / "environments.yaml").write_text(text.replace("    branch: main\n", ""))
    commit = made.commit()
    workspace.apply("orders", "people-of-today")
    told = by_name(commands("status", "--json").output, "production")
    live = commands.live("orders")
    assert live.live_name == f"{made.project}--feature-o-rders--orders--production"
    assert live.version is not None
    assert told["orders"]["branch"] == "feature/o'rders"
    assert told["orders"]["runs"] == {
        "commit": commit,
        "is_dirty": False,
        "package_version": "1.2.0",
        "branch": "feature/o'rders",
        "number": 1,
        "fingerprint": live.version.fingerprint,
        "configuration": live.version.configuration,
        "image": f"123456789012.dkr.ecr.us-east-1.amazonaws.com/shop:{commit}",
    }
    assert (told["orders"]["wish"], told["orders"]["drift"]) == ("nothing", [])
    assert (told["reports"]["wish"], told["reports"]["version"]) == ("to be created", None)


def test_runs_drift_and_wishes_are_told(commands: Commands, workspace: Workspace) -> None:
    """The last and the next run, what was changed by hand, pauses, and what the files want."""
    promoted = commands("promote", "--from", "production", "--to", "staging", "orders")
    assert promoted.status == 0, promoted.errors
    workspace.schedule_runs(commands.live("orders").live_name)
    run = commands.end_run("people-of-today", "production", "CRASHED")
    api, people = workspace.direct, commands.live("people-of-today")
    variables = {**people.fields["job_variables"], "cpu": 4096}
    api.request("PATCH", f"/deployments/{people.id}", {"job_variables": variables, "paused": True})
    workspace.made.edit("prefect.yaml", "limit: 20", "limit: 21")
    workspace.made.write("shelf/rounding.py", "DIGITS = 4\n")

    ended = commands("status", "--json")
    assert ended.writes == []
    told = by_name(ended.output, "production")
    orders, person = told["orders"], told["people-of-today"]
    assert isinstance(orders["next_run"], dict) and orders["next_run"]["state"] == "SCHEDULED"
    assert orders["wish"] == "other code"
    assert isinstance(person["last_run"], dict)
    assert (person["last_run"]["name"], person["last_run"]["state"]) == (run["name"], "CRASHED")
    assert isinstance(person["drift"], list)
    assert [change["field"] for change in person["drift"]] == ["job_variables.cpu"]
    assert (person["paused"], person["wish"], person["next_run"]) == (True, "nothing", None)
    assert set(by_name(ended.output, "staging")) == {"orders", "people-of-today", "reports"}

    table = commands("status", "--environment", "production").output
    line = next(line for line in table.splitlines() if line.startswith("people-of-today"))
    assert "Crashed" in line
    assert line.rstrip().endswith("paused; changed by hand: job_variables.cpu")


def test_it_asks_the_same_few_questions_however_much_is_live(
    commands: Commands, workspace: Workspace
) -> None:
    """Deployments, flows, records of each environment, last runs, next runs: one request each."""
    commands("status")
    asked = sorted(request.path for request in workspace.proxy.requests)
    assert asked == [
        "/artifacts/filter",
        "/artifacts/filter",
        "/deployments/filter",
        "/flow_runs/filter",
        "/flow_runs/filter",
        "/flows/filter",
    ]


def test_broken_files_do_not_hide_what_is_live(commands: Commands, workspace: Workspace) -> None:
    """What is live is told all the same; what the files want is not."""
    workspace.made.edit("prefect.yaml", "limit: 21", "limt: 21")
    ended = commands("status", "--environment", "production")
    assert ended.status == 0
    assert "people-of-today" in ended.output and "the files want" not in ended.output
    assert ended.errors.startswith("production: 1 problem")


def test_an_environment_that_is_none_is_an_error(commands: Commands, workspace: Workspace) -> None:
    """Neither declared nor live: most likely misspelled."""
    workspace.made.git("checkout", "--quiet", ".")
    ended = commands("status", "--environment", "prodution")
    assert ended.status == 1
    assert ended.errors.startswith("DeclarationInvalid: environments.yaml has no environment")
