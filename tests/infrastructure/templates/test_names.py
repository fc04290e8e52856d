"""Four environments, and other projects, live in one account, in any region."""

import re

import pytest

from tests.infrastructure.templates.declared import ENVIRONMENTS, REPOSITORY, VARIANTS, variant
from tests.infrastructure.templates.proofs import NETWORK, Broken
from tests.infrastructure.templates.reader import FOLDER, NAMES, changed, read_template
from tests.infrastructure.templates.rules import names

BROKEN = (
    Broken(names.belonging, ("Cluster", "Properties", "ClusterName"), "Cluster is called ''"),
    Broken(
        names.belonging,
        ("TaskEvents", "Properties", "QueueName"),
        "TaskEvents is called 'prefect-flows'",
        to={"Ref": "Project"},
    ),
    Broken(
        names.belonging,
        ("DeployRole", "Properties", "RoleName"),
        "DeployRole is called 'deploy-production'",
        to={"Fn::Sub": "deploy-${Environment}"},
        template="github_oidc",
    ),
)


@pytest.mark.parametrize("name", VARIANTS)
@pytest.mark.parametrize("template", NAMES)
def test_names_carry_project_and_environment(template: str, name: str) -> None:
    """Nothing is called the same in two environments."""
    assert names.belonging(variant(template, name)) == []


@pytest.mark.parametrize("broken", BROKEN, ids=str)
def test_the_rule_notices_a_name_that_others_may_have(broken: Broken) -> None:
    """A name without project or environment, or one that AWS would choose, is found."""
    assert any(broken.found in finding for finding in broken.findings())


def test_log_groups_of_environments_differ() -> None:
    """Also the names that runs and work pools are told of."""
    told = [variant(NETWORK, environment).resources for environment in ENVIRONMENTS]
    groups = {each["FlowLogGroup"]["Properties"]["LogGroupName"] for each in told}
    assert len(groups) == len(ENVIRONMENTS)


@pytest.mark.parametrize("template", NAMES)
def test_no_template_knows_where_it_is_used(template: str) -> None:
    """Region, zones, account and partition come from AWS."""
    assert names.places(read_template(template)) == []


@pytest.mark.parametrize("place", ["us-east-1", "eu-west-2a", "123456789012", "arn:aws:s3:::x"])
def test_a_place_that_is_written_down_is_noticed(place: str) -> None:
    """A region, a zone, an account or a partition in a template is found."""
    path = ("Resources", "PrivateSubnetA", "Properties", "AvailabilityZone")
    assert names.places(changed(read_template(NETWORK), *path, to=place))


@pytest.mark.parametrize("template", NAMES)
def test_every_parameter_and_output_is_explained(template: str) -> None:
    """An operator reads what each is for, and what is expected."""
    read = read_template(template)
    silent = [
        name
        for section in ("Parameters", "Outputs")
        for name, part in read[section].items()
        if not part.get("Description", "").endswith(".")
    ]
    bounded = {"AllowedPattern", "AllowedValues", "MinValue"}
    silent += [
        name
        for name, part in read["Parameters"].items()
        if bounded & set(part) and "ConstraintDescription" not in part
    ]
    assert silent == []


@pytest.mark.parametrize("template", NAMES)
def test_a_template_fits_into_a_request(template: str) -> None:
    """51,200 bytes, else it would have to be brought to S3 first.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
    """
    assert (FOLDER / f"{template}.yaml").stat().st_size <= 51_200


def test_an_alarm_names_a_runbook_that_exists() -> None:
    """Whoever gets the message opens it."""
    alarms = variant(NETWORK, "production").of_type("AWS::CloudWatch::Alarm")
    for name, alarm in alarms.items():
        (runbook,) = re.findall(r"docs/runbooks/[a-z-]+\.md", alarm["AlarmDescription"])
        assert (REPOSITORY / runbook).is_file(), name
