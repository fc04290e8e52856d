"""A reader of Dockerfiles: as much of the format as ours uses, and a refusal of the rest.

Source: https://docs.docker.com/reference/dockerfile/, read 2026-11-21.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

KNOWN = frozenset(
    {"ARG", "COPY", "ENV", "FROM", "HEALTHCHECK", "LABEL", "RUN", "USER", "VOLUME", "WORKDIR"}
)


@dataclass(frozen=True)
class Instruction:
    """One instruction.

    Attributes:
        name: in capitals.
        value: what follows, on one line.
    """

    name: str
    value: str


@dataclass(frozen=True)
class Stage:
    """One FROM and what follows it.

    Attributes:
        base: name of another stage, or address of an image, arguments filled in.
        name: what other stages call it; empty when nothing can.
        instructions: without the FROM.
    """

    base: str
    name: str
    instructions: tuple[Instruction, ...]


@dataclass(frozen=True)
class Copy:
    """One COPY.

    Attributes:
        sources: from the root of the context, or of the stage that it copies from.
        destination: absolute.
        is_folder: the destination is said to be a folder.
        stage: that it copies from; empty for the context.
    """

    sources: tuple[str, ...]
    destination: PurePosixPath
    is_folder: bool
    stage: str


@dataclass(frozen=True)
class Dockerfile:
    """All stages, in their order; the last is what a build makes."""

    stages: tuple[Stage, ...]

    def chain(self, target: str = "") -> tuple[Stage, ...]:
        """Return a stage and those that it stands on, the lowest first.

        Args:
            target: name of the stage; the last one unless given.
        """
        named = {stage.name: stage for stage in self.stages if stage.name}
        found = [named[target] if target else self.stages[-1]]
        while found[0].base in named:
            found.insert(0, named[found[0].base])
        return tuple(found)

    def instructions(self, target: str = "", name: str = "") -> list[Instruction]:
        """Return what a stage and those below it do, in order; of one name if given."""
        every = [each for stage in self.chain(target) for each in stage.instructions]
        return [each for each in every if not name or each.name == name]

    def copies(self, target: str = "") -> list[Copy]:
        """Return every COPY of a stage and those below it."""
        return list(_copies(self.instructions(target)))

    def environment(self, target: str = "") -> dict[str, str]:
        """Return the variables that ENV sets, as they are written."""
        found: dict[str, str] = {}
        for each in self.instructions(target, "ENV"):
            found |= dict(re.findall(r"(\w+)=(\S+)", each.value))
        return found

    def last(self, name: str, target: str = "") -> str:
        """Return the value of the last instruction of a name; empty when there is none."""
        found = self.instructions(target, name)
        return found[-1].value if found else ""


def read_dockerfile(text: str) -> Dockerfile:
    """Return the stages of a Dockerfile.

    Raises:
        ValueError: it uses what this reader does not know.
    """
    arguments: dict[str, str] = {}
    stages: list[Stage] = []
    for instruction in _instructions(text):
        if instruction.name == "FROM":
            base, _, name = instruction.value.partition(" AS ")
            stages.append(Stage(_filled(base.strip(), arguments), name.strip(), ()))
        elif not stages:
            name, _, value = instruction.value.partition("=")
            arguments[name] = value
        else:
            last = stages.pop()
            stages.append(Stage(last.base, last.name, (*last.instructions, instruction)))
    return Dockerfile(tuple(stages))


def _instructions(text: str) -> Iterator[Instruction]:
    lines = [line for line in text.splitlines() if line.strip() and line.lstrip()[0] != "#"]
    for line in re.sub(r"\\\n\s*", " ", "\n".join(lines)).splitlines():
        name, _, value = line.partition(" ")
        if name not in KNOWN or "<<" in value:
            raise ValueError(f"{line!r}: expected one of {', '.join(sorted(KNOWN))}, no heredoc")
        yield Instruction(name, " ".join(value.split()))


def _filled(value: str, arguments: dict[str, str]) -> str:
    return re.sub(r"\$\{(\w+)\}", lambda found: arguments[found[1]], value)


def _copies(instructions: list[Instruction]) -> Iterator[Copy]:
    folder = PurePosixPath("/")
    for each in instructions:
        if each.name == "WORKDIR":
            folder = folder / each.value
        if each.name == "COPY":
            words = each.value.split()
            stage = "".join(word.removeprefix("--from=") for word in words if word[:2] == "--")
            *sources, destination = [word for word in words if word[:2] != "--"]
            yield Copy(tuple(sources), folder / destination, destination.endswith("/"), stage)
