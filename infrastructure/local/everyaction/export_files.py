"""Write rows to CSV files of a bounded size."""

import csv
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from io import BufferedWriter
from pathlib import Path

BOM = b"\xef\xbb\xbf"
KB = 1_000
KEPT_JOBS = 30
"""Older jobs lose their files, and their links with them."""

DELIMITERS = {"comma": ",", "tab": "\t"}


@dataclass(frozen=True)
class Layout:
    """How files look: bytes that one may have at most, delimiter, byte order mark."""

    limit_bytes: int
    delimiter: str = ","
    has_bom: bool = True


@dataclass(frozen=True)
class Written:
    """Names of the files, in order, and how many rows they hold together."""

    names: tuple[str, ...]
    rows: int


class _Parts:
    """Takes lines from a CSV writer and begins a file where one would grow too long."""

    def __init__(self, folder: Path, layout: Layout) -> None:
        self._folder = folder
        self._layout = layout
        self._header = b""
        self._file: BufferedWriter | None = None
        self._bytes = 0
        self.names: list[str] = []

    def write(self, line: str) -> None:
        data = line.encode()
        if not self._header:
            self._header = (BOM if self._layout.has_bom else b"") + data
            self._begin()
            return
        if self._bytes + len(data) > self._layout.limit_bytes and self._bytes > len(self._header):
            self._begin()
        self._bytes += len(data)
        if self._file is not None:
            self._file.write(data)

    def close(self) -> None:
        if self._file is not None:
            self._file.close()

    def _begin(self) -> None:
        self.close()
        self.names.append(f"{len(self.names) + 1}.csv")
        self._file = (self._folder / self.names[-1]).open("wb")
        self._file.write(self._header)
        self._bytes = len(self._header)


def write_files(
    folder: Path, header: Iterable[str], rows: Iterable[tuple[str, ...]], layout: Layout
) -> Written:
    """Write rows into `1.csv`, `2.csv`, ... of a new folder, each with the header.

    Without rows there is one file, with the header alone.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    parts = _Parts(folder, layout)
    count = 0
    try:
        writer = csv.writer(parts, delimiter=layout.delimiter)
        writer.writerow(list(header))
        for row in rows:
            writer.writerow(row)
            count += 1
    finally:
        parts.close()
    return Written(tuple(parts.names), count)


def remove_old_files(files: Path, newest_job: int) -> None:
    """Remove the files of jobs that are much older than the newest one."""
    for folder in files.iterdir():
        if int(folder.name.rpartition("-")[2]) <= newest_job - KEPT_JOBS:
            shutil.rmtree(folder, ignore_errors=True)
