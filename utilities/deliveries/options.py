"""How a delivery goes about its work."""

from dataclasses import dataclass

from utilities.errors import ParameterInvalid


@dataclass(frozen=True)
class DeliveryOptions:
    """How a delivery goes about its work.

    Attributes:
        retry_refused: send again, once, what was refused before.
        lease_seconds: for how long claimed items belong to this run, in whole seconds. What a
            killed run had claimed is taken over when they are over. A request is sent only while
            its time limits fit in.
        wait_seconds: how long to wait for items that other runs have claimed, counted from the
            last one that they finished; None: a minute longer than the lease.
        workers: requests under way at once. The rate is kept by the client, not by this.
        settle_seconds: how long after a request without an answer the other system is asked what
            became of it.
        block_seconds: how much work is claimed at once.
        flow_run: id of the Prefect flow run, for the table of deliveries.
    """

    retry_refused: bool = False
    lease_seconds: int = 300
    wait_seconds: float | None = None
    workers: int = 8
    settle_seconds: float = 5.0
    block_seconds: float = 10.0
    flow_run: str | None = None

    def __post_init__(self) -> None:
        if self.lease_seconds < 1 or self.workers < 1:
            raise ParameterInvalid(
                f"lease_seconds is {self.lease_seconds} and workers is {self.workers}; expected at "
                "least 1 each."
            )

    @property
    def patience_seconds(self) -> float:
        """How long to wait for other runs."""
        return self.lease_seconds + 60 if self.wait_seconds is None else self.wait_seconds
