"""A repository of many flows over a shelf of modules, as large as is wanted, always the same."""

import os
import random
import subprocess
from dataclasses import dataclass
from pathlib import Path

FLOWS_ON_THE_LAST = 5
SHELF = "shelf"
POOL = "process"

ENVIRONMENT = {
    "GIT_AUTHOR_NAME": "benchmark",
    "GIT_AUTHOR_EMAIL": "benchmark@example.org",
    "GIT_COMMITTER_NAME": "benchmark",
    "GIT_COMMITTER_EMAIL": "benchmark@example.org",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
}

FLOW = '''
"""Load one table."""

from typing import Literal

from prefect import flow

{imports}


@flow(name="{name}")
def {name}(
    table: str = "public.rows",
    mode: Literal["append", "replace", "upsert"] = "append",
    key: tuple[str, ...] = (),
    limit: int | None = None,
    *,
    dry_run: bool = False,
) -> int:
    """Load one table from somewhere.

    Args:
        table: target as schema.table.
        mode: how rows are added.
        key: column that identifies a row.
        limit: rows at most.
        dry_run: load nothing.
    """
    return {total}
'''

DEPLOYMENT = """\
  - name: {hyphenated}
    entrypoint: flows/{name}.py:{name}
    tags: [benchmark]
    parameters: {{table: public.{name}, limit: 1000}}
    schedules:
      - slug: nightly
        cron: "{minute} {hour} * * *"
        timezone: America/New_York
    concurrency_limit: {{limit: 1, collision_strategy: ENQUEUE}}
    work_pool: {{name: process}}
"""

PREFECT_YAML = """\
name: {project}
pull:
  - prefect.deployments.steps.set_working_directory:
      directory: /opt/{project}
deployments:
"""

ENVIRONMENTS_YAML = """\
packages: [flows, shelf]
environments:
  production:
    branch: main
    schedules: true
    pools: {process: process}
"""


@dataclass(frozen=True)
class Repository:
    """A git repository with one flow and one deployment for each name.

    Attributes:
        root: its folder.
        project: `name` of prefect.yaml.
        flows: names of the flows; the first five alone import the last module of the shelf.
        modules: of the shelf.
    """

    root: Path
    project: str
    flows: tuple[str, ...]
    modules: int

    @property
    def seldom_used(self) -> Path:
        """The module that five flows import, and no other module."""
        return self.root / SHELF / f"part_{self.modules - 1:03}.py"

    def edit(self, text: str) -> None:
        """Change the seldom used module, and commit it."""
        with self.seldom_used.open("a", encoding="utf-8") as file:
            file.write(f"# {text}\n")
        self._git("commit", "--quiet", "--all", "--message", text)

    def _git(self, *words: str) -> None:
        subprocess.run(
            ["git", *words], cwd=self.root, env={**os.environ, **ENVIRONMENT}, check=True
        )


def make_repository(root: Path, project: str, flows: int, modules: int) -> Repository:
    """Write and commit it.

    Args:
        root: folder that does not exist.
        project: its name, and the beginning of every flow's.
        flows: how many.
        modules: how many the shelf has.
    """
    chance = random.Random(flows * 1000 + modules)
    names = tuple(f"{project}_{number:03}" for number in range(flows))
    made = Repository(root, project, names, modules)
    files = {".gitignore": "__pycache__/\n", "flows/__init__.py": "", f"{SHELF}/__init__.py": ""}
    files |= {
        f"{SHELF}/part_{number:03}.py": _module(number, chance, modules)
        for number in range(modules)
    }
    for number, name in enumerate(names):
        used = chance.sample(range(modules - 1), 4)
        used += [modules - 1] if number < FLOWS_ON_THE_LAST else []
        files[f"flows/{name}.py"] = _flow(name, used)
    files["prefect.yaml"] = PREFECT_YAML.format(project=project) + "".join(
        DEPLOYMENT.format(
            name=name,
            hyphenated=name.replace("_", "-"),
            minute=number % 60,
            hour=number % 24,
        )
        for number, name in enumerate(names)
    )
    files["environments.yaml"] = ENVIRONMENTS_YAML
    for path, text in files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text.lstrip("\n"), encoding="utf-8")
    made._git("init", "--quiet", "--initial-branch", "main")
    made._git("add", "--all")
    made._git("commit", "--quiet", "--message", "Begin")
    return made


def _module(number: int, chance: random.Random, modules: int) -> str:
    """Return a module that imports up to three with smaller numbers: a graph without circles."""
    used = chance.sample(range(number), min(number, 3))
    total = " + ".join([str(number), *(f"value_{other:03}()" for other in used)])
    return (
        f'"""Part {number}."""\n\n{_imports(used)}\n\n\n'
        f"def value_{number:03}() -> int:\n    return {total}\n"
    )


def _flow(name: str, used: list[int]) -> str:
    total = " + ".join(f"value_{number:03}()" for number in used)
    return FLOW.format(name=name, imports=_imports(used), total=total)


def _imports(used: list[int]) -> str:
    return "\n".join(
        f"from {SHELF}.part_{number:03} import value_{number:03}" for number in sorted(used)
    )
