"""What an environment says that cannot be, whatever its deployments become."""

from collections.abc import Collection, Mapping, Sequence

from deployments.catalog import Catalog, CatalogFlow
from deployments.declaration.declared import TYPES_WITH_IMAGE
from deployments.declaration.entries import Entry
from deployments.declaration.located import Items, place_of
from deployments.declaration.parameters import check_parameters, check_value
from deployments.declaration.problems import Problems, suggestion
from deployments.declaration.schedules import read_schedules
from deployments.declaration.surroundings import NOTHING, Surroundings
from deployments.declaration.variables import LEGAL


def check_images(here: Surroundings, problems: Problems) -> None:
    """Report that images have nowhere to go."""
    with_image = [key for key, pool in here.pools.items() if pool.type in TYPES_WITH_IMAGE]
    if with_image and "image_repository" not in here.section:
        problems.add(
            here.where,
            f'"image_repository" is missing: runs in the pool {with_image[0]} start from an image.'
            " Name the repository that images are pushed to.",
        )


def check_platform(here: Surroundings, problems: Problems) -> None:
    """Report queues of pools that are not there, and names that no secret can have."""
    for key in here.section.get("prefect", NOTHING).get("queues", NOTHING):
        if key not in here.pools:
            hint = suggestion(key, here.pools, "It has")
            place = here.at("prefect", "queues", key)
            problems.add(place, f"the environment has no such pool.{hint}")
    names = here.section.get("secrets", Items(here.where.line))
    for number, (name, line) in enumerate(zip(names, names.lines, strict=True)):
        place = here.at("secrets").child(str(number + 1), line)
        if not LEGAL.fullmatch(name):
            problems.add(
                place,
                f'found "{name}", expected letters, digits and _: runs get it as an environment'
                " variable of this name.",
            )
        elif name in names[:number]:
            problems.add(place, f'found "{name}" a second time. Remove one of the two.')


def check_environment_parameters(
    here: Surroundings, catalog: Catalog, entries: Sequence[Entry], problems: Problems
) -> None:
    """Report parameters that no flow has, and values that do not fit one that is deployed."""
    if not here.parameters:
        return
    known = {parameter.name for flow in catalog.flows for parameter in flow.parameters}
    deployed = {entry.flow.entrypoint: entry.flow for entry in entries}
    for name, value in here.section["parameters"].items():
        place = here.at("parameters", name)
        if name not in known:
            hint = suggestion(name, sorted(known), "Parameters")
            problems.add(place, f"no flow has such a parameter.{hint}")
        for flow in deployed.values():
            for parameter in flow.parameters:
                if parameter.name == name:
                    check_value(parameter, value, flow, place, problems)


def check_overrides(
    here: Surroundings, flows: Mapping[str, CatalogFlow], names: Collection[str], problems: Problems
) -> None:
    """Report overrides that fit no deployment, and read the schedules among them.

    Args:
        here: the environment; gets the schedules.
        flows: by deployment, where the flow is known.
        names: of all deployments; empty when they could not be read.
        problems: gets what is wrong.
    """
    for name, override in here.section.get("overrides", NOTHING).items():
        place = here.at("overrides", name)
        if names and name not in names:
            hint = suggestion(name, names, "Deployments")
            problems.add(place, f"prefect.yaml has no such deployment.{hint}")
        flow = flows.get(name)
        if flow is not None and "parameters" in override:
            at = place_of(place, override, "parameters")
            check_parameters(override["parameters"], flow, at, problems)
        if isinstance(override.get("schedules"), Items):
            at = place_of(place, override, "schedules")
            here.schedules[name] = read_schedules(override["schedules"], flow, at, problems)


def check_pools(
    everywhere: Sequence[Surroundings], entries: Sequence[Entry], problems: Problems
) -> None:
    """Report pools that deployments pick and environments lack, each once."""
    named = {here.name: here.section.get("pools", NOTHING) for here in everywhere}
    anywhere = {key: None for pools in named.values() for key in pools}
    for entry in entries:
        if everywhere and entry.pool not in anywhere:
            hint = suggestion(entry.pool, anywhere, "They have")
            text = f'found "{entry.pool}", but no environment has a pool of this name.{hint}'
            problems.add(entry.at("work_pool", "name"), text)
    for here in everywhere:
        pools = named[here.name]
        _check_named_pools(here, pools, problems)
        lacking: dict[str, list[Entry]] = {}
        for entry in entries:
            picked = here.override(entry.name).get("pool", entry.pool)
            if picked not in pools and picked in anywhere:
                lacking.setdefault(picked, []).append(entry)
        for picked, users in lacking.items():
            more = f" and {len(users) - 1} more" if len(users) > 1 else ""
            problems.add(
                here.at("pools"),
                f'the pool "{picked}" is missing, which {users[0].name} (prefect.yaml:'
                f"{users[0].where.line}){more} run in.{suggestion(picked, pools, 'It has')}",
            )


def _check_named_pools(here: Surroundings, pools: Collection[str], problems: Problems) -> None:
    for key in here.resources:
        if key not in pools:
            hint = suggestion(key, pools, "It has")
            problems.add(here.at("resources", key), f"the environment has no such pool.{hint}")
    for name, override in here.section.get("overrides", NOTHING).items():
        if "pool" in override and override["pool"] not in pools:
            hint = suggestion(override["pool"], pools, "It has")
            text = f'the environment has no pool "{override["pool"]}".{hint}'
            problems.add(here.at("overrides", name, "pool"), text)
