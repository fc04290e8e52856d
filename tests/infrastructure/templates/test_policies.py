"""Each role may do exactly what is used, on what it is used on."""

from collections import defaultdict

import pytest

from tests.infrastructure.templates import authority
from tests.infrastructure.templates.declared import VARIANTS, variant
from tests.infrastructure.templates.proofs import NETWORK, Broken, Rule
from tests.infrastructure.templates.reader import NAMES
from tests.infrastructure.templates.rules import policies

RULES = (
    policies.stars,
    policies.storage,
    policies.secrets,
    policies.passed_roles,
    policies.trust,
)
OBJECTS = {"s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:PutObject"}
STACKS = {"cloudformation:DescribeStacks", "cloudformation:GetTemplate"}

USED = {
    "FlowTaskRole": {
        *OBJECTS,
        "s3:ListBucket",
        "ecr:BatchDeleteImage",
        "ecr:DescribeImages",
    },
    "ExecutionRole": {
        "ecr:BatchCheckLayerAvailability",
        "ecr:BatchGetImage",
        "ecr:GetAuthorizationToken",
        "ecr:GetDownloadUrlForLayer",
        "logs:CreateLogStream",
        "logs:PutLogEvents",
        "secretsmanager:GetSecretValue",
        "ssm:GetParameters",
    },
    "WorkerRole": {
        "ecs:DescribeTaskDefinition",
        "ecs:DescribeTasks",
        "ecs:RegisterTaskDefinition",
        "ecs:RunTask",
        "ecs:StopTask",
        "ecs:TagResource",
        "iam:PassRole",
        "logs:GetLogEvents",
        "sqs:ChangeMessageVisibility",
        "sqs:DeleteMessage",
        "sqs:GetQueueUrl",
        "sqs:ReceiveMessage",
    },
    "RedshiftRole": {*OBJECTS, "s3:GetBucketLocation", "s3:ListBucket"},
    "PlanRole": {*STACKS, "ecr:DescribeImages", "ecr:ListImages", "ssm:DescribeParameters"},
    "DeployRole": {
        *STACKS,
        "ecr:BatchCheckLayerAvailability",
        "ecr:BatchGetImage",
        "ecr:CompleteLayerUpload",
        "ecr:DescribeImages",
        "ecr:GetAuthorizationToken",
        "ecr:GetDownloadUrlForLayer",
        "ecr:InitiateLayerUpload",
        "ecr:ListImages",
        "ecr:PutImage",
        "ecr:UploadLayerPart",
        "ecs:DescribeServices",
        "ecs:DescribeTaskDefinition",
        "ecs:DescribeTasks",
        "ecs:ListTasks",
        "ecs:RegisterTaskDefinition",
        "ecs:UpdateService",
        "iam:PassRole",
        "ssm:GetParameter",
    },
}
"""All that each role may do."""

STATEMENTS = ("Properties", "Policies", 0, "PolicyDocument", "Statement")
TRUST = ("Properties", "AssumeRolePolicyDocument", "Statement", 0)
TOKEN = "token.actions.githubusercontent.com"

BROKEN = (
    Broken(
        policies.stars,
        ("FlowTaskRole", *STATEMENTS, 1, "Action"),
        "FlowTaskRole (ReadAndWriteStaged) allows s3:*",
        to="s3:*",
    ),
    Broken(
        policies.stars,
        ("FlowTaskRole", *STATEMENTS, 1, "Resource"),
        "FlowTaskRole (ReadAndWriteStaged) allows s3:PutObject on *",
        to="*",
    ),
    Broken(
        policies.stars,
        ("WorkerRole", *STATEMENTS, 2, "Resource"),
        "WorkerRole (StartRuns) allows ecs:RunTask on arn:aws:ecs:*:*:task-definition/*",
        to="arn:aws:ecs:*:*:task-definition/*",
    ),
    Broken(
        policies.stars,
        ("S3Endpoint", "Properties", "PolicyDocument", "Statement", 1, "Resource"),
        "S3Endpoint (LayersOfImages) allows s3:GetObject on arn:aws:s3:::*",
        to="arn:aws:s3:::*",
    ),
    Broken(
        policies.stars,
        ("DeployRole", *STATEMENTS, 3, "Resource"),
        "DeployRole (PushImages) allows ecr:PutImage on *",
        to="*",
        template="github_oidc",
    ),
    Broken(
        policies.storage,
        ("FlowTaskRole", *STATEMENTS, 3, "Resource"),
        "FlowTaskRole (ReadAndWriteResults) allows s3:PutObject on arn:aws:s3:::others/results/*",
        to="arn:aws:s3:::others/results/*",
    ),
    Broken(
        policies.storage,
        ("RedshiftRole", *STATEMENTS, 1, "Resource"),
        "RedshiftRole (ReadAndWriteStagedFiles) allows s3:PutObject on ${StagingBucket.Arn}/*",
        to={"Fn::Sub": "${StagingBucket.Arn}/*"},
        template="storage",
    ),
    Broken(
        policies.secrets,
        ("ExecutionRole", *STATEMENTS, 3, "Resource"),
        "ExecutionRole (ReadSecrets) reads arn:aws:ssm:us-east-1:111122223333:parameter/Pre",
        to={
            "Fn::Sub": "arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:"
            "parameter/PrefectFlows/staging/*"
        },
    ),
    Broken(
        policies.secrets,
        ("DeployRole", *STATEMENTS, 1, "Resource"),
        "DeployRole (ReadKeyOfPrefect) reads *",
        to="*",
        template="github_oidc",
    ),
    Broken(
        policies.passed_roles,
        ("WorkerRole", *STATEMENTS, 5, "Resource"),
        "WorkerRole (GiveRunsTheirRoles) passes arn:aws:iam::111122223333:role/*",
        to="arn:aws:iam::111122223333:role/*",
    ),
    Broken(
        policies.passed_roles,
        ("WorkerRole", *STATEMENTS, 5, "Condition"),
        "WorkerRole (GiveRunsTheirRoles) passes roles to any service",
    ),
    Broken(
        policies.trust,
        ("WorkerRole", *TRUST, "Condition"),
        "WorkerRole trusts ecs-tasks.amazonaws.com for any account",
    ),
    Broken(
        policies.trust,
        ("FlowTaskRole", *TRUST, "Principal"),
        "FlowTaskRole trusts {'AWS': '*'}",
        to={"AWS": "*"},
    ),
    Broken(
        policies.trust,
        ("DeployRole", *TRUST, "Condition", "StringEquals", f"{TOKEN}:sub"),
        "DeployRole trusts repo:example/*",
        to="repo:example/*",
        template="github_oidc",
    ),
    Broken(
        policies.trust,
        ("DeployRole", *TRUST, "Condition", "StringEquals", f"{TOKEN}:sub"),
        "DeployRole trusts *",
        template="github_oidc",
    ),
    Broken(
        policies.trust,
        ("PlanRole", *TRUST, "Condition", "StringEquals", f"{TOKEN}:aud"),
        "PlanRole trusts tokens that are meant for others",
        template="github_oidc",
    ),
)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("name", VARIANTS)
@pytest.mark.parametrize("template", NAMES)
def test_the_policies_keep_to_the_rule(template: str, name: str, rule: Rule) -> None:
    """In every environment and with every option, the rule finds nothing."""
    assert rule(variant(template, name)) == []


@pytest.mark.parametrize("broken", BROKEN, ids=str)
def test_the_rule_notices_a_policy_that_is_broken(broken: Broken) -> None:
    """What would let somebody do more than is used is found."""
    assert any(broken.found in finding for finding in broken.findings())


def test_every_rule_was_tried() -> None:
    """No rule is trusted that never found anything."""
    assert {broken.rule for broken in BROKEN} == set(RULES)


def test_roles_may_do_what_is_used_and_nothing_else() -> None:
    """A permission that is added, or is gone, has to be written down here."""
    may: dict[str, set[str]] = defaultdict(set)
    for template in NAMES:
        for statement in policies.allowed(variant(template, "production")):
            may[statement.where.split(" ")[0]] |= set(statement.actions)
    assert {role: actions for role, actions in may.items() if role.endswith("Role")} == USED


def test_a_star_stands_only_where_aws_knows_no_resource() -> None:
    """These actions, and no others, are allowed on everything."""
    everywhere = {
        action
        for template in NAMES
        for statement in policies.allowed(variant(template, "production"))
        for action in statement.actions
        if any(policies.is_everything(resource) for resource in statement.resources)
    }
    assert everywhere == {
        "ecr:GetAuthorizationToken",
        "ecs:DescribeTaskDefinition",
        "ssm:DescribeParameters",
    }


def test_a_plan_reads() -> None:
    """AWS counts every action of the plan's role as one that lists or reads."""
    assert {action for action in USED["PlanRole"] if not authority.only_reads(action)} == set()


def test_runs_are_bounded_to_their_cluster_and_pool() -> None:
    """The worker starts task definitions of its pool in its cluster, with the two roles of runs."""
    worker = {
        statement.where: statement
        for statement in policies.allowed(variant(NETWORK, "production"))
        if statement.where.startswith("WorkerRole")
    }
    start = worker["WorkerRole (StartRuns)"]
    assert start.condition == {"ArnEquals": {"ecs:cluster": "${Cluster.Arn}"}}
    assert start.resources[0].endswith(":task-definition/prefect_ecs-production_*")
    roles = worker["WorkerRole (GiveRunsTheirRoles)"].resources
    assert roles == ("${FlowTaskRole.Arn}", "${ExecutionRole.Arn}")
    tagged = worker["WorkerRole (NameRuns)"]
    assert tagged.condition == {"StringEquals": {"ecs:CreateAction": "RunTask"}}


def test_without_a_worker_nobody_may_be_one() -> None:
    """A push pool has no role of a worker, and deploying has no service to change."""
    network = variant(NETWORK, "push pool")
    deploying = policies.allowed(variant("github_oidc", "push pool"))
    assert "WorkerRole" not in network.resources
    assert not [each for each in deploying if each.actions[0].startswith(("ecs:", "iam:"))]


@pytest.mark.parametrize("who", ["FlowTaskRole", "S3Endpoint"])
def test_other_buckets_are_read_where_they_are_declared(who: str) -> None:
    """Runs list and read them, and write nothing there; undeclared, no statement names them."""
    files, data = "arn:aws:s3:::vendor-files", "arn:aws:s3:::open-data"
    of_sources = {
        each.actions: each.resources
        for each in policies.allowed(variant(NETWORK, "all"))
        if each.where.startswith(who) and "Sources" in each.where
    }
    assert of_sources == {
        ("s3:ListBucket",): (files, data),
        ("s3:GetObject",): (f"{files}/*", f"{data}/*"),
    }
    undeclared = policies.allowed(variant(NETWORK, "production"))
    assert not [each for each in undeclared if "Sources" in each.where]
