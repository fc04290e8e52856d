"""A promotion carries what was tested from one environment into another; in the order of a story."""

from deployments.declaration import Schedule
from deployments.live.records import read_records
from tests.prefect.deployments.apply.workspace import Workspace
from tests.prefect.deployments.moves.commands import Commands

STAGING_TO_PRODUCTION = ("promote", "--from", "staging", "--to", "production")

OF_THE_TARGET = ("work_pool_name", "job_variables", "parameters", "version")
"""Fields that may differ between source and target."""


def test_what_was_never_deployed_is_refused(commands: Commands) -> None:
    """Nothing was tested, so nothing is written; each deployment says what to do."""
    ended = commands(*STAGING_TO_PRODUCTION)
    assert (ended.status, ended.writes) == (1, [])
    assert ended.errors.splitlines()[0] == (
        "ChangeRefused: orders: was never deployed to staging, so nothing was tested. Deploy it "
        "there: python -m deployments apply --environment staging"
    )
    assert len(ended.errors.splitlines()) == 3


def test_a_plan_writes_nothing(commands: Commands, workspace: Workspace) -> None:
    """`--plan` tells what would be created, ends with status 2, and leaves Prefect alone."""
    workspace.apply(environment="staging")
    ended = commands(*STAGING_TO_PRODUCTION, "--plan", "--json")
    assert (ended.status, ended.writes) == (2, [])
    kinds = {each["name"]: each["kind"] for each in ended.content["moves"]}
    assert kinds == {"orders": "create", "people-of-today": "create", "reports": "create"}


def test_the_target_gets_what_was_tested_and_its_own_surroundings(
    commands: Commands, workspace: Workspace
) -> None:
    """Image, code, schema, parameters of prefect.yaml, concurrency and resources are the source's;
    pool, schedules and variables the target's; what staging had overridden stays in staging."""
    ended = commands(*STAGING_TO_PRODUCTION)
    assert ended.status == 0, ended.errors
    source, target = commands.live("orders", "staging"), commands.live("orders")
    for name in source.fields.keys() - OF_THE_TARGET:
        assert target.fields[name] == source.fields[name], name
    assert (target.image, target.release) == (source.image, source.release)
    assert source.fields["parameters"] == {"limit": 5}
    assert target.fields["parameters"] == {"limit": 20}
    assert target.fields["work_pool_name"] == f"{workspace.made.project}-production"
    assert target.fields["job_variables"] == {
        "cpu": 1024,
        "memory": 2048,
        "image": source.image,
        "env": {
            "SHOP": "production",
            "DEPLOYMENT_NAME": target.live_name,
            "COMMIT_HASH": workspace.made.git("rev-parse", "HEAD"),
        },
    }
    assert [each.slug for each in target.schedules] == ["daily"]
    assert source.version and target.version
    assert target.version.number == 1
    assert target.version.fingerprint == source.version.fingerprint
    people = commands.live("people-of-today").fields["job_variables"]
    assert (people["cpu"], people["memory"]) == (256, 512)


def test_it_is_recorded(commands: Commands, workspace: Workspace) -> None:
    """The record says where it came from, so that a rollback and the next promotion find it."""
    project = workspace.made.project
    (record,) = read_records(workspace.direct, project, "production", {"orders"})
    source, target = commands.live("orders", "staging"), commands.live("orders")
    assert (record.how, record.origin) == ("promote", f"staging {source.fields['version']}")
    assert (record.version, record.previous) == (target.fields["version"], None)
    assert (record.fields, record.base_parameters) == (target.fields, {"limit": 20})
    daily = Schedule(**record.schedules[0])
    assert (daily.slug, daily.active) == ("daily", None)


def test_a_plan_of_the_same_commit_has_nothing_to_do(workspace: Workspace) -> None:
    """What was promoted is what the target's files want, to the digest; resources that staging's
    defaults had given are told as the one difference."""
    kinds = {action.name: action.kind for action in workspace.plan().actions}
    assert kinds == {"orders": "unchanged", "reports": "unchanged", "people-of-today": "update"}
    (update,) = workspace.plan().of("update")
    fields = {change.field for change in update.changes}
    assert fields == {"version", "job_variables.cpu", "job_variables.memory"}


def test_a_second_promotion_writes_nothing(commands: Commands) -> None:
    """All is there already; what the next apply would change is said."""
    ended = commands(*STAGING_TO_PRODUCTION, "--json")
    assert (ended.status, ended.writes) == (0, [])
    moves = {each["name"]: each for each in ended.content["moves"]}
    assert {each["outcome"] for each in moves.values()} == {"unchanged"}
    assert moves["people-of-today"]["notes"][-1] == (
        "the checked-out files want other job_variables.cpu, job_variables.memory: the next apply "
        "in production would change that"
    )


def test_a_failed_last_run_refuses_it_alone(commands: Commands, workspace: Workspace) -> None:
    """A deployment whose last run in the source failed stays, the others go on, the status is 1;
    with --even-if-failed it goes, too."""
    workspace.made.edit("shelf/rounding.py", "2", "3")
    workspace.made.edit("shelf/names.py", "Hello", "Welcome")
    commit = workspace.made.commit()
    workspace.apply(environment="staging")
    commands.end_run("orders", "staging", "COMPLETED")
    run = commands.end_run("orders", "staging", "FAILED")
    commands.end_run("people-of-today", "staging", "COMPLETED")
    before = commands.live("orders")

    ended = commands(*STAGING_TO_PRODUCTION)
    assert ended.status == 1
    assert ended.errors.startswith(
        f"ChangeRefused: orders: its last run in staging, {run['name']}, ended as Failed at "
    )
    assert ended.writes == ["PATCH people-of-today", "POST /artifacts/"]
    assert commands.live("orders") == before
    people = commands.live("people-of-today")
    assert people.release and people.release.commit == commit

    assert commands(*STAGING_TO_PRODUCTION, "orders", "--even-if-failed").status == 0
    orders = commands.live("orders")
    assert orders.image == commands.live("orders", "staging").image
    assert orders.version and orders.version.number == 2


def test_what_was_changed_by_hand_is_refused(commands: Commands, workspace: Workspace) -> None:
    """Nobody knows whether a source that somebody has edited was tested so; when it runs there,
    by a pause or a schedule made by hand, makes no difference."""
    live = commands.live("people-of-today", "staging")
    api = workspace.direct
    api.request("PATCH", f"/deployments/{live.id}", {"parameters": {"full": True}})
    reports = commands.live("reports", "staging")
    api.request("PATCH", f"/deployments/{reports.id}", {"paused": True})
    schedule = {"schedule": {"interval": 3600, "anchor_date": "2026-01-01T00:00:00Z"}}
    api.request("POST", f"/deployments/{reports.id}/schedules", [schedule])
    ended = commands(*STAGING_TO_PRODUCTION, "people-of-today", "reports")
    assert (ended.status, ended.writes) == (1, [])
    assert ended.errors == (
        "ChangeRefused: people-of-today: was changed in staging by hand since it was deployed: "
        "parameters.full. Put it back, and test that: python -m deployments apply --environment "
        "staging\n"
    )
    workspace.apply(environment="staging")


def test_files_that_went_on_do_not_come_along(commands: Commands, workspace: Workspace) -> None:
    """A later commit that staging does not run is not promoted; that the files want more is said."""
    tested = commands.live("orders", "staging")
    workspace.made.edit("prefect.yaml", "limit: 20", "limit: 99")
    workspace.made.edit("shelf/rounding.py", "3", "4")
    workspace.made.commit()
    ended = commands(*STAGING_TO_PRODUCTION, "orders", "--even-if-failed", "--json")
    (move,) = ended.content["moves"]
    assert (ended.status, ended.writes) == (0, [])
    assert move["notes"][-1] == (
        "the checked-out files want other code, parameters.limit: the next apply in production "
        "would change that"
    )
    assert commands.live("orders").release == tested.release


def test_a_source_that_went_on_is_not_what_was_tested(
    commands: Commands, workspace: Workspace
) -> None:
    """With --as-checked-out a deployment goes only as the checked-out commit has it; here the
    source runs an earlier one, as it may run a later one by the time that a person has agreed."""
    ended = commands(
        *STAGING_TO_PRODUCTION, "orders", "reports", "--even-if-failed", "--as-checked-out"
    )
    assert (ended.status, ended.writes) == (1, [])
    assert ended.errors == (
        "ChangeRefused: orders: what is live in staging is not what is checked out: the files want "
        "other code. Check out the commit that staging runs, or deploy this one there and test it: "
        "python -m deployments apply --environment staging orders\n"
    )
    assert "unchanged  reports" in ended.output


def test_what_the_target_adds_has_to_be_agreed(commands: Commands, workspace: Workspace) -> None:
    """Its part is taken from the committed files of its branch, and from no others; `--plan` says
    so and shows what would be done."""
    made = workspace.made
    made.edit("environments.yaml", "SHOP: production", "SHOP: elsewhere")
    shown = commands(*STAGING_TO_PRODUCTION, "people-of-today", "--plan")
    dirty = commands(*STAGING_TO_PRODUCTION, "people-of-today")
    assert "job_variables.env.SHOP: production → elsewhere" in shown.output
    assert shown.status == 2
    made.git("switch", "--quiet", "--create", "elsewhere")
    branch = commands(*STAGING_TO_PRODUCTION, "people-of-today")
    made.git("switch", "--quiet", "main")
    made.git("checkout", "--quiet", "environments.yaml")
    assert (
        dirty.errors
        == shown.errors
        == (
            "RepositoryNotReady: What production adds is read from prefect.yaml and environments.yaml, "
            "and environments.yaml differs from the commit. Commit or stash that.\n"
        )
    )
    assert branch.errors == (
        "RepositoryNotReady: What production adds is read from the checked-out files, and these are "
        "of the branch elsewhere, not of main. Check main out.\n"
    )
    for ended in (shown, dirty, branch):
        assert ended.writes == []
    assert {dirty.status, branch.status} == {1}


def test_a_missing_pool_is_told(commands: Commands, workspace: Workspace) -> None:
    """The target could not run what has no work pool: nothing is written."""
    pool = f"{workspace.made.project}-folder"
    workspace.made.edit("environments.yaml", pool, f"{pool}-new")
    ended = commands(*STAGING_TO_PRODUCTION, "reports")
    workspace.made.git("checkout", "--quiet", "environments.yaml")
    assert (ended.status, ended.writes) == (1, [])
    assert f"reports: Prefect has no work pool {pool}-new" in ended.errors


def test_a_deployment_of_somebody_else_is_left_alone(
    commands: Commands, workspace: Workspace
) -> None:
    """A deployment of the name that we did not make is refused and stays as it is."""
    api, live = workspace.direct, commands.live("reports")
    flow = api.request("GET", f"/deployments/{live.id}")["flow_id"]
    api.request("DELETE", f"/deployments/{live.id}")
    api.request("POST", "/deployments/", {"name": live.live_name, "flow_id": flow})
    foreign = commands.live("reports")
    ended = commands(*STAGING_TO_PRODUCTION, "reports")
    assert (ended.status, ended.writes) == (1, [])
    assert "was not made for this deployment" in ended.errors
    assert commands.live("reports") == foreign


def test_mistaken_names_are_told_before_anything_is_asked(commands: Commands) -> None:
    """An unknown deployment, an unknown environment, and an environment promoted into itself."""
    unknown = commands(*STAGING_TO_PRODUCTION, "order")
    assert unknown.errors == (
        "ParameterInvalid: prefect.yaml has no deployment 'order'. Did you mean \"orders\"?\n"
    )
    nowhere = commands("promote", "--from", "staging", "--to", "prod")
    assert nowhere.errors.startswith("DeclarationInvalid: environments.yaml has no environment")
    itself = commands("promote", "--from", "staging", "--to", "staging")
    assert itself.errors.startswith("ParameterInvalid: --from and --to are both staging.")
    assert {unknown.status, nowhere.status, itself.status} == {1}


def test_without_a_record_nobody_knows_what_was_tested(
    commands: Commands, workspace: Workspace
) -> None:
    """A source whose record somebody removed is refused."""
    key = f"deployments-{workspace.made.project}-staging".replace("_", "-")
    api, wanted = workspace.direct, {"artifacts": {"key": {"any_": [key]}}}
    for artifact in api.request("POST", "/artifacts/filter", wanted):
        api.request("DELETE", f"/artifacts/{artifact['id']}")
    ended = commands(*STAGING_TO_PRODUCTION, "reports")
    assert (ended.status, ended.writes) == (1, [])
    assert ended.errors.startswith("ChangeRefused: reports: there is no record of version 'v1-")
