"""Who may do what: the statements of roles, and of what is asked who asks."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.infrastructure.templates import authority
from tests.infrastructure.templates.resolver import ACCOUNT, Resolved

Statement = dict[str, Any]
GITHUB = "token.actions.githubusercontent.com"
TASKS = "ecs-tasks.amazonaws.com"


@dataclass(frozen=True)
class Allowed:
    """A statement that allows something, and where it stands."""

    where: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    condition: dict[str, Any]


def allowed(stack: Resolved) -> list[Allowed]:
    """Every statement that allows something: of roles, endpoints, buckets and queues."""
    return [
        Allowed(where, _texts(statement["Action"]), _texts(statement["Resource"]), condition)
        for where, statement in _statements(stack)
        if statement["Effect"] == "Allow"
        for condition in [statement.get("Condition", {})]
    ]


def stars(stack: Resolved) -> list[str]:
    """No statement allows an action by pattern, or on everything where AWS knows resources."""
    found = []
    for statement in allowed(stack):
        for action in statement.actions:
            if "*" in action:
                found.append(f"{statement.where} allows {action}")
            elif authority.has_resources(action):
                found += [
                    f"{statement.where} allows {action} on {resource}"
                    for resource in statement.resources
                    if is_everything(resource)
                ]
    return found


def is_everything(resource: str) -> bool:
    """Whether a resource is one of a whole service, such as `*` or `arn:aws:sqs:*:*:*`."""
    parts = resource.split(":", 5)
    if resource.startswith("${"):
        return False
    return len(parts) < 6 or "*" in parts[2] + parts[3] + parts[4] or parts[5].startswith("*")


def storage(stack: Resolved) -> list[str]:
    """Roles reach the staging and results buckets, and in them the folders that are used."""
    staging, results = _buckets(stack)
    objects = {f"{staging}/staging/*", f"{staging}/everyaction/*", f"{results}/results/*"}
    sources = [arn for arn in str(stack.values.get("SourceBucketArns", "")).split(",") if arn]
    found = []
    for statement in allowed(stack):
        if not statement.where.split(" ")[0].endswith("Role"):
            continue
        for action in statement.actions:
            if not action.startswith("s3:"):
                continue
            of_bucket = action in ("s3:ListBucket", "s3:GetBucketLocation")
            fine = {staging, results, *sources} if of_bucket else set(objects)
            if action == "s3:GetObject":
                fine |= {f"{arn}/*" for arn in sources}
            found += [
                f"{statement.where} allows {action} on {resource}"
                for resource in sorted(set(statement.resources) - fine)
            ]
    return found


def secrets(stack: Resolved) -> list[str]:
    """Values of secrets are read below /PrefectFlows/{environment}/ alone."""
    environment = stack.values.get("Environment", "")
    fine = (f":parameter/PrefectFlows/{environment}/", f":secret:/PrefectFlows/{environment}/")
    return [
        f"{statement.where} reads {resource}"
        for statement in allowed(stack)
        for action in statement.actions
        if action.startswith(("ssm:Get", "secretsmanager:"))
        for resource in statement.resources
        if not any(part in resource for part in fine)
    ]


def passed_roles(stack: Resolved) -> list[str]:
    """Roles are handed on to tasks of ECS alone, each by its name."""
    found = []
    for statement in allowed(stack):
        if "iam:PassRole" not in statement.actions:
            continue
        if statement.condition.get("StringEquals", {}).get("iam:PassedToService") != TASKS:
            found.append(f"{statement.where} passes roles to any service")
        found += [f"{statement.where} passes {role}" for role in statement.resources if "*" in role]
    return found


def trust(stack: Resolved) -> list[str]:
    """Services take a role for this account only, GitHub for one repository and environment."""
    found = []
    for name, role in stack.of_type("AWS::IAM::Role").items():
        for statement in role["AssumeRolePolicyDocument"]["Statement"]:
            found += [f"{name} {fault}" for fault in _faults_of_trust(statement, stack)]
    return found


def _faults_of_trust(statement: Statement, stack: Resolved) -> Iterator[str]:
    principal, condition = statement["Principal"], statement.get("Condition", {})
    equal = condition.get("StringEquals", {})
    if principal == "*" or "AWS" in principal:
        yield f"trusts {principal}"
    if "Service" in principal:
        account = {**condition.get("StringEqualsIfExists", {}), **equal}.get("aws:SourceAccount")
        if account != ACCOUNT:
            yield f"trusts {principal['Service']} for any account"
    if "Federated" in principal:
        if equal.get(f"{GITHUB}:aud") != "sts.amazonaws.com":
            yield "trusts tokens that are meant for others"
        values = stack.values
        place = f"repo:{values['GitHubRepository']}:environment:{values['Environment']}"
        subjects = _texts(equal.get(f"{GITHUB}:sub", "*"))
        for subject in subjects:
            if subject not in (place, f"{place}-plan"):
                yield f"trusts {subject}"


def _statements(stack: Resolved) -> Iterator[tuple[str, Statement]]:
    """Statements with the name of their resource, then that of the statement."""
    for name, resource in stack.resources.items():
        properties = resource.get("Properties", {})
        documents = [policy["PolicyDocument"] for policy in properties.get("Policies", [])]
        documents += [properties["PolicyDocument"]] if "PolicyDocument" in properties else []
        for document in documents:
            for statement in document["Statement"]:
                yield f"{name} ({statement.get('Sid', 'unnamed')})", statement


def _buckets(stack: Resolved) -> tuple[str, str]:
    if stack.of_type("AWS::S3::Bucket"):
        return "${StagingBucket.Arn}", "${ResultsBucket.Arn}"
    names = (stack.values.get(f"{name}BucketName", "") for name in ("Staging", "Results"))
    staging, results = (f"arn:aws:s3:::{name}" for name in names)
    return staging, results


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(value) if isinstance(value, list) else (value,)
