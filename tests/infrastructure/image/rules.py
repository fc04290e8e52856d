"""What the Dockerfile has to be, beyond what hadolint asks: one function says what is wrong."""

import re
from collections.abc import Iterator, Sequence

from tests.infrastructure.image.dockerfile import Dockerfile, Instruction

BASE = re.compile(r"python:(?P<minor>\d+\.\d+)\.\d+-slim-[a-z]+")
BUILDERS = re.compile(r"apt-get install|build-essential|\bgcc\b|-dev\b")
CHECKED = ("--require-hashes", "--only-binary :all:", "--no-cache-dir")


def findings(dockerfile: Dockerfile, packages: Sequence[str], python: str) -> list[str]:
    """Return what is wrong with the image that a build makes.

    Args:
        dockerfile: of the repository.
        packages: that a run may import.
        python: version that is locked and tested, such as 3.11.
    """
    return [
        *_of_the_base(dockerfile, python),
        *_of_the_packages(dockerfile),
        *_of_the_code(dockerfile, packages),
        *_of_the_process(dockerfile),
    ]


def _of_the_base(dockerfile: Dockerfile, python: str) -> Iterator[str]:
    names = {stage.name for stage in dockerfile.stages}
    bases = {stage.base for stage in dockerfile.stages} - names
    if len(bases) != 1:
        yield f"base: found {sorted(bases)}, expected one, so that packages fit their Python"
    for base in bases:
        found = BASE.fullmatch(base)
        if found is None or found["minor"] != python:
            yield f"base: found {base}, expected a patch of Python {python} on a slim release"


def _of_the_packages(dockerfile: Dockerfile) -> Iterator[str]:
    stages = {copy.stage for copy in dockerfile.copies() if copy.stage}
    if len(stages) != 1:
        yield f"packages: found stages {sorted(stages)}, expected one that installs them"
        return
    (stage,) = stages
    runs = [each.value for each in dockerfile.instructions(stage, "RUN")]
    for command in (part for run in runs for part in run.split("&&") if "pip install" in part):
        missing = [option for option in CHECKED if option not in command]
        if missing:
            yield f"packages: {command.strip()!r} lacks {', '.join(missing)}"
    copied = [copy.sources for copy in dockerfile.copies(stage)]
    if copied != [("requirements.txt",)]:
        yield f"packages: found {copied} copied before them, expected requirements.txt alone"
    for run in (each.value for each in dockerfile.instructions(name="RUN")):
        if "pip " in run or BUILDERS.search(run):
            yield f"packages: {run!r} installs something beside them"


def _of_the_code(dockerfile: Dockerfile, packages: Sequence[str]) -> Iterator[str]:
    copies = dockerfile.copies()
    sources = [source for copy in copies if not copy.stage for source in copy.sources]
    if sorted(sources) != sorted(packages):
        yield f"code: found {sorted(sources)} copied, expected the packages {sorted(packages)}"
    if [copy.stage != "" for copy in copies] != sorted((copy.stage != "" for copy in copies))[::-1]:
        yield "code: a package of ours is copied before the packages of others"
    names = [each.name for each in dockerfile.instructions()]
    last_copy = len(names) - names[::-1].index("COPY")
    if {"ARG", "LABEL"} & {*names[:last_copy]}:
        yield "code: the commit is named before the code, which makes every layer anew"


def _of_the_process(dockerfile: Dockerfile) -> Iterator[str]:
    user = dockerfile.last("USER")
    if not user.isdecimal() or int(user) == 0:
        yield f"process: found user {user!r}, expected the number of one who is not root"
    made = [each.value for each in dockerfile.instructions(name="RUN")]
    if not any(f"useradd --uid {user} " in run for run in made):
        yield f"process: user {user} is not made"
    if "PYTHONUNBUFFERED" not in dockerfile.environment():
        yield "process: what a run says before it is killed may be lost"
    for each in dockerfile.instructions():
        yield from _of_the_surroundings(each)


def _of_the_surroundings(instruction: Instruction) -> Iterator[str]:
    named = re.findall(
        r"DEPLOYMENT_NAME|\w*(?:PASSWORD|SECRET|TOKEN|API_KEY)\w*", instruction.value
    )
    if named:
        yield f"process: {instruction.name} names {', '.join(named)}, which comes from outside"
    if instruction.name == "HEALTHCHECK" and instruction.value != "NONE":
        yield "process: a run would be judged by the check of a worker"
