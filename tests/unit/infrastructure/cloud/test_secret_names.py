"""Where secrets lie."""

from dataclasses import replace

import pytest

from infrastructure.cloud.secret_names import parameter_arn, parameter_name
from tests.infrastructure.cloud.made_platform import made_platform, without_aws
from utilities.errors import ParameterInvalid


def test_every_environment_has_a_folder_of_its_own() -> None:
    """Its roles may read below it alone."""
    assert parameter_name("labs", "VAN_API_KEY") == "/PrefectFlows/labs/VAN_API_KEY"


@pytest.mark.parametrize(
    ("region", "partition"),
    [("eu-west-1", "aws"), ("us-gov-west-1", "aws-us-gov"), ("cn-north-1", "aws-cn")],
)
def test_an_arn_names_the_partition_of_its_region(region: str, partition: str) -> None:
    """An ARN of another partition is of nothing."""
    platform = replace(made_platform(environment="labs"), region=region)
    assert parameter_arn(platform, "123456789012", "VAN_API_KEY") == (
        f"arn:{partition}:ssm:{region}:123456789012:parameter/PrefectFlows/labs/VAN_API_KEY"
    )


def test_an_environment_without_aws_has_no_arns() -> None:
    """It has no region to name."""
    with pytest.raises(ParameterInvalid, match="nothing of it is at AWS"):
        parameter_arn(without_aws(made_platform()), "123456789012", "VAN_API_KEY")
