"""What environments.yaml may hold."""

from typing import get_args

from deployments.declaration.declared import PoolType
from deployments.declaration.job_variables import NOT_CHOSEN
from deployments.declaration.kinds import Anything, Boolean, Choice, Text, Whole
from deployments.declaration.platform_keys import INFRASTRUCTURE, PREFECT, SECRETS
from deployments.declaration.prefect_file import PARAMETERS, SCHEDULE
from deployments.declaration.shapes import AnyOf, Key, ListOf, MapOf, Shape
from deployments.declaration.variables import Variables

FILE = "environments.yaml"
POOL_TYPES: tuple[PoolType, ...] = get_args(PoolType)
JOB_VARIABLES = Shape(
    keys={},
    refused={**NOT_CHOSEN, "env": 'environment variables go under "variables".'},
    others=Anything(),
)

POOL = Shape(
    keys={
        "name": Key(Text(), "the work pool's name at Prefect.", required=True),
        "type": Key(Choice(POOL_TYPES), "its type; else the key.", may_be_empty=True),
        "queue": Key(Text(), "work queue of the pool.", may_be_empty=True),
    }
)

OVERRIDE = Shape(
    keys={
        "pool": Key(Text(), "another pool of this environment.", may_be_empty=True),
        "schedules": Key(
            AnyOf((Boolean(), ListOf(SCHEDULE))),
            "false for none, true for those of prefect.yaml, or a list in their place.",
            may_be_empty=True,
        ),
        "parameters": Key(PARAMETERS, "more parameters.", may_be_empty=True),
        "job_variables": Key(
            JOB_VARIABLES, "in the words of the pool's type here.", may_be_empty=True
        ),
        "variables": Key(Variables(), "more environment variables.", may_be_empty=True),
        "concurrency_limit": Key(Whole(1), "runs at once.", may_be_empty=True),
        "paused": Key(Boolean(), "whether it is paused.", may_be_empty=True),
    },
    refused={
        "work_pool": 'write "pool: ecs" for another pool of this environment.',
        "env": 'environment variables go under "variables".',
    },
)

ENVIRONMENT = Shape(
    keys={
        "branch": Key(Text(), "deployed from; else the one checked out.", may_be_empty=True),
        "schedules": Key(Boolean(), "whether schedules run here; false without it."),
        "pools": Key(
            MapOf(AnyOf((Text(), POOL)), "a mapping such as {ecs: ecs-production}"),
            "the work pool for each name that prefect.yaml picks.",
            required=True,
        ),
        "image_repository": Key(Text(), "where images are pushed to.", may_be_empty=True),
        "resources": Key(
            MapOf(JOB_VARIABLES, "a mapping such as {ecs: {cpu: 512, memory: 1024}}"),
            "default job variables for each pool.",
            may_be_empty=True,
        ),
        "working_directory": Key(
            Text(),
            "folder of runs without an image, from the repository's root.",
            may_be_empty=True,
        ),
        "parameters": Key(
            PARAMETERS, "for every flow with a parameter of the name.", may_be_empty=True
        ),
        "variables": Key(Variables(), "environment variables of all runs.", may_be_empty=True),
        "secrets": Key(
            SECRETS,
            "what runs get by reference: names of parameters under /PrefectFlows/{environment}/.",
            may_be_empty=True,
        ),
        "infrastructure": Key(
            INFRASTRUCTURE, "what `python -m infrastructure` makes on AWS.", may_be_empty=True
        ),
        "prefect": Key(PREFECT, "what `python -m blocks` makes at Prefect.", may_be_empty=True),
        "overrides": Key(
            MapOf(OVERRIDE, "a mapping of deployments to what differs"),
            "what differs for single deployments.",
            may_be_empty=True,
        ),
    }
)

ENVIRONMENTS_FILE = Shape(
    keys={
        "packages": Key(ListOf(Text()), "top-level packages that a run may import.", required=True),
        "environments": Key(
            MapOf(ENVIRONMENT, "a mapping of environments"), "by name.", required=True
        ),
        "definitions": Key(Anything(), "a place for YAML anchors; ignored.", may_be_empty=True),
    },
    ignored_prefix="x-",
)
