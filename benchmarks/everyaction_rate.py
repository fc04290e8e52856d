"""How close do several processes come to a request limit, and how often do they break it?

A small server allows x requests in any second and answers 429 above. Processes with a few threads
each send as fast as a strategy lets them, for some seconds. Printed: how often the server answered
429, and the share of the limit that was used. On a machine that is busy with other work the server
itself is late, and takes requests that were evenly sent for a burst.

    python -m benchmarks.everyaction_rate [--seconds 10] [--rates 20 200]
"""

import argparse
import asyncio
import logging
import multiprocessing
import os
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.context import SpawnContext, SpawnProcess
from typing import Any

from infrastructure.local.stack import temporary_stack

THREADS = 8
PROCESSES = 3
KEY = "benchmark"


@dataclass
class Window:
    """The server's count: requests that were allowed and refused, and the times of the last."""

    per_second: int
    allowed: int = 0
    refused: int = 0
    times: deque[float] = field(default_factory=deque)

    def admit(self, now: float) -> bool:
        """Count a request; false: there were enough in the second before."""
        while self.times and now - self.times[0] >= 1.0:
            self.times.popleft()
        if len(self.times) >= self.per_second:
            self.refused += 1
            return False
        self.times.append(now)
        self.allowed += 1
        return True


async def answer(
    window: Window, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """Answer the requests of one connection."""
    try:
        while head := await reader.readuntil(b"\r\n\r\n"):
            path = head.split(b" ", 2)[1]
            if path == b"/counts":
                body = f"[{window.allowed}, {window.refused}]".encode()
                status = b"200 OK"
            elif window.admit(time.monotonic()):
                status, body = b"200 OK", b"{}"
            else:
                status, body = b"429 Too Many Requests\r\nRetry-After: 1", b"{}"
            writer.write(b"HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n" % (status, len(body)) + body)
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


def serve(per_second: int, port: Any) -> None:
    """Serve until killed; the port is told through a pipe."""

    async def run() -> None:
        window = Window(per_second)
        server = await asyncio.start_server(
            lambda reader, writer: answer(window, reader, writer), "127.0.0.1", 0
        )
        port.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(run())


def no_pace(per_second: float, processes: int) -> Callable[[], None]:
    """Send at once; a refusal is repeated when the server allows."""
    return lambda: None


def own_share(per_second: float, processes: int) -> Callable[[], None]:
    """Space evenly in each process, with its share of 0.95 of the limit."""
    from utilities.concurrency import Turns

    return Turns(0.95 * per_second / processes).wait


def each_call(per_second: float, processes: int) -> Callable[[], None]:
    """Ask Prefect before each request."""
    from prefect.concurrency.sync import rate_limit

    return lambda: rate_limit("everyaction", strict=True)


def blocks_of_slots(per_second: float, processes: int) -> Callable[[], None]:
    """Reserve blocks of Prefect's limit, as the flows do."""
    from utilities.settings import load_settings
    from utilities.tasks.pace import prefect_pace

    return prefect_pace(load_settings())


def send(strategy: str, per_second: int, processes: int, ready: Any, seconds: float) -> None:
    """Send from several threads for a while."""
    from utilities.everyaction import call, connect
    from utilities.settings import load_settings

    # Every answer 429 is counted by the server.
    logging.getLogger("utilities.everyaction").setLevel(logging.ERROR)
    pace = globals()[strategy](per_second, processes)
    van = connect(load_settings(), pace)
    ready.wait()
    end = time.monotonic() + seconds

    def work() -> None:
        while time.monotonic() < end:
            call(van, "GET", "echoes")

    threads = [threading.Thread(target=work, daemon=True) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(0.0, end - time.monotonic()))
    # Until it is killed: a request under way would complain of an interpreter that ends.
    threading.Event().wait()


def measure(strategy: str, per_second: int, processes: int, seconds: float) -> tuple[int, float]:
    """Return how often the server refused, and the share of its limit that was used."""
    context: SpawnContext = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    server = context.Process(target=serve, args=(per_second, sender), daemon=True)
    server.start()
    address = f"http://127.0.0.1:{receiver.recv()}"
    os.environ.update(
        VAN_API_URL=f"{address}/v4/", VAN_API_KEY=KEY, VAN_REQUESTS_PER_SECOND=str(per_second)
    )
    _ensure()
    ready = context.Barrier(processes + 1)
    arguments = (strategy, per_second, processes, ready, seconds)
    senders: list[SpawnProcess] = [
        context.Process(target=send, args=arguments, daemon=True) for _ in range(processes)
    ]
    for process in senders:
        process.start()
    ready.wait()
    time.sleep(seconds)
    allowed, refused = _counts(address)
    for process in [*senders, server]:
        process.kill()
        process.join()
    return refused, allowed / (per_second * seconds)


def _ensure() -> None:
    """Make the limit anew, without what the measurement before has reserved."""
    from prefect.client.orchestration import get_client
    from prefect.exceptions import ObjectNotFound

    from blocks import ensure_limits
    from utilities.settings import load_settings

    with get_client(sync_client=True) as client, suppress(ObjectNotFound):
        client.delete_global_concurrency_limit_by_name("everyaction")
    ensure_limits(load_settings())


def _counts(address: str) -> tuple[int, int]:
    import requests

    allowed, refused = requests.get(f"{address}/counts", timeout=10).json()
    return allowed, refused


STRATEGIES = (
    (no_pace, PROCESSES),
    (own_share, PROCESSES),
    (each_call, PROCESSES),
    (blocks_of_slots, PROCESSES),
    (blocks_of_slots, 1),
)


def main() -> None:
    """Measure every strategy and print the table."""
    reader = argparse.ArgumentParser(prog="python -m benchmarks.everyaction_rate")
    reader.add_argument("--seconds", type=float, default=10.0)
    reader.add_argument("--rates", type=int, nargs="+", default=[20, 200])
    reader.add_argument("--strategies", nargs="+", default=[s.__name__ for s, _ in STRATEGIES])
    options = reader.parse_args()
    with temporary_stack(prefect=True) as stack:
        os.environ.update(stack.variables)
        print(f"{'strategy':<16} {'processes':>9} {'limit/s':>8} {'429':>6} {'of the limit':>13}")
        for per_second in options.rates:
            for strategy, processes in STRATEGIES:
                if strategy.__name__ not in options.strategies:
                    continue
                refused, share = measure(strategy.__name__, per_second, processes, options.seconds)
                name = strategy.__name__
                print(f"{name:<16} {processes:>9} {per_second:>8} {refused:>6} {share:>13.2f}")


if __name__ == "__main__":
    main()
