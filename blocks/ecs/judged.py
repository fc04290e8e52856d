"""What prefect-aws lets a deployment choose, and what is left of it here.

A deployment's job variables come from whoever may write deployments at Prefect. What decides where
a run is in the network, what it may do at AWS and where its secrets and logs are, is therefore no
variable here: it stands in `job_configuration`, where job variables do not reach.
"""

from collections.abc import Mapping

CHOSEN: Mapping[str, str] = {
    "name": "names the run for people",
    "labels": "become tags of the task",
    "env": "goes before what the task definition says, name by name; not before a secret",
    "command": "runs in the same container, with the same role",
    "image": "of the environment's repository alone",
    "cpu": "of the sizes that Fargate has",
    "memory": "of the task, and the limit of its one container",
    "launch_type": "FARGATE or FARGATE_SPOT",
}
"""Variables that deployments may set, and what of them."""

FIXED: Mapping[str, str] = {
    "aws_credentials": "the worker's own role starts tasks; no block holds a key",
    "cluster": "the worker watches this one",
    "capacity_provider_strategy": "launch_type says Spot; others could leave Fargate",
    "task_definition_arn": "would replace roles, secrets and logs",
    "family": "one for each deployment, made by the worker; another's could be given new revisions",
    "container_name": "the task has one container",
    "task_role_arn": "what a run may do",
    "execution_role_arn": "which secrets and images a task may get",
    "vpc_id": "takes all subnets of the VPC, with a public address",
    "network_configuration": "takes any subnet, with a public address",
    "prefect_api_key_secret_arn": "which secret is the key",  # pragma: allowlist secret
    "prefect_api_auth_string_secret_arn": "which secret is the password",  # pragma: allowlist secret
    "configure_cloudwatch_logs": "logs go to one group that is kept for a while",
    "cloudwatch_logs_options": "the same",
    "cloudwatch_logs_prefix": "the same; a deployment has a stream of its own as it is",
    "auto_deregister_task_definition": "the next run takes the same definition",
    "match_latest_revision_in_family": "a worker that starts anew makes no new revisions",
}
"""Variables that there are not, and why. prefect-aws 0.7.12, `prefect_aws.workers.ecs_worker`."""

INHERITED_SECRETS = (
    "PREFECT_API_KEY",
    "PREFECT_API_AUTH_STRING",
    "PREFECT_CLIENT_CUSTOM_HEADERS",
    "PREFECT_SERVER_API_AUTH_STRING",
    "PREFECT_API_DATABASE_CONNECTION_URL",
    "PREFECT_API_DATABASE_PASSWORD",
    "PREFECT_SERVER_DATABASE_CONNECTION_URL",
    "PREFECT_SERVER_DATABASE_PASSWORD",
)
"""Settings of the worker that it would write into each RunTask request as plain text."""

CPU_UNITS = (256, 512, 1024, 2048, 4096, 8192, 16384)
"""https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html"""

LAUNCH_TYPES = ("FARGATE", "FARGATE_SPOT")
