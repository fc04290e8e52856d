"""What was written stays, whichever process is killed."""

import psutil
import pytest

from infrastructure.local.stack import Stack, join_or_start, stop
from tests.local.stack.clients import ask, quiet, state_of, storage, until


@pytest.fixture(scope="module")
def written(lasting: Stack) -> Stack:
    """A stack with a row and an object."""
    ask(lasting, "CREATE TABLE public.kept (note VARCHAR(20))")
    ask(lasting, "INSERT INTO public.kept VALUES ('still here')")
    with storage(lasting.variables) as s3:
        s3.put_object(Bucket="prefect-flows", Key="kept.txt", Body=b"still here")
    return lasting


def holds(stack: Stack) -> bool:
    """Whether both can be read."""
    with storage(stack.variables) as s3:
        body = s3.get_object(Bucket="prefect-flows", Key="kept.txt")["Body"].read()
    return body == b"still here" and ask(stack, "SELECT note FROM public.kept") == [("still here",)]


@pytest.mark.parametrize("part", ["postgres", "redshift", "aws"])
def test_a_killed_part_comes_back_with_its_data(written: Stack, part: str) -> None:
    """SIGKILL of a part: the supervisor starts it again, and nothing is lost."""
    before = state_of(written).parts[part]
    psutil.Process(before.pid).kill()
    until(lambda: state_of(written).parts[part] != before, f"{part} started again")
    until(lambda: holds(written), f"data readable after the kill of {part}")


def test_a_killed_supervisor_leaves_nothing_in_the_way(written: Stack) -> None:
    """SIGKILL of the supervisor: the next start ends the orphans and serves the same data."""
    before = state_of(written)
    orphans = [psutil.Process(part.pid) for part in before.parts.values()]
    psutil.Process(before.supervisor.pid).kill()
    psutil.Process(before.supervisor.pid).wait(10)
    again = join_or_start(written.root, prefect=False, announce=quiet)
    assert again == written
    assert holds(again)
    assert not any(orphan.is_running() for orphan in orphans)


def test_down_ends_the_orphans_of_a_killed_supervisor(written: Stack) -> None:
    """SIGKILL of the supervisor, then `down`: no process is left; the next `up` has the data."""
    state = state_of(written)
    orphans = [psutil.Process(part.pid) for part in state.parts.values()]
    psutil.Process(state.supervisor.pid).kill()
    assert stop(written.root)
    assert not any(orphan.is_running() for orphan in orphans)
    assert not stop(written.root)
    assert holds(join_or_start(written.root, prefect=False, announce=quiet))


def test_everything_killed_at_once(written: Stack) -> None:
    """SIGKILL of the supervisor and every part, as by the end of memory: the data is there."""
    state = state_of(written)
    killed = [psutil.Process(each.pid) for each in (state.supervisor, *state.parts.values())]
    for process in killed:
        process.kill()
    killed[0].wait(10)
    assert holds(join_or_start(written.root, prefect=False, announce=quiet))
