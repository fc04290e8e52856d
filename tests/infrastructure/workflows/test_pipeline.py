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


def build(runner: Runner, client: Any) -> list[str]:
    """Take release.yaml through its builds; return the addresses of the images."""
    ended_well(runner("release.yaml", "images", "Find the images to build"))
    root, own = (runner.values[f"needs.images.outputs.{each}"] for each in ("root", "own"))
    return push(client, root) + push(client, own)


def prove(runner: Runner, prefect: PrefectApi, job: str) -> None:
    """Let the run that proves an environment complete."""
    with pretended_worker(prefect, "prefect-flows", {"type": "COMPLETED"}):
        ended_well(runner("release.yaml", job, "Prove it with a run"))


def first_image(runner: Runner, client: Any) -> str:
    """Make the registry and push the image that the first worker starts from; return its address.

    Before the other stacks: the local AWS server adds nothing to a stack when a condition turns true.
    """
    apply = ".venv/bin/python -m infrastructure apply --environment staging --yes"
    ended_well(runner.shell(f"{apply} --only container_registry"))
    address = f"{IMAGES}:first"
    push(client, json.dumps([{"image": address}]))
    return address


def test_infrastructure(runner: Runner, prefect: PrefectApi, client: Any) -> None:
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
    runner.values["inputs.environment"] = "staging"
    ended_well(runner("infrastructure.yaml", "apply", "Change what Prefect holds"))
    # What production needs of it, in less time.
    prefect.request("POST", "/work_pools/", {"name": "ecs-production", "type": "ecs"})


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
    plan = ended_well(runner("release.yaml", "images", "Show what is to be deployed"))
    assert f"| create | {NEWS} |" in plan.summary
    assert build(runner, client) == [f"{IMAGES}:{head}"]
    ended_well(runner("release.yaml", "staging", "Give the worker the image"))
    ended_well(runner("release.yaml", "staging", "Deploy"))
    prove(runner, prefect, "staging")
    ended_well(runner("release.yaml", "staging", "Read the image that the worker has proven"))
    shown = ended_well(runner("release.yaml", "staging", "Show the promotion"))
    assert f"create     {NEWS}" in shown.summary
    ended_well(runner("release.yaml", "production", "Give the worker the image"))
    promoted = ended_well(runner("release.yaml", "production", "Promote"))
    assert promoted.output.endswith(" created.\n")
    prove(runner, prefect, "production")
    there, here = (live(prefect, NEWS, each) for each in ("staging", "production"))
    assert here.release and here.release.commit == head
    assert here.image == there.image == f"{IMAGES}:{head}"
    assert here.version and there.version
    assert here.version.fingerprint == there.version.fingerprint


def test_nothing_changed(runner: Runner, client: Any) -> None:
    """A commit that no deployment depends on builds nothing, and the worker gets no image."""
    (runner.root / "README.md").write_text("Other words.\n")
    commit(runner.root)
    assert build(runner, client) == []
    assert runner.values["needs.images.outputs.image"] == ""


def test_what_was_tested_is_promoted(runner: Runner, prefect: PrefectApi) -> None:
    """When staging has gone on until somebody agrees, the later commit does not come along."""
    tested = git(runner.root, "rev-parse", "HEAD")
    file = runner.root / "flows" / "news_feeds.py"
    file.write_text(file.read_text() + "\n# One line more.\n")
    commit(runner.root)
    ended_well(runner("release.yaml", "staging", "Deploy"))
    git(runner.root, "checkout", "--quiet", tested)
    before = live(prefect, NEWS, "production")
    refused = runner("release.yaml", "production", "Promote")
    git(runner.root, "checkout", "--quiet", "main")
    assert refused.status == 1
    assert (
        f"ChangeRefused: {NEWS}: what is live in staging is not what is checked" in refused.errors
    )
    assert live(prefect, NEWS, "production") == before


def test_redeploy(runner: Runner, prefect: PrefectApi, client: Any) -> None:
    """The same commit is built again under a tag of its own, goes to staging, and is promoted."""
    runner.values["inputs.rebuild"] = "17402"
    head = git(runner.root, "rev-parse", "HEAD")
    there = live(prefect, NEWS, "staging")
    (image,) = build(runner, client)
    assert image == f"{IMAGES}:{head}-r17402"
    ended_well(runner("release.yaml", "staging", "Redeploy"))
    ended_well(runner("release.yaml", "production", "Promote"))
    here = live(prefect, NEWS, "production")
    assert here.image == live(prefect, NEWS, "staging").image == image
    assert here.version and there.version
    assert here.version.fingerprint == there.version.fingerprint


def test_roll_back(runner: Runner, prefect: PrefectApi) -> None:
    """One deployment returns to the version before; what a person types is a name, and no more."""
    runner.values |= {"inputs.environment": "production", "inputs.to": ""}
    for typed in ("$(touch injected); touch injected", "--help"):
        runner.values["inputs.deployment"] = typed
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
