"""Files that are not what they claim to be, and all that is wrong at once."""

from pathlib import Path

import pytest

from deployments.declaration.reading import read_declaration
from tests.unit.deployments.declaration.made_files import (
    CATALOG,
    ENVIRONMENTS,
    HEAD,
    ORDERS,
    deployments,
    problems,
)
from utilities.errors import DeclarationInvalid

QUOTES = "Quote texts that hold a colon, a brace or a star."

FILES = {
    "name: [\n": "prefect.yaml:2: not YAML: while parsing a flow node: did not find expected node "
    f"content. {QUOTES}",
    f"{HEAD}deployments:\n  - cron: * * * * *\n": "prefect.yaml:6: not YAML: while scanning an "
    f"alias: did not find expected alphabetic or numeric character. {QUOTES}",
    f"{HEAD}deployments: []\n---\na: 1\n": "prefect.yaml:6: not YAML: expected a single document in "
    f"the stream: but found another document. {QUOTES}",
    "- a\n": "prefect.yaml:1: found a list, expected a mapping with keys.",
    f"{HEAD}deployments: []\nx-a: !own 1\n": "prefect.yaml:6: could not determine a constructor for "
    "the tag '!own'. Put the value in quotes if it is meant as text.",
    f"{HEAD}deployments: []\nx-a: 2020-13-45\n": "prefect.yaml:6: month must be in 1..12. Put the "
    "value in quotes if it is meant as text.",
    f"{HEAD}deployments: []\nx-a: .nan\n": "prefect.yaml:6: .nan cannot be written as JSON, which is "
    "what Prefect keeps. Put it in quotes.",
    f"{HEAD}deployments: []\nx-a: {{<<: 5}}\n": "prefect.yaml:6: <<: found 5, expected an alias of a "
    "mapping (*name).",
    f"{HEAD}deployments: []\nx-a: &a [*a]\n": "prefect.yaml:6: the anchor holds an alias of itself. "
    "Write the value out.",
    f"{HEAD}deployments: []\nname: again\n": 'prefect.yaml:6: the key "name" stands here a second '
    "time (first in line 1). Remove one of the two.",
    f"{HEAD}deployments: []\npulll: []\n": "prefect.yaml:6: pulll: the key is not known. Did you mean "
    '"pull"?',
}


@pytest.mark.parametrize("text", FILES)
def test_a_file_that_cannot_be_read_is_explained(tmp_path: Path, text: str) -> None:
    """With the line in which reading ended, and nothing that only follows from it."""
    assert problems(tmp_path, text) == [FILES[text]]


def test_an_empty_file_lacks_what_is_required(tmp_path: Path) -> None:
    """A file of comments is a mapping without keys."""
    assert problems(tmp_path, "# nothing yet\n") == [
        'prefect.yaml:1: "deployments" is missing: all deployments.',
        'prefect.yaml:1: "name" is missing: name of the project.',
        'prefect.yaml:1: "pull" is missing: how a run gets at its code.',
    ]


def test_a_file_that_is_missing_is_named(tmp_path: Path) -> None:
    """Both are, and the message counts them."""
    with pytest.raises(DeclarationInvalid) as caught:
        read_declaration(tmp_path, CATALOG)
    assert str(caught.value).splitlines() == [
        "2 problems; nothing was contacted or changed.",
        "environments.yaml:1: the file does not exist. Run this in the repository's root.",
        "prefect.yaml:1: the file does not exist. Run this in the repository's root.",
    ]


def test_a_file_that_is_not_text_is_named(tmp_path: Path) -> None:
    """Bytes that are no UTF-8 are not YAML."""
    (tmp_path / "environments.yaml").write_text(ENVIRONMENTS, encoding="utf-8")
    (tmp_path / "prefect.yaml").write_bytes(b"name: \xff\xfe\n")
    with pytest.raises(DeclarationInvalid, match=r"prefect\.yaml:1: not YAML: "):
        read_declaration(tmp_path, CATALOG)


def test_everything_is_told_at_once(tmp_path: Path) -> None:
    """Problems of both files, of every level, sorted by file and line; one look mends them all."""
    prefect = deployments(
        ORDERS
        + "parameters: {dya: x, limit: ten}\n"
        + "schedules:\n  - {slug: a, cron: x, timezone: Mars}\n  - interval: 0\n"
        + "shedules: []\n",
        ORDERS.replace("orders.py", "oders.py").replace("{name: ecs}", "{name: esc}"),
    )
    environments = ENVIRONMENTS.replace("packages:", "package:") + (
        "    resources: {ecs: {cpu: 1, memory: 2}}\n    variables: {API_KEY: x}\n"
        "    overrides: {nobody: {}}\n"
    )
    found = problems(tmp_path, prefect, environments)
    assert [line.split(" ")[:2] for line in found] == [
        ["environments.yaml:1:", "package:"],
        ["environments.yaml:7:", "environments.production.resources.ecs:"],
        ["environments.yaml:8:", "environments.production.variables.API_KEY:"],
        ["environments.yaml:9:", "environments.production.overrides.nobody:"],
        ["prefect.yaml:9:", "deployments.orders.parameters.dya:"],
        ["prefect.yaml:9:", "deployments.orders.parameters.limit:"],
        ["prefect.yaml:11:", "deployments.orders.schedules.a.cron:"],
        ["prefect.yaml:11:", "deployments.orders.schedules.a.timezone:"],
        ["prefect.yaml:12:", "deployments.orders.schedules[1].interval:"],
        ["prefect.yaml:12:", "deployments.orders.schedules[1]:"],
        ["prefect.yaml:13:", "deployments.orders.shedules:"],
        ["prefect.yaml:14:", "deployments.orders.name:"],
        ["prefect.yaml:15:", "deployments.orders.entrypoint:"],
    ]


def test_one_broken_file_does_not_blame_the_other(tmp_path: Path) -> None:
    """Without the deployments nobody knows which overrides are wrong."""
    overridden = f"{ENVIRONMENTS}    overrides: {{orders: {{paused: true}}}}\n"
    found = problems(tmp_path, "name: [\n", overridden)
    assert [line.partition(":")[0] for line in found] == ["prefect.yaml"]
