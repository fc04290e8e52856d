"""Which flow an entrypoint names."""

from pathlib import Path

from deployments.catalog import Catalog, CatalogFlow
from deployments.declaration.located import Section, place_of
from deployments.declaration.problems import Problems, Where, suggestion


class Entrypoints:
    """The flows of a repository, by what prefect.yaml calls them."""

    def __init__(self, root: Path, catalog: Catalog) -> None:
        self._root = root
        self._catalog = catalog
        self._unreadable = {str(one.file): one for one in catalog.unreadable}

    def find(self, section: Section, where: Where, problems: Problems) -> CatalogFlow | None:
        """Return the flow of a deployment; None, and a problem, when there is none."""
        entrypoint = section.get("entrypoint")
        if entrypoint is None:
            return None
        flow = self._catalog.by_entrypoint(entrypoint)
        if flow is None:
            problems.add(place_of(where, section, "entrypoint"), self._reason(entrypoint))
            return None
        name = section.get("name", flow.hyphenated)
        if not flow.is_known:
            return flow
        if name != flow.hyphenated and not name.startswith(f"{flow.hyphenated}-"):
            problems.add(
                place_of(where, section, "name"),
                f'found "{name}", expected "{flow.hyphenated}", its flow\'s name with hyphens, or'
                f' that and a suffix, such as "{flow.hyphenated}-hourly".',
            )
        return flow

    def _reason(self, entrypoint: str) -> str:
        file, _, function = entrypoint.partition(":")
        if broken := self._unreadable.get(file):
            return f"{file}:{broken.line} cannot be read: {broken.reason}. Mend the file."
        nearest = suggestion(entrypoint, [flow.entrypoint for flow in self._catalog.flows], "Flows")
        if not function:
            found = f'found "{entrypoint}", expected file and function, as in file.py:function'
        elif not (self._root / file).is_file():
            found = f'found "{entrypoint}", but there is no file {file}'
        else:
            found = f'found "{entrypoint}", but {file} has no flow function {function}'
        return f"{found}.{nearest}"
