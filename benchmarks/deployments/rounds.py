"""One round: two equal repositories on a fresh server, one deployed by each side.

Each side's repository has names of its own, so that its first deployment is a first one. All of
ours comes before the second deployment of theirs, after which the server makes runs anew for a
while.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.deployments import server
from benchmarks.deployments.commands import Commands
from benchmarks.deployments.repository import FLOWS_ON_THE_LAST, Repository, make_repository
from benchmarks.deployments.server import Found
from infrastructure.local.stack import Stack
from tests.recording_proxy import recording_proxy

DELAY_SECONDS = 0.1
REPEATS = 3
"""Of what takes a second or less: how often it is measured in each round."""


@dataclass
class Measured:
    """What all rounds gave.

    Attributes:
        seconds: by what was measured.
        broken: promises that did not hold.
    """

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    broken: list[str] = field(default_factory=list)

    def require(self, is_kept: bool, promise: str) -> None:
        """Note a promise that did not hold."""
        if not is_kept:
            self.broken.append(promise)


@dataclass(frozen=True)
class Side:
    """One side of a round.

    Attributes:
        stack: whose Prefect it deploys to.
        commands: that it runs, straight to the server.
    """

    stack: Stack
    commands: Commands

    @property
    def repository(self) -> Repository:
        """What it deploys."""
        return self.commands.repository

    def find(self) -> Found:
        """Ask the server for everything of this side."""
        return server.find(self.stack, self.repository.project)

    def through(self, url: str) -> Commands:
        """Return the same commands, at another address of the server."""
        return Commands(self.repository, url, self.commands.folder)


def measure_round(
    folder: Path, parts: Collection[str], flows: int, modules: int, into: Measured
) -> None:
    """Measure the parts `first`, `nothing`, `delayed` and `edit`; the first one is never left out.

    Args:
        folder: empty, for everything of this round.
        parts: that are wanted.
        flows, modules: of both repositories.
        into: gets what was measured.
    """
    with server.fresh_server() as stack:
        theirs, ours = (_side(folder, name, stack, flows, modules) for name in ("theirs", "ours"))
        into.seconds["theirs, first"].append(theirs.commands.prefect_deploy())
        into.seconds["apply, first"].append(ours.commands.apply())
        for side in (theirs, ours):
            found = server.wait_for_runs(stack, side.repository.project, flows)
            is_whole = (len(found.updated), found.schemas) == (flows, flows)
            into.require(is_whole, f"{side.repository.project}: every deployment, with its schema")
        if "nothing" in parts:
            _measure_nothing(ours, into)
        if "delayed" in parts:
            _measure_delayed(ours, into)
        if "edit" in parts:
            _measure_edits(ours, into)
        _measure_theirs(theirs, parts, into)


def _side(folder: Path, name: str, stack: Stack, flows: int, modules: int) -> Side:
    repository = make_repository(folder / name, name, flows, modules)
    return Side(stack, Commands(repository, stack.variables["PREFECT_API_URL"], folder))


def _measure_nothing(ours: Side, into: Measured) -> None:
    before = ours.find()
    for _ in range(REPEATS):
        into.seconds["plan, nothing to do"].append(ours.commands.plan())
        into.seconds["apply, nothing to do"].append(ours.commands.apply())
    _require_untouched(before, ours.find(), into)


def _measure_delayed(ours: Side, into: Measured) -> None:
    before = ours.find()
    url = ours.commands.url
    with recording_proxy(url, DELAY_SECONDS) as proxy:
        for _ in range(REPEATS):
            into.seconds["plan, nothing to do, delayed"].append(ours.through(proxy.url).plan())
            into.seconds["apply, nothing to do, delayed"].append(ours.through(proxy.url).apply())
        into.require(not proxy.writes(), "with nothing to do, no request writes")
    _require_untouched(before, ours.find(), into)


def _require_untouched(before: Found, after: Found, into: Measured) -> None:
    into.require(before.updated == after.updated, "with nothing to do, `updated` stays")
    into.require(before.runs <= after.runs, "with nothing to do, every scheduled run stays")


def _measure_edits(ours: Side, into: Measured) -> None:
    expected = {name.replace("_", "-") for name in ours.repository.flows[:FLOWS_ON_THE_LAST]}
    for number in range(REPEATS):
        before = ours.find()
        ours.repository.edit(f"edit {number}")
        into.seconds["apply, one edit"].append(ours.commands.apply())
        after = ours.find().updated
        written = {name.split("--")[2] for name in after if after[name] != before.updated[name]}
        into.require(written == expected, "an edit writes the five deployments that it concerns")


def _measure_theirs(theirs: Side, parts: Collection[str], into: Measured) -> None:
    if "nothing" in parts:
        into.seconds["theirs, nothing to do"].append(theirs.commands.prefect_deploy())
    if "delayed" in parts:
        with recording_proxy(theirs.commands.url, DELAY_SECONDS) as proxy:
            delayed = theirs.through(proxy.url)
            into.seconds["theirs, nothing to do, delayed"].append(delayed.prefect_deploy())
    if "edit" in parts:
        theirs.repository.edit("edit")
        into.seconds["theirs, one edit"].append(theirs.commands.prefect_deploy())
