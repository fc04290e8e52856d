"""Write a new flow into a repository: everything or nothing, and over nothing that is there."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from deployments.catalog import Catalog
from deployments.catalog.finding import find_flows
from deployments.declaration.reading import read_declaration
from deployments.scaffold.entry import add_entry, usual_pool
from deployments.scaffold.naming import flow_name
from deployments.scaffold.rendering import render_entry, render_flow
from utilities.errors import ChangeRefused

DECLARATION = "prefect.yaml"
FLOWS = "flows"


@dataclass(frozen=True)
class Scaffold:
    """What was written.

    Attributes:
        flow: name of the flow.
        deployment: its name in prefect.yaml.
        files: that are new, from the repository's root; the test is the last.
    """

    flow: str
    deployment: str
    files: tuple[PurePosixPath, ...]

    @property
    def test(self) -> PurePosixPath:
        """The flow's test."""
        return self.files[-1]


def scaffold(root: Path, wanted: str, *, own_image: bool = False) -> Scaffold:
    """Write a flow with its SQL, its test and its deployment.

    Args:
        root: folder of the repository.
        wanted: the name, as a person writes it.
        own_image: whether the flow brings packages of its own: requirements.txt and Dockerfile.

    Raises:
        ParameterInvalid: no flow can have this name; the message suggests another.
        ChangeRefused: a file of that name exists.
        DeclarationInvalid: prefect.yaml or environments.yaml is, or cannot be added to.
    """
    catalog = find_flows(root)
    declared = read_declaration(root, catalog)
    names = {each.name for one in declared.environments.values() for each in one.configurations}
    name = flow_name(wanted, _taken(root, catalog, names))
    files = render_flow(name, own_image=own_image)
    for file in files:
        if (root / file).exists():
            raise ChangeRefused(
                f"{file} exists, and nothing is written over. Choose another name, or move it away."
            )
    text = (root / DECLARATION).read_bytes().decode("utf-8")
    entry = render_entry(name, usual_pool(text))
    changed = add_entry(text, entry)
    _try(root, files, changed)
    _write(root, files, changed)
    return Scaffold(name, name.replace("_", "-"), tuple(files))


def _taken(root: Path, catalog: Catalog, deployments: set[str]) -> dict[str, str]:
    """Return what has which name, as the end of a sentence."""
    taken = {path.stem: f"{FLOWS}/{path.name}" for path in (root / FLOWS).iterdir()}
    taken |= {
        name.replace("-", "_"): f"a deployment {name!r} in {DECLARATION}" for name in deployments
    }
    return taken | {
        name.replace("-", "_"): f"a flow {name!r} in {flow.file}"
        for flow in catalog.flows
        for name in (flow.function, flow.name)
    }


def _try(root: Path, files: Mapping[PurePosixPath, str], declaration: str) -> None:
    """Read the declaration as it will be, in a folder of its own.

    Raises:
        DeclarationInvalid: it would not be valid.
    """
    with TemporaryDirectory() as folder:
        trial = Path(folder)
        for path in root.iterdir():
            if path.name not in {FLOWS, DECLARATION, ".git"}:
                (trial / path.name).symlink_to(path.resolve())
        shutil.copytree(root / FLOWS, trial / FLOWS, ignore=shutil.ignore_patterns("__pycache__"))
        for file, text in files.items():
            if file.parts[0] == FLOWS:
                _create(trial / file, text)
        _create(trial / DECLARATION, declaration)
        read_declaration(trial, find_flows(trial))


def _write(root: Path, files: Mapping[PurePosixPath, str], declaration: str) -> None:
    """Write all files; when one cannot be written, remove those that were."""
    written: list[Path] = []
    try:
        for file, text in files.items():
            _create(root / file, text)
            written.append(root / file)
        _exchange((root / DECLARATION).resolve(), declaration)
    except BaseException:
        for path in written:
            path.unlink()
        shutil.rmtree(root / next(iter(files)).parent, ignore_errors=True)
        raise


def _create(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("x", encoding="utf-8", newline="") as file:
        try:
            file.write(text)
            file.flush()
        except OSError:
            path.unlink()
            raise


def _exchange(path: Path, text: str) -> None:
    """Give a file another content at once: a reader sees the old or the new one."""
    beside = path.with_name(f"{path.name}.new")
    try:
        beside.write_bytes(text.encode("utf-8"))
        shutil.copymode(path, beside)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
