"""The page of the shelf names every task, and nothing else."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import utilities.tasks

SHELF = Path(utilities.tasks.__file__).parent
ROWS = re.findall(r"^\| (`.*) \| (.*) \|$", utilities.tasks.__doc__ or "", re.M)


def tasks(module: Path) -> Iterator[str]:
    """The public functions of a module that are Prefect tasks."""
    for node in ast.parse(module.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef) and "task" in map(decorator, node.decorator_list):
            yield node.name


def decorator(node: ast.expr) -> str:
    """The name of a decorator, called or not."""
    called = node.func if isinstance(node, ast.Call) else node
    return called.id if isinstance(called, ast.Name) else ""


def test_every_task_is_on_the_page() -> None:
    """Each module with a task has its row, and the row its tasks."""
    told = {
        (module, task)
        for modules, names in ROWS
        for module, part in zip(modules.split(", "), names.split("; "), strict=True)
        for task in re.findall(r"`(\w+)`", part)
    }
    there = {(f"`{file.stem}`", task) for file in SHELF.glob("*.py") for task in tasks(file)}
    # A function that is made of the two tasks before it.
    assert told - {("`bulk_imports`", "bulk_import")} == there


def test_the_page_imports_nothing() -> None:
    """So that a flow depends on the tasks alone that it uses."""
    page = ast.parse((SHELF / "__init__.py").read_text(encoding="utf-8"))
    assert [type(node) for node in page.body] == [ast.Expr]
