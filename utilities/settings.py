"""Everything that differs between a laptop, staging and production, in one frozen object.

Read once, at the edge of a task, from the environment and from `.env` in the working directory;
passed down from there. The names are those that parsons and boto3 already use. `.env.example`
documents each variable. Prefect reads its own `PREFECT_*` variables from the same two places.
"""

import os
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, StringConstraints, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict

from utilities.errors import SettingsInvalid

ENV_FILE = ".env"

Bucket = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$")]
RoleArn = Annotated[
    str, StringConstraints(pattern=r"^(default|arn:aws[a-z-]*:iam::\d{12}:role/\S+)$")
]
ApiAddress = Annotated[str, StringConstraints(pattern=r"^https?://\S+/$")]
Address = Annotated[str, StringConstraints(pattern=r"^https?://\S+$")]
VanDatabase = Literal["EveryAction", "MyCampaign", "MyMembers", "MyVoters"]


class Settings(BaseSettings):
    """Where the warehouse and the storage are, and who we are there.

    A field's description says what is expected; it is what an error message shows.
    """

    model_config = SettingsConfigDict(
        env_file=ENV_FILE, env_ignore_empty=True, extra="ignore", frozen=True
    )

    redshift_host: str = Field(description="host name of the Redshift endpoint, without a port")
    redshift_port: int = Field(5439, ge=1, le=65535, description="a whole number, 1 to 65535")
    redshift_db: str = Field(description="name of the database")
    redshift_username: str = Field(description="name of the database user")
    redshift_password: SecretStr = Field(description="password of the database user")
    redshift_iam_role: RoleArn | None = Field(
        None,
        description="ARN of the role that Redshift assumes for COPY and UNLOAD, or 'default'",
    )
    s3_temp_bucket: Bucket = Field(
        description="name of the bucket for staged files: 3 to 63 of a-z, 0-9, '.' and '-'"
    )
    aws_access_key_id: str | None = Field(None, description="an AWS access key id")
    aws_secret_access_key: SecretStr | None = Field(None, description="its secret")
    aws_session_token: SecretStr | None = Field(None, description="its session token, if any")
    aws_default_region: str | None = Field(None, description="region of bucket and warehouse")
    aws_endpoint_url: Address | None = Field(
        None, description="http:// or https:// address of another AWS API server"
    )
    van_api_key: SecretStr | None = Field(
        None, description="an EveryAction / NGPVAN API key, without '|' and a mode at its end"
    )
    van_db: VanDatabase = Field(
        "EveryAction", description="one of EveryAction, MyCampaign, MyMembers, MyVoters"
    )
    van_api_url: ApiAddress = Field(
        "https://api.securevan.com/v4/",
        description="http:// or https:// address of the EveryAction API, with a slash at its end",
    )
    van_requests_per_second: float = Field(
        2.0, gt=0, description="how many requests a second EveryAction grants this key, above 0"
    )
    news_feeds: str = Field(
        "", description="addresses of RSS, Atom and JSON feeds, separated by commas"
    )
    egress_addresses: str = Field(
        "",
        description="addresses and networks that runs reach others from, separated by commas",
    )
    egress_services: str = Field(
        "https://checkip.amazonaws.com,https://api.ipify.org,https://icanhazip.com",
        description="http:// or https:// addresses of services that answer with the address of "
        "who asks, separated by commas",
    )
    results_bucket: Bucket | None = Field(
        None, description="name of the bucket in which Prefect keeps results, if any"
    )
    ecr_repository: str | None = Field(
        None, description="address of the image repository at Amazon ECR, without a tag"
    )
    deployment_name: str | None = Field(None, description="name of the Prefect deployment")
    commit_hash: str | None = Field(
        None, max_length=64, description="hash of the commit that runs, at most 64 characters"
    )


def load_settings() -> Settings:
    """Return the settings of this process.

    Raises:
        SettingsInvalid: variables are missing or malformed; the message lists every one of
            them with what was expected and where to set it.
    """
    try:
        return Settings()
    except ValidationError as error:
        raise SettingsInvalid(_explain(error.errors())) from None


def is_warehouse_configured() -> bool:
    """Say whether this process was told of a warehouse (REDSHIFT_HOST, environment or .env)."""
    if os.environ.get("REDSHIFT_HOST"):
        return True
    from dotenv import dotenv_values

    return bool(dotenv_values(ENV_FILE).get("REDSHIFT_HOST"))


def _explain(problems: list[ErrorDetails]) -> str:
    count = "1 setting needs" if len(problems) == 1 else f"{len(problems)} settings need"
    lines = [
        f"{count} attention. Set them in the environment or in {ENV_FILE} "
        "(.env.example describes each):"
    ]
    for problem in problems:
        field = str(problem["loc"][0])
        lines.append(f"  {field.upper()}: {_found(field, problem)}; {_expected(field)}.")
    return "\n".join(lines)


def _found(field: str, problem: ErrorDetails) -> str:
    if problem["type"] == "missing":
        return "missing"
    value: Any = problem["input"]
    if "SecretStr" in str(Settings.model_fields[field].annotation):
        return "malformed"
    return f"found {value!r}"


def _expected(field: str) -> str:
    return f"expected {Settings.model_fields[field].description}"
