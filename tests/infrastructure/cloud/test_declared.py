"""What environments.yaml says to the templates: all that is wrong at once, before AWS is asked."""

from typing import Any

import pytest

from tests.infrastructure.cloud.commands import Commands, Repository

LABS = ("--environment", "labs")
FILE = "environments.yaml"
KEYS = "environments.labs.infrastructure.parameters"


@pytest.fixture
def aws_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing answers: every problem here is found before somebody is asked."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "example")


def declare(repository: Repository, **parameters: Any) -> None:
    """Give labs, which is last in the file, other parameters."""
    path = repository.root / FILE
    before, found, rest = path.read_text().partition("  labs:\n")
    assert found
    lines = "".join(f"        {name}: {value}\n" for name, value in parameters.items())
    marker = "        NatGateways: one\n"
    assert marker in rest
    path.write_text(before + found + rest.replace(marker, lines, 1))


def problems(commands: Commands) -> list[str]:
    """Return what is told of labs, one line each, without the numbers of lines."""
    ended = commands("plan", *LABS)
    assert (ended.status, ended.output) == (1, "")
    first, *lines = ended.errors.splitlines()
    assert first.startswith("DeclarationInvalid: ")
    assert first.endswith("nothing was contacted or changed.")
    for line in lines:
        file, number, _ = line.split(":", 2)
        assert file == FILE and int(number) > 1
    return [line.split(": ", 1)[1] for line in lines]


def test_every_problem_is_told_at_once(commands: Commands, repository: Repository) -> None:
    """With its place; one look mends everything."""
    declare(
        repository,
        NatGateway="one",
        NatGateways="two",
        LogRetentionDays=31,
        WorkerImage="x",
        ExistingProviderArn="x",
        Environment="labs",
        StagingBucketName="mine",
        VpcCidr="8.8.8.0/24",
        RedshiftPort=70000,
        StagingDays=2,
    )
    days = "1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 3653"
    assert problems(commands) == [
        f'{KEYS}.NatGateway: no template has this parameter. Did you mean "NatGateways"?',
        f'{KEYS}.NatGateways: found the text "two", expected one of one, one-per-zone.',
        f'{KEYS}.LogRetentionDays: found the text "31", expected one of {days}. Did you mean '
        '"731"?',
        f"{KEYS}.WorkerImage: it is what the worker runs; give another one with --worker-image. "
        "Remove it.",
        f"{KEYS}.ExistingProviderArn: the account is asked for its provider. Remove it.",
        f"{KEYS}.Environment: this follows from the rest of the declaration. Remove it.",
        f"{KEYS}.StagingBucketName: the stack of storage.yaml gives it. Remove it.",
        f'{KEYS}.VpcCidr: found the text "8.8.8.0/24", expected a private /16 such as '
        "10.64.0.0/16.",
        f"{KEYS}.RedshiftPort: found 70000, expected a port, 1 to 65535.",
        f"{KEYS}.StagingDays: found 2, expected a whole number of days, more than the three that a "
        "resumed load looks back.",
    ]


def test_what_a_template_needs_and_does_not_get(commands: Commands, repository: Repository) -> None:
    """The template's own words say what it is."""
    path = repository.root / FILE
    before, labs, rest = path.read_text().rpartition("  labs:\n")
    path.write_text(before + labs + rest.replace("        GitHubRepository:", "        #"))
    assert problems(commands) == [
        "environments.labs.infrastructure: infrastructure/github_oidc.yaml needs a value for "
        "`parameters: {GitHubRepository: ...}`: The repository whose workflows may take the roles, "
        "as owner/name, in the case that GitHub shows."
    ]


def test_values_that_do_not_go_together(commands: Commands, repository: Repository) -> None:
    """A template says it in its rules."""
    declare(repository, NatGateways="one", EgressAllocationIdA="eipalloc-0123456789abcdef0")
    assert problems(commands) == [
        f"{KEYS}: EgressAllocationIdA is set, so EgressAddressA must be the address that it stands "
        "for."
    ]


def test_what_environments_share_they_declare_alike(
    commands: Commands, repository: Repository
) -> None:
    """Or each apply would undo the last one of another environment."""
    declare(repository, NatGateways="one", UntaggedDays=3)
    assert problems(commands) == [
        f"{KEYS}.UntaggedDays: UntaggedDays differs in {other}, which shares this repository of "
        "images. Give both the same value."
        for other in ("production", "sandbox", "staging")
    ]


@pytest.mark.parametrize(
    ("before", "after", "text"),
    [
        (
            "dkr.ecr.us-east-1.amazonaws.com",
            "dkr.ecr.eu-west-1.amazonaws.com",
            "the repository is in eu-west-1, the stacks are in us-east-1. Both have to be the same "
            "region.",
        ),
        (
            "123456789012.dkr.ecr.us-east-1.amazonaws.com",
            "ghcr.io",
            "expected the address of an Amazon ECR repository such as "
            "123456789012.dkr.ecr.us-east-1.amazonaws.com/",
        ),
    ],
)
def test_the_repository_of_images_is_one_that_the_stacks_make(
    commands: Commands, repository: Repository, before: str, after: str, text: str
) -> None:
    """Runs are allowed to read that one."""
    repository.edit(FILE, before, after)
    found = problems(commands)
    assert found[0].startswith("environments.labs.image_repository: ")
    assert text in found[0]


def test_a_worker_serves_one_pool(commands: Commands, repository: Repository) -> None:
    """Two pools of type ecs would leave one without a worker."""
    repository.edit(FILE, "ecs: ecs-labs", "ecs: ecs-labs\n      big: {name: big-labs, type: ecs}")
    assert problems(commands) == [
        "environments.labs.pools: the pools big-labs, ecs-labs are of type ecs; the worker serves "
        "one. Leave one, and give its deployments queues if they are to be told apart."
    ]


def test_the_secret_of_the_worker_is_declared(commands: Commands, repository: Repository) -> None:
    """Or nobody could set it, and the worker would not start."""
    repository.edit("environments.yaml", "[PREFECT_API_KEY, ", "[")
    assert problems(commands) == [
        "environments.labs.secrets: the worker signs in with PREFECT_API_KEY (PrefectSecretName), "
        "which is not among the secrets. Add it."
    ]
    declare(repository, PrefectSecretName='""')
    assert commands("plan", *LABS).errors.startswith("ApiUnavailable: ")


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (("--environment", "local"), "it has no `infrastructure` in environments.yaml"),
        (("--environment", "lab"), 'Did you mean "labs"?'),
        ((*LABS, "--only", "network"), "--only network: there is no such template. There are: "),
    ],
)
def test_a_wrong_name_is_told_with_those_that_exist(
    commands: Commands, arguments: tuple[str, ...], text: str
) -> None:
    """On the command line, too."""
    ended = commands("plan", *arguments)
    assert (ended.status, ended.output) == (1, "")
    assert ended.errors.startswith("ParameterInvalid: ") and text in ended.errors


def test_an_alias_is_refused_here_because_aws_would(
    commands: Commands, repository: Repository
) -> None:
    """It is YAML, and the local AWS server takes it; CloudFormation does not."""
    path = repository.root / "infrastructure" / "storage.yaml"
    path.write_text(f"{path.read_text()}\nMetadata: {{A: &one 1, B: *one}}\n")
    assert "*one is an alias, which CloudFormation does not take" in commands("plan", *LABS).errors


def test_a_template_that_is_too_large_is_refused(
    commands: Commands, repository: Repository
) -> None:
    """CloudFormation takes 51,200 bytes in a request."""
    path = repository.root / "infrastructure" / "storage.yaml"
    path.write_text(f"{path.read_text()}\n{'#' * 51_200}\n")
    assert "CloudFormation takes 51,200 in a request" in commands("plan", *LABS).errors


def test_elsewhere_there_are_no_templates(commands: Commands, repository: Repository) -> None:
    """Commands run in the root of the repository."""
    (repository.root / "infrastructure" / "storage.yaml").unlink()
    assert commands("plan", *LABS).errors == (
        "DeclarationInvalid: infrastructure/storage.yaml: the template cannot be read (No such file "
        "or directory). Run this in the root of the repository.\n"
    )
