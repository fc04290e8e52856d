"""What docker-compose.yml has to be, beyond its schema: one function says what is wrong."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

CREDENTIAL = re.compile(r"PASSWORD|SECRET|TOKEN|API_KEY|ACCESS_KEY")
PINNED = re.compile(r"[a-z/]+:\d+\.\d+-[a-z]+")
OWN = "prefect-flows"


def findings(compose: Mapping[str, Any]) -> list[str]:
    """Return what is wrong with the services."""
    services = compose["services"]
    found = [each for name, service in services.items() for each in _of_one(name, service)]
    return [*found, *_of_the_order(services), *_of_the_network(services)]


def _of_one(name: str, service: Mapping[str, Any]) -> Iterator[str]:
    for port in service.get("ports", []):
        if not str(port).startswith("127.0.0.1:"):
            yield f"port: {name} publishes {port} to the network, expected 127.0.0.1"
    for variable in service.get("environment", {}):
        if CREDENTIAL.search(variable):
            yield f"secret: {name} is given {variable}"
    if "test" not in service.get("healthcheck", {}):
        yield f"health: nobody asks {name} whether it works"
    image = service["image"]
    if image.split(":")[0] == OWN:
        if not (service.get("read_only") and service.get("cap_drop") == ["ALL"]):
            yield f"rights: {name} may write to its image, or has capabilities of root"
        if not service.get("init"):
            yield f"processes: nobody buries those that {name} leaves behind"
    elif not PINNED.fullmatch(image):
        yield f"version: {name} runs {image}, expected a version and a release of Debian"


def _of_the_order(services: Mapping[str, Any]) -> Iterator[str]:
    for name, service in services.items():
        for other, wanted in service.get("depends_on", {}).items():
            # What only lends its network has nothing to be well for.
            lends = (
                f"service:{other}" == service.get("network_mode")
                and len(service["depends_on"]) == 1
            )
            if wanted["condition"] != "service_healthy" and not lends:
                yield f"order: {name} does not wait until {other} works"
    if set(services["worker"].get("depends_on", {})) != {"stack", "prefect"}:
        yield "order: the worker starts before what it needs"


def _of_the_network(services: Mapping[str, Any]) -> Iterator[str]:
    for name, service in services.items():
        if name != "stack" and service.get("network_mode") != "service:stack":
            yield f"network: {name} has a loopback of its own, where nothing of the stack listens"
