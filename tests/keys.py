"""Keys with a session token, as a task's role has them."""

from contextlib import closing
from typing import Any

import boto3

from infrastructure.local.stack import Stack

ROLE = "arn:aws:iam::123456789012:role/task"


def temporary_keys(stack: Stack) -> dict[str, str]:
    """Have the stack's STS issue keys, which its S3 accepts; return them by variable name."""
    variables = stack.variables
    client: Any = boto3.client(
        "sts",
        endpoint_url=variables["AWS_ENDPOINT_URL"],
        region_name=variables["AWS_DEFAULT_REGION"],
        aws_access_key_id=variables["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=variables["AWS_SECRET_ACCESS_KEY"],
    )
    with closing(client):
        found = client.assume_role(RoleArn=ROLE, RoleSessionName="run")["Credentials"]
    return {
        "AWS_ACCESS_KEY_ID": found["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": found["SecretAccessKey"],
        "AWS_SESSION_TOKEN": found["SessionToken"],
    }
