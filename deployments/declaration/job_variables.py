"""Job variables that no deployment chooses, each with what decides instead."""

NO_IMAGE = (
    "each deployment runs the image of its commit. Give the environment an image_repository, and "
    "the flow a requirements.txt or Dockerfile of its own when it needs more."
)

_NETWORK = "every run is in the private subnets of its environment, so that its address is known."
_RIGHTS = "the roles are those of the environment's stacks."
_PLACE = "the work pool's template decides it for all runs of the environment."

NOT_CHOSEN = {
    "image": NO_IMAGE,
    "vpc_id": _NETWORK,
    "network_configuration": _NETWORK,
    "task_role_arn": _RIGHTS,
    "execution_role_arn": _RIGHTS,
    "aws_credentials": _RIGHTS,
    **dict.fromkeys(
        [
            "auto_deregister_task_definition",
            "cluster",
            "family",
            "container_name",
            "capacity_provider_strategy",
            "match_latest_revision_in_family",
            "task_definition_arn",
            "configure_cloudwatch_logs",
            "cloudwatch_logs_options",
            "cloudwatch_logs_prefix",
            "prefect_api_key_secret_arn",
            "prefect_api_auth_string_secret_arn",
        ],
        _PLACE,
    ),
}
"""Of prefect-aws's variables those that the pools which `python -m blocks` makes do not have: at
run time they would be ignored, here they are refused."""
