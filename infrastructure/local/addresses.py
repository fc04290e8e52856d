"""The ports and the password of a stack: chosen once, kept in its folder."""

import json
import secrets
import socket
import uuid
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace

from infrastructure.local.folder import Folder, write_json

LOOPBACK = "127.0.0.1"
DATABASE = "dev"
USERNAME = "awsuser"
BUCKET = "prefect-flows"
REGION = "us-east-1"
AWS_KEY = "test"
REQUESTS_PER_SECOND = 20
ADDRESS_SERVICES = ("my-address", "my-address.json")
FEEDS = ("city-council.rss", "harbour-news.atom", "weather-desk.json")

FIRST_PORT, LAST_PORT = 15_000, 32_000
"""Below the range that kernels hand out to outgoing connections (Linux: from 32,768), so that a
port is still free after a restart."""


@dataclass(frozen=True)
class Addresses:
    """Where the parts listen, all on 127.0.0.1, the warehouse's password and EveryAction's key.

    A stack of an earlier version kept fewer; the missing ones are chosen when it starts again.
    """

    redshift_port: int
    aws_port: int
    prefect_port: int
    password: str
    everyaction_port: int = 0
    feeds_port: int = 0
    api_key: str = ""

    @property
    def redshift(self) -> dict[str, str]:
        """What a client of the warehouse needs, under parsons' names."""
        return {
            "REDSHIFT_HOST": LOOPBACK,
            "REDSHIFT_PORT": str(self.redshift_port),
            "REDSHIFT_DB": DATABASE,
            "REDSHIFT_USERNAME": USERNAME,
            "REDSHIFT_PASSWORD": self.password,
            "S3_TEMP_BUCKET": BUCKET,
        }

    @property
    def aws(self) -> dict[str, str]:
        """What a client of AWS needs, under boto3's names."""
        return {
            "AWS_ENDPOINT_URL": f"http://{LOOPBACK}:{self.aws_port}",
            "AWS_ACCESS_KEY_ID": AWS_KEY,
            "AWS_SECRET_ACCESS_KEY": AWS_KEY,
            "AWS_DEFAULT_REGION": REGION,
        }

    @property
    def prefect_url(self) -> str:
        """Address of Prefect's pages; its API is below `/api`."""
        return f"http://{LOOPBACK}:{self.prefect_port}"

    @property
    def everyaction(self) -> dict[str, str]:
        """What a client of EveryAction needs."""
        return {
            "VAN_API_URL": f"http://{LOOPBACK}:{self.everyaction_port}/v4/",
            "VAN_API_KEY": self.api_key,
            "VAN_DB": "EveryAction",
            "VAN_REQUESTS_PER_SECOND": str(REQUESTS_PER_SECOND),
        }

    @property
    def feeds(self) -> dict[str, str]:
        """Which feeds the local news server has."""
        address = f"http://{LOOPBACK}:{self.feeds_port}"
        return {"NEWS_FEEDS": ",".join(f"{address}/{name}" for name in FEEDS)}

    @property
    def egress(self) -> dict[str, str]:
        """Who tells a client its address, and which one is expected: that of this machine."""
        address = f"http://{LOOPBACK}:{self.feeds_port}"
        services = ",".join(f"{address}/{name}" for name in ADDRESS_SERVICES)
        return {"EGRESS_SERVICES": services, "EGRESS_ADDRESSES": LOOPBACK}

    def variables(self, *, prefect: bool) -> dict[str, str]:
        """Every environment variable that a client of the whole stack needs."""
        address = {"PREFECT_API_URL": f"{self.prefect_url}/api"} if prefect else {}
        others = {**self.everyaction, **self.feeds, **self.egress}
        return {**self.redshift, **self.aws, **others, **address}


def read_addresses(folder: Folder) -> Addresses:
    """Return the addresses of a stack that was started before."""
    return Addresses(**json.loads(folder.addresses.read_text()))


def choose_addresses(folder: Folder) -> Addresses:
    """Return the kept addresses, with a new port for each that is taken by now, and keep them.

    Call it only while no part of this stack is running.
    """
    known = read_addresses(folder) if folder.addresses.exists() else None
    wanted = known or Addresses(0, 0, 0, secrets.token_urlsafe(24))
    with ExitStack() as reserved:
        chosen = replace(
            wanted,
            redshift_port=_reserve(wanted.redshift_port, reserved),
            aws_port=_reserve(wanted.aws_port, reserved),
            prefect_port=_reserve(wanted.prefect_port, reserved),
            everyaction_port=_reserve(wanted.everyaction_port, reserved),
            feeds_port=_reserve(wanted.feeds_port, reserved),
            api_key=wanted.api_key or str(uuid.uuid4()),
        )
    if chosen != known:
        write_json(folder.addresses, asdict(chosen))
    return chosen


def _reserve(wanted: int, reserved: ExitStack) -> int:
    """Bind a port until `reserved` closes: the wanted one, or else any free one."""
    port = wanted or _random_port()
    while True:
        listener = socket.socket()
        # As servers do: without it a port is taken for a minute after its server has ended.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((LOOPBACK, port))
        except OSError:
            listener.close()
            port = _random_port()
        else:
            reserved.enter_context(listener)
            return port


def _random_port() -> int:
    return FIRST_PORT + secrets.randbelow(LAST_PORT - FIRST_PORT)
