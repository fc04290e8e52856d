"""How much of a feed is read, and for how long."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Bounds for what a publisher may send, and for our patience.

    Attributes:
        page_bytes: greatest size of one answer, unpacked.
        pages: greatest number of pages of a JSON feed.
        connect_seconds: how long a connection may take.
        read_seconds: how long a server may say nothing.
        answer_seconds: how long one answer may take in all.
        attempts: how often an address is asked before it counts as down.
        pause_seconds: before the second attempt; doubled for each further one.
        longest_pause_seconds: a server that asks for more (Retry-After) is left alone this time.
    """

    page_bytes: int = 16 * 1024 * 1024
    pages: int = 200
    connect_seconds: float = 10.0
    read_seconds: float = 30.0
    answer_seconds: float = 120.0
    attempts: int = 3
    pause_seconds: float = 1.0
    longest_pause_seconds: float = 60.0
