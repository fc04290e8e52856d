"""The benchmark of deployments: what it deploys, and when a target counts as reached."""

from pathlib import Path

from benchmarks.deployments.figures import AT_LEAST, find_figures
from benchmarks.deployments.growth import SIZES
from benchmarks.deployments.repository import make_repository
from deployments.catalog.finding import find_flows
from deployments.declaration.reading import read_declaration
from deployments.fingerprint.reading import dependencies


def test_one_module_concerns_five_deployments(tmp_path: Path) -> None:
    """The repository is valid, every flow imports some of the shelf, and five of them its last
    module, which nothing else imports."""
    made = make_repository(tmp_path / "made", "made", flows=20, modules=12)
    catalog = find_flows(made.root)
    declared = read_declaration(made.root, catalog)
    (environment,) = declared.environments.values()
    assert [each.name for each in environment.configurations] == [
        name.replace("_", "-") for name in made.flows
    ]
    reached = dependencies(made.root, declared.packages, catalog.flows)
    seldom = made.seldom_used.relative_to(made.root)
    users = {key for key, found in reached.items() if seldom.as_posix() in map(str, found.files)}
    assert users == {f"flows/{name}.py:{name}" for name in made.flows[:5]}
    assert all(len(found.files) > 5 for found in reached.values())


def test_the_same_repository_every_time(tmp_path: Path) -> None:
    """Both sides of a round, and two rounds, deploy the same files but for their names."""
    texts = []
    for name in ("ours", "theirs"):
        made = make_repository(tmp_path / name, name, flows=6, modules=8)
        texts.append(
            [
                path.read_text().replace(name, "it")
                for path in sorted(made.root.rglob("*.*"))
                if path.is_file() and ".git" not in path.parts
            ]
        )
    assert texts[0] == texts[1]


def test_ratios_are_those_of_medians() -> None:
    """A target is reached at exactly its ratio, and missed below it."""
    theirs, ours, least = AT_LEAST[0]
    seconds = {theirs: [least, 100.0, 0.0], ours: [1.0, 1.0, 50.0]}
    (figure,) = find_figures(seconds)
    assert figure.is_met
    assert figure.value == f"{least:.1f} times faster"
    (figure,) = find_figures(seconds | {ours: [1.1]})
    assert not figure.is_met


def test_cost_that_grows_faster_than_the_number_is_missed() -> None:
    """Among many a deployment may cost a quarter more than the least among few, so that a start which
    weighs on few hides nothing."""
    linear = {f"apply first, {size}": [3.0 + size * 0.1] for size in SIZES}
    (figure,) = find_figures(linear)
    assert figure.is_met
    (figure,) = find_figures(linear | {f"apply first, {SIZES[-1]}": [3.0 + SIZES[-1] * 0.16]})
    assert not figure.is_met


def test_changed_has_a_limit_in_seconds() -> None:
    """The one target that is no ratio."""
    name = "changed, 1,000 modules"
    assert [figure.is_met for figure in find_figures({name: [1.4]})] == [True]
    assert [figure.is_met for figure in find_figures({name: [1.6]})] == [False]
