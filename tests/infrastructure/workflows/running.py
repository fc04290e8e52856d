"""Run blocks of the workflows, run as GitHub runs them, in a clone of the repository."""

import os
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.infrastructure.workflows.reading import Step, jobs, steps

EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")
KEPT = ("PATH", "LANG")


@dataclass(frozen=True)
class Done:
    """What became of a run block.

    Attributes:
        status: of its shell.
        output, errors: what it printed.
        summary: what it wrote for the page of the run.
    """

    status: int
    output: str
    errors: str
    summary: str


@dataclass
class Runner:
    """Where run blocks are run.

    Attributes:
        root: clone of the repository.
        temporary: RUNNER_TEMP, and home of whoever runs.
        variables: of the environment, besides.
        values: of expressions, by their text; outputs of steps and jobs come to them.
        ran: blocks that ended well.
    """

    root: Path
    temporary: Path
    variables: Mapping[str, str]
    values: dict[str, str] = field(default_factory=dict)
    ran: set[tuple[str, str, str]] = field(default_factory=set)

    def __call__(self, file: str, job: str, name: str, **variables: str) -> Done:
        """Run one block with bash as GitHub does; the step's own variables may be given here.

        https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax
        """
        step = next(each for each in steps() if each.key == (file, job, name))
        filled = {
            name: self._fill(str(value))
            for name, value in step.env.items()
            if name not in variables
        }
        done = self.shell(step.content["run"], **filled, **variables)
        if done.status == 0:
            self.ran.add(step.key)
            self._keep_outputs(step)
        return done

    def shell(self, script: str, **variables: str) -> Done:
        """Run a script."""
        for each in (self._output, self._summary):
            each.write_text("")
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
            cwd=self.root,
            env={
                **{name: os.environ[name] for name in KEPT if name in os.environ},
                **self.variables,
                "HOME": str(self.temporary),
                "RUNNER_TEMP": str(self.temporary),
                "GITHUB_OUTPUT": str(self._output),
                "GITHUB_STEP_SUMMARY": str(self._summary),
                **variables,
            },
            capture_output=True,
            text=True,
            timeout=90,
        )
        return Done(done.returncode, done.stdout, done.stderr, self._summary.read_text())

    @property
    def _output(self) -> Path:
        return self.temporary / "output"

    @property
    def _summary(self) -> Path:
        return self.temporary / "summary"

    def _fill(self, text: str) -> str:
        return EXPRESSION.sub(lambda found: self.values[found[1]], text)

    def _keep_outputs(self, step: Step) -> None:
        for line in self._output.read_text().splitlines():
            key, _, value = line.partition("=")
            self.values[f"steps.{step.content['id']}.outputs.{key}"] = value
        for file, name, job in jobs():
            if (file, name) == step.key[:2]:
                for key, expression in job.get("outputs", {}).items():
                    if (found := EXPRESSION.fullmatch(expression)) and found[1] in self.values:
                        self.values[f"needs.{name}.outputs.{key}"] = self.values[found[1]]
