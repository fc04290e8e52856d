"""Faults made for real, on loopback: proxies that break a conversation, processes to be killed."""

from tests.faults.fronts import second_front
from tests.faults.processes import Job, start
from tests.faults.statements import Moment, StatementProxy, When, statement_proxy
from tests.faults.storage import (
    Answer,
    Call,
    Cut,
    Fault,
    Hold,
    Stall,
    StorageProxy,
    Trickle,
    storage_proxy,
)
from tests.faults.watching import until, watched

__all__ = [
    "Answer",
    "Call",
    "Cut",
    "Fault",
    "Hold",
    "Job",
    "Moment",
    "Stall",
    "StatementProxy",
    "StorageProxy",
    "Trickle",
    "When",
    "second_front",
    "start",
    "statement_proxy",
    "storage_proxy",
    "until",
    "watched",
]
