"""Every run block of the workflows, run in the order in which a team meets them.

From an empty account to production, a rebuild, a promotion by hand and the way back. What runs
containers is played: an image is put into the registry, and a run is told to have ended.
"""

import json
from typing import Any

from deployments.live import LiveDeployment
from deployments.live.api import PrefectApi
from deployments.live.reading import read_live
from tests.infrastructure.workflows.conftest import commit, git
from tests.infrastructure.workflows.reading import steps
from tests.infrastructure.workflows.running import Done, Runner
from tests.prefect.deployments.moves.pretended_worker import pretended_worker

SECRETS = ("PREFECT_API_KEY", "REDSHIFT_PASSWORD", "VAN_API_KEY", "SLACK_WEBHOOK_URL")
WEBHOOK = "/".join(("https://hooks.slack.com/services", "T000", "B000", "madeup"))
COMPLETED = {"type": "COMPLETED"}
NEWS = "news-feeds"
IMAGES = "123456789012.dkr.ecr.us-east-1.amazonaws.com/prefect-flows"

ELSEWHERE = {
    ("check.yaml", "check", "Check and test"): "it runs the tests, this one among them",
}
"""Blocks that are not run here, and why."""


def ended_well(done: Done) -> Done:
    """Return what became of a block that had to end well."""
    assert done.status == 0, f"{done.output}\n{done.errors}\n{done.summary}"
    return done


def live(prefect: PrefectApi, name: str, environment: str) -> LiveDeployment:
    """What is live of a deployment."""
    found = read_live(prefect, "prefect-flows")
    return next(each for each in found if each.live_name.endswith(f"--{name}--{environment}"))


def push(client: Any, images: str) -> list[str]:
    """Put images there that a matrix names, as the action ends; return their addresses."""
    addresses = [image["image"] for image in json.loads(images)]
    for address in addresses:
        name, _, tag = address.partition("/")[2].partition(":")
        content = {
            "schemaVersion": 2,
            "mediaType": "application/vnd.oci.image.manifest.v1+json",
            "config": {"digest": address},
            "layers": [],
        }
        client("ecr").put_image(
            repositoryName=name, imageManifest=json.dumps(content), imageTag=tag
        )
    return addresses


def release(runner: Runner, prefect: PrefectApi, client: Any) -> tuple[list[str], Done]:
    """Take release.yaml as far as the approval; return the images built and the last block."""
    rebuild = runner.values["inputs.rebuild"]
    if not rebuild:
        ended_well(runner("release.yaml", "images", "Show what is to be deployed"))
    ended_well(runner("release.yaml", "images", "Find the images to build"))
    built = push(client, runner.values["needs.images.outputs.root"])
    built += push(client, runner.values["needs.images.outputs.own"])
    if runner.values["needs.images.outputs.image"]:
        ended_well(runner("release.yaml", "staging", "Give the worker the image"))
    ended_well(runner("release.yaml", "staging", "Redeploy" if rebuild else "Deploy"))
    with pretended_worker(prefect, "prefect-flows", COMPLETED):
        ended_well(runner("release.yaml", "staging", "Prove it with a run"))
    ended_well(runner("release.yaml", "staging", "Read the image that the worker has proven"))
    return built, ended_well(runner("release.yaml", "staging", "Show the promotion"))


def approve(runner: Runner, prefect: PrefectApi) -> Done:
    """Take release.yaml through production; return the promotion."""
    ended_well(runner("release.yaml", "production", "Give the worker the image"))
    promoted = runner("release.yaml", "production", "Promote")
    if promoted.status == 0:
        with pretended_worker(prefect, "prefect-flows", COMPLETED):
            ended_well(runner("release.yaml", "production", "Prove it with a run"))
    return promoted


def first_image(runner: Runner, client: Any) -> str:
    """Make the registry and push the image that the first worker starts from; return its address.

    Before the other stacks: the local AWS server adds nothing to a stack when a condition turns true.
    """
    apply = ".venv/bin/python -m infrastructure apply --environment staging --yes"
    ended_well(runner.shell(f"{apply} --only container_registry"))
    address = f"{IMAGES}:first"
    push(client, json.dumps([{"image": address}]))
    return address


def test_infrastructure(runner: Runner, client: Any) -> None:
    """What is to be made is shown, and made: stacks, the worker, and what Prefect holds."""
    for environment in ("staging", "production"):
        for name in SECRETS:
            parameter = f"/PrefectFlows/{environment}/{name}"
            client("ssm").put_parameter(Name=parameter, Value=WEBHOOK, Type="SecureString")
    runner.values["inputs.worker_image"] = first_image(runner, client)
    runner.values["matrix.environment"] = "staging"
    plan = ended_well(runner("infrastructure.yaml", "plan", "Show what would change"))
    assert "prefect-flows-fixed-egress-staging" in plan.summary
    for environment in ("staging", "production"):
        runner.values["inputs.environment"] = environment
        ended_well(runner("infrastructure.yaml", "apply", "Change the stacks"))
        ended_well(runner("infrastructure.yaml", "apply", "Change what Prefect holds"))


def test_pull_request(runner: Runner) -> None:
    """The comment says which deployments a branch changes, however the other branch is called."""
    base = "$(touch${IFS}injected)"
    git(runner.root, "update-ref", f"refs/remotes/origin/{base}", "HEAD")
    git(runner.root, "switch", "--quiet", "--create", "news")
    file = runner.root / "flows" / "news_feeds.py"
    file.write_text(file.read_text() + "\n# One line more.\n")
    commit(runner.root)
    runner.values["github.base_ref"] = base
    done = ended_well(runner("tests.yaml", "changed", "Find what the pull request changes"))
    comment = json.loads(runner.values["needs.changed.outputs.markdown"])
    assert comment == done.summary
    assert "`news-feeds` | code changed" in comment
    git(runner.root, "switch", "--quiet", "main")


def test_deploy(runner: Runner, prefect: PrefectApi, client: Any) -> None:
    """One image of the commit is built; staging gets it and proves it; whoever approves sees what
    is to come; production then runs the same commit, image and code."""
    runner.values["inputs.rebuild"] = ""
    head = git(runner.root, "rev-parse", "HEAD")
    built, shown = release(runner, prefect, client)
    assert built == [f"{IMAGES}:{head}"]
    assert f"create     {NEWS}" in shown.summary
    assert ended_well(approve(runner, prefect)).output.endswith(" created.\n")
    staged, promoted = (live(prefect, NEWS, each) for each in ("staging", "production"))
    assert promoted.release and promoted.release.commit == head
    assert promoted.image == staged.image == f"{IMAGES}:{head}"
    assert promoted.version and staged.version
    assert promoted.version.fingerprint == staged.version.fingerprint


def test_nothing_changed(runner: Runner, prefect: PrefectApi, client: Any) -> None:
    """A commit that no deployment depends on builds nothing and writes nothing."""
    (runner.root / "README.md").write_text("Other words.\n")
    commit(runner.root)
    before = live(prefect, NEWS, "production")
    built, shown = release(runner, prefect, client)
    assert built == []
    assert f"unchanged  {NEWS}" in shown.summary
    ended_well(approve(runner, prefect))
    assert live(prefect, NEWS, "production") == before


def test_what_was_tested_is_promoted(runner: Runner, prefect: PrefectApi, client: Any) -> None:
    """When staging has gone on until somebody agrees, the later commit does not come along."""
    tested = git(runner.root, "rev-parse", "HEAD")
    file = runner.root / "flows" / "news_feeds.py"
    file.write_text(file.read_text() + "\n# One line more.\n")
    later = commit(runner.root)
    release(runner, prefect, client)
    git(runner.root, "checkout", "--quiet", tested)
    before = live(prefect, NEWS, "production")
    refused = approve(runner, prefect)
    git(runner.root, "checkout", "--quiet", "main")
    assert refused.status == 1
    assert (
        f"ChangeRefused: {NEWS}: what is live in staging is not what is checked" in refused.errors
    )
    assert live(prefect, NEWS, "production") == before
    ended_well(approve(runner, prefect))
    promoted = live(prefect, NEWS, "production")
    assert promoted.release and promoted.release.commit == later


def test_redeploy(runner: Runner, prefect: PrefectApi, client: Any) -> None:
    """The same commit is built again under a tag of its own, proven in staging, and promoted."""
    runner.values["inputs.rebuild"] = "17402"
    head = git(runner.root, "rev-parse", "HEAD")
    before = live(prefect, NEWS, "production")
    built, _ = release(runner, prefect, client)
    assert built == [f"{IMAGES}:{head}-r17402"]
    ended_well(approve(runner, prefect))
    after = live(prefect, NEWS, "production")
    assert after.image == built[0]
    assert after.version and before.version
    assert after.version.fingerprint == before.version.fingerprint


def test_roll_back(runner: Runner, prefect: PrefectApi) -> None:
    """One deployment returns to the version before; what a person types is a name, and no more."""
    inputs = {"inputs.environment": "production", "inputs.to": ""}
    for typed in ("$(touch injected)", "--help", "x; touch injected"):
        runner.values |= {**inputs, "inputs.deployment": typed}
        refused = runner("rollback.yaml", "rollback", "Roll back")
        assert refused.errors.startswith(
            f"ParameterInvalid: production has no live deployment {typed!r}."
        )
    before = live(prefect, NEWS, "production")
    runner.values["inputs.deployment"] = NEWS
    ended_well(runner("rollback.yaml", "rollback", "Roll back"))
    assert live(prefect, NEWS, "production").image != before.image


def test_promote_by_hand(runner: Runner, prefect: PrefectApi) -> None:
    """Named deployments alone go from one environment into another; again no more than names."""
    flag = "inputs.even_if_failed && '--even-if-failed' || ''"
    runner.values |= {"inputs.source": "staging", "inputs.target": "production", flag: ""}
    runner.values["inputs.deployments"] = "$(touch injected) *"
    refused = runner("promote.yaml", "promote", "Promote")
    assert refused.errors.startswith("ParameterInvalid: prefect.yaml has no deployment ")
    runner.values |= {"inputs.deployments": f"{NEWS}  egress-check", flag: "--even-if-failed"}
    ended_well(runner("promote.yaml", "promote", "Promote"))
    assert live(prefect, NEWS, "production").image == live(prefect, NEWS, "staging").image


def test_actions(runner: Runner) -> None:
    """The packages are found installed; the recipe of a flow's own image is written as it came."""
    ended_well(runner("python", "", "Install the locked packages"))
    recipe = "FROM base:1\nRUN echo \"$HOME\" '%s'\n"
    name = "Write the Dockerfile of a flow that brings requirements alone"
    ended_well(runner("image", "", name, RECIPE=recipe))
    assert (runner.temporary / "Dockerfile").read_text() == recipe


def test_every_block_was_run(runner: Runner) -> None:
    """No run block is in the workflows that was not run above, or is named with the reason; none
    has run what a person typed."""
    blocks = {each.key for each in steps() if "run" in each.content}
    assert blocks - runner.ran == set(ELSEWHERE)
    assert not [*runner.root.glob("**/injected")]
