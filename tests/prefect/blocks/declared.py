"""A repository that declares an environment at AWS, and stacks that give what it stands on."""

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent
from typing import Any

import boto3
import yaml

from blocks.applying import Done, apply
from blocks.planning import Plan, plan_of
from blocks.scope import RATE, read_scope
from deployments.connection import connect

REPOSITORY = Path(__file__).parents[3]
ACCOUNT = "123456789012"
REGION = "us-east-1"
IMAGES = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/shop"

ADDRESS = "https://hooks.example.org/a-secret-path"

PREFECT_FILE = """
    name: {project}
    pull:
      - prefect.deployments.steps.set_working_directory: {{directory: /opt/shop}}
    deployments:
      - name: orders
        entrypoint: flows/orders.py:orders
        work_pool: {{name: ecs}}
    """

STACKS = {
    "{project}-container-registry": ("RepositoryUri",),
    "{project}-storage-{environment}": (
        "StagingBucketName",
        "ResultsBucketName",
        "RedshiftRoleArn",
    ),
    "{project}-fixed-egress-{environment}": (),
    "{project}-github-{environment}": (),
}
"""Stacks of an environment, in order, and which outputs are theirs; the third has the others."""

OUTPUTS = {
    "RepositoryUri": IMAGES,
    "StagingBucketName": "shop-staging",
    "ResultsBucketName": "shop-results",
    "RedshiftRoleArn": f"arn:aws:iam::{ACCOUNT}:role/redshift",
    "EgressAddresses": "192.0.2.1,192.0.2.2",
    "VpcId": "vpc-1",
    "PrivateSubnetIds": "subnet-1,subnet-2",
    "TaskSecurityGroupId": "sg-1",
    "ClusterName": "shop",
    "ClusterArn": f"arn:aws:ecs:{REGION}:{ACCOUNT}:cluster/shop",
    "FlowTaskRoleArn": f"arn:aws:iam::{ACCOUNT}:role/flow",
    "ExecutionRoleArn": f"arn:aws:iam::{ACCOUNT}:role/execution",
    "FlowLogGroupName": "/shop/flows",
}


@dataclass(frozen=True)
class Declared:
    """A repository with the two files, and one environment in them.

    Attributes:
        root: its folder.
        project: a name that no other test has.
        environment: its name.
        section: what environments.yaml says of it.
        variables: of the processes that are started there.
    """

    root: Path
    project: str
    environment: str
    section: dict[str, Any]
    variables: Mapping[str, str]
    others: dict[str, Any] = field(default_factory=dict)

    @property
    def owner(self) -> str:
        """What the mark on its objects tells."""
        return f"{self.project}/{self.environment}"

    @property
    def pool(self) -> str:
        """Name of its first pool."""
        first = next(iter(self.section["pools"].values()))
        return str(first if isinstance(first, str) else first["name"])

    def write(self) -> None:
        """Write the files as the section is now."""
        (self.root / "prefect.yaml").write_text(dedent(PREFECT_FILE).format(project=self.project))
        environments = {self.environment: self.section, **self.others}
        content = {"packages": ["flows"], "environments": environments}
        (self.root / "environments.yaml").write_text(yaml.safe_dump(content))

    def run(self, *command: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Write the files and run `python -m blocks COMMAND --environment E` there."""
        self.write()
        environ = {**os.environ, **self.variables, "PYTHONPATH": str(REPOSITORY), **variables}
        return subprocess.run(
            [sys.executable, "-m", "blocks", *command, "--environment", self.environment],
            cwd=self.root,
            env=environ,
            capture_output=True,
            text=True,
            timeout=120,
        )

    def plan(self) -> Plan:
        """Write the files and plan, in this process; see the fixture `here`."""
        self.write()
        with connect(self.environment) as api:
            return plan_of(api, read_scope(self.root, self.environment, needs_address=False))

    def apply(self, *, prune: bool = False) -> list[Done]:
        """Write the files and apply, in this process."""
        self.write()
        with connect(self.environment) as api:
            plan = plan_of(api, read_scope(self.root, self.environment, needs_address=True))
            return list(apply(api, plan, prune=prune))

    def applied(self, *, prune: bool = False) -> dict[str, str]:
        """Apply, and return what became of each object by its kind and name."""
        return {
            f"{each.action.kind.noun} {each.action.name}": each.outcome
            for each in self.apply(prune=prune)
        }


def declare(root: Path, variables: Mapping[str, str], section: Mapping[str, Any]) -> Declared:
    """Return a repository whose project and environment have names that no other test has."""
    root.mkdir(parents=True, exist_ok=True)
    number = uuid.uuid4().hex[:8]
    project = f"shop-{number}"
    text = json.dumps(section).replace("PROJECT", project)
    made = json.loads(text)
    # Prefect has one such limit for all: every environment of the tests wants the same.
    made["variables"] = {RATE: "20", **made.get("variables", {})}
    return Declared(root, project, f"live-{number}", made, variables)


def at_aws(**prefect: Any) -> dict[str, Any]:
    """Return what environments.yaml says of an environment at AWS."""
    return {
        "pools": {"ecs": "PROJECT-ecs"},
        "image_repository": IMAGES,
        "resources": {"ecs": {"cpu": 512, "memory": 1024}},
        "secrets": ["PREFECT_API_KEY", "REDSHIFT_PASSWORD"],
        "infrastructure": {"region": REGION},
        "prefect": prefect,
    }


def client(service: str, variables: Mapping[str, str]) -> Any:
    """Return a client of the local AWS server."""
    return boto3.client(  # type: ignore[call-overload]
        service,
        region_name=REGION,
        endpoint_url=variables["AWS_ENDPOINT_URL"],
        aws_access_key_id=variables["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=variables["AWS_SECRET_ACCESS_KEY"],
    )


def make_stacks(declared: Declared, outputs: Mapping[str, str] = OUTPUTS) -> None:
    """Make stacks that give these outputs."""
    cloud = client("cloudformation", declared.variables)
    shared = {name for names in STACKS.values() for name in names}
    for number, (pattern, names) in enumerate(STACKS.items()):
        own = names if number != 2 else tuple(name for name in outputs if name not in shared)
        name = pattern.format(project=declared.project, environment=declared.environment)
        parameter = {"Type": "String", "Name": f"/stacks/{name}", "Value": "made"}
        template = {
            "Resources": {"Marker": {"Type": "AWS::SSM::Parameter", "Properties": parameter}},
            "Outputs": {each: {"Value": outputs[each]} for each in own},
        }
        cloud.create_stack(StackName=name, TemplateBody=json.dumps(template))


def store_secret(declared: Declared, name: str, value: str) -> None:
    """Store a secret of the environment."""
    client("ssm", declared.variables).put_parameter(
        Name=f"/PrefectFlows/{declared.environment}/{name}",
        Value=value,
        Type="SecureString",
        Overwrite=True,
    )
