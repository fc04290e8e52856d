"""Work in a process of its own, so that it can be killed."""

from collections.abc import Callable
from typing import Any

from tests.forking import FORKING
from utilities.errors import FlowError

BOUND_SECONDS = 60.0


class Job:
    """A function that runs in another process."""

    def __init__(self, work: Callable[..., Any], *arguments: Any) -> None:
        self._receiver, sender = FORKING.Pipe(duplex=False)
        self._process = FORKING.Process(
            target=_carry_out, args=(sender, work, arguments), daemon=True
        )
        self._process.start()
        sender.close()

    @property
    def pid(self) -> int:
        """The number of the process."""
        assert self._process.pid is not None
        return self._process.pid

    def kill(self) -> None:
        """SIGKILL; returns when the process is gone."""
        self._process.kill()
        self._process.join(BOUND_SECONDS)
        self._receiver.close()

    def result(self) -> Any:
        """Wait for what the function returns; raise what it raised.

        Raises:
            EOFError: the process died before.
        """
        assert self._receiver.poll(BOUND_SECONDS), "the job did not end in time"
        found = self._receiver.recv()
        self._process.join(BOUND_SECONDS)
        self._receiver.close()
        if isinstance(found, FlowError):
            raise found
        return found


def start(work: Callable[..., Any], *arguments: Any) -> Job:
    """Start a module's function in another process; its arguments travel by pickle."""
    return Job(work, *arguments)


def _carry_out(sender: Any, work: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    try:
        found = work(*arguments)
    except FlowError as error:
        found = error
    sender.send(found)
    sender.close()
