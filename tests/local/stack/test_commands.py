"""The commands `up`, `status`, `psql`, `down` and `reset`, as a person types them."""

import re
import subprocess
from pathlib import Path

from infrastructure.local.addresses import read_addresses
from infrastructure.local.folder import REPOSITORY, Folder
from tests.local.stack.clients import command


def test_the_life_of_a_stack(root: Path) -> None:
    """Up says where everything is, status the same, join lends it to a command, psql connects,
    down keeps the data, reset deletes it, and only when it is meant."""
    where = ("--root", str(root))
    assert command(*where, "status").returncode == 3

    up = command(*where, "up", "--no-prefect")
    assert up.returncode == 0, up.stderr
    addresses = read_addresses(Folder(root))
    assert f"postgresql://awsuser@127.0.0.1:{addresses.redshift_port}/dev" in up.stdout
    assert f"http://127.0.0.1:{addresses.aws_port}" in up.stdout
    assert addresses.password not in up.stdout

    status = command(*where, "status")
    assert status.returncode == 0
    assert all(name in status.stdout for name in ("postgres", "redshift", "aws"))

    joined = command(
        *where, "join", "--no-prefect", "--", "sh", "-c", "echo $REDSHIFT_PORT; exit 7"
    )
    assert (joined.stdout, joined.returncode) == (f"{addresses.redshift_port}\n", 7), joined.stderr

    asked = command(*where, "psql", "-Atc", "SELECT current_user, GETDATE() IS NOT NULL")
    assert asked.stdout == "awsuser|t\n", asked.stderr

    down = command(*where, "down")
    assert down.stdout == "The local stack has ended; its data stays.\n"
    assert command(*where, "down").stdout == "Nothing was running.\n"

    assert command(*where, "reset", stdin=subprocess.DEVNULL).returncode == 1
    assert root.exists()
    assert command(*where, "reset", "--yes").returncode == 0
    assert not root.exists()


def test_every_command_is_explained_and_documented() -> None:
    """`--help` lists the commands, each with what it does, and the document has them all."""
    listed = re.findall(r"^    (\w+) +\w", command("--help").stdout, re.M)
    assert listed == ["up", "status", "down", "reset", "run", "join", "psql"]
    document = (REPOSITORY / "docs" / "local-stack.md").read_text()
    assert [
        name for name in listed if f"`python -m infrastructure.local {name}" not in document
    ] == []
