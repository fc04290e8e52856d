"""A small repository of flows, made for a test: real files, real git.

flows/orders.py            uses shelf.money, which uses shelf.rounding
flows/people/              a package with people.sql; uses shelf.names
flows/reports.py           uses nothing
"""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

ENVIRONMENT = {
    "GIT_AUTHOR_NAME": "A Tester",
    "GIT_AUTHOR_EMAIL": "tester@example.org",
    "GIT_COMMITTER_NAME": "A Tester",
    "GIT_COMMITTER_EMAIL": "tester@example.org",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
}

REPOSITORY = Path(__file__).parents[1]

FILES = {
    ".gitignore": "__pycache__/\n",
    "shelf/__init__.py": "",
    "shelf/money.py": "from shelf.rounding import DIGITS\n\nCENTS = 10**DIGITS\n",
    "shelf/rounding.py": "DIGITS = 2\n",
    "shelf/names.py": "GREETING = 'Hello'\n",
    "flows/__init__.py": "",
    "flows/orders.py": '''
        """Orders."""

        from prefect import flow

        from shelf.money import CENTS


        @flow(name="orders")
        def orders(day: str = "today", limit: int = 10) -> int:
            """Load the orders of a day."""
            return limit * CENTS
        ''',
    "flows/people/__init__.py": '''
        """People."""

        from pathlib import Path

        from prefect import flow

        from shelf.names import GREETING

        QUERY = Path(__file__).parent / "people.sql"


        @flow(name="people_of_today")
        def people(full: bool = False) -> str:
            """Load the people."""
            return GREETING + QUERY.read_text()
        ''',
    "flows/people/people.sql": "SELECT 1;\n",
    "flows/reports.py": '''
        """Reports."""

        from prefect import flow


        @flow(name="reports", description="Write the reports.")
        def reports() -> None:
            pass
        ''',
    "requirements.txt": "prefect==3.8.8\n",
    "Dockerfile": "FROM python:3.11-slim\nCOPY flows flows\n",
    "pyproject.toml": '[project]\nname = "shop"\nversion = "1.2.0"\n',
    "prefect.yaml": """
        name: {project}
        pull:
          - prefect.deployments.steps.set_working_directory:
              directory: /opt/shop
        deployments:
          - name: orders
            entrypoint: flows/orders.py:orders
            parameters: {{limit: 20}}
            schedules:
              - {{slug: daily, cron: "0 6 * * *", timezone: America/New_York}}
            work_pool: {{name: ecs, job_variables: {{cpu: 1024, memory: 2048}}}}
            concurrency_limit: {{limit: 1, collision_strategy: ENQUEUE}}
          - name: people-of-today
            entrypoint: flows/people/__init__.py:people
            tags: [people]
            schedules:
              - {{slug: hourly, interval: 3600, timezone: UTC}}
            work_pool: {{name: ecs}}
          - name: reports
            entrypoint: flows/reports.py:reports
            work_pool: {{name: process}}
        """,
    "environments.yaml": """
        packages: [flows, shelf]
        environments:
          production:
            branch: main
            schedules: true
            pools: {{ecs: "{project}-production", process: "{project}-folder"}}
            image_repository: 123456789012.dkr.ecr.us-east-1.amazonaws.com/shop
            resources: {{ecs: {{cpu: 512, memory: 1024}}}}
            variables: {{SHOP: production}}
          staging:
            branch: main
            pools: {{ecs: "{project}-staging", process: "{project}-folder"}}
            image_repository: 123456789012.dkr.ecr.us-east-1.amazonaws.com/shop
            resources: {{ecs: {{cpu: 256, memory: 512}}}}
            variables: {{SHOP: staging}}
            overrides:
              orders: {{parameters: {{limit: 5}}}}
          local:
            pools:
              ecs: {{name: "{project}-local", type: process}}
              process: "{project}-local"
            working_directory: .
        """,
}
"""What it begins with. `{project}` is the project's name; braces are doubled in the two YAML files."""


@dataclass(frozen=True)
class MadeRepository:
    """The repository.

    Attributes:
        root: its folder.
        project: `name` of prefect.yaml, and the beginning of its work pools' names.
    """

    root: Path
    project: str

    def write(self, path: str, text: str) -> None:
        """Write a file, without committing it."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(dedent(text).lstrip("\n"), encoding="utf-8")

    def edit(self, path: str, old: str, new: str) -> None:
        """Replace a text that a file holds, without committing it."""
        file = self.root / path
        text = file.read_text(encoding="utf-8")
        assert old in text, f"{path} does not hold {old!r}"
        file.write_text(text.replace(old, new), encoding="utf-8")

    def git(self, *arguments: str) -> str:
        """Run git there; return what it prints."""
        return subprocess.run(
            ["git", *arguments],
            cwd=self.root,
            env={**os.environ, **ENVIRONMENT},
            check=True,
            capture_output=True,
            text=True,
        ).stdout.strip()

    def commit(self, subject: str = "Change") -> str:
        """Commit everything; return the hash."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", subject)
        return self.git("rev-parse", "HEAD")

    def run(self, *command: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run `python -m deployments COMMAND` there, as a person does.

        Args:
            command: after `python -m deployments`.
            variables: of the environment, e.g. PREFECT_API_URL.
        """
        return subprocess.run(
            [sys.executable, "-m", "deployments", *command],
            cwd=self.root,
            env={**os.environ, "PYTHONPATH": str(REPOSITORY), **variables},
            capture_output=True,
            text=True,
        )


def make_repository(root: Path, project: str = "shop") -> MadeRepository:
    """Write the files into a new git repository on branch main, and commit them."""
    made = MadeRepository(root, project)
    for path, text in FILES.items():
        is_declaration = path.endswith(".yaml")
        made.write(path, text.format(project=project) if is_declaration else text)
    made.git("init", "--quiet", "--initial-branch", "main")
    made.commit("Begin")
    return made
