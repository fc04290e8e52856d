"""Read JSON objects, one to a line or spread over several, as COPY's JSON 'auto' does.

https://docs.aws.amazon.com/redshift/latest/dg/copy-usage_notes-copy-from-json.html
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import msgspec
import pyarrow as pa

from infrastructure.local.redshift.copy_from_s3 import refusal
from infrastructure.local.redshift.copy_from_s3.blocks import Block
from infrastructure.local.redshift.copy_from_s3.options import CopyOptions
from infrastructure.local.redshift.copy_from_s3.records import LONGEST_RECORD_BYTES
from infrastructure.local.redshift.copy_from_s3.refusal import Refusal
from infrastructure.local.redshift.copy_from_s3.rejects import Reject
from infrastructure.local.redshift.copy_from_s3.target import TargetColumn
from infrastructure.local.redshift.copy_from_s3.values import JSON

_OBJECT = msgspec.json.Decoder(dict[str, msgspec.Raw])
_TEXT = msgspec.json.Decoder(str)
_STRUCTURE = re.compile(rb'"(?:[^"\\]++|\\.)*"?|[{}\[\]]', re.DOTALL)


@dataclass(frozen=True)
class Item:
    """One JSON object as it stands in the file, and the number of its last line.

    Redshift reports the last line:
    https://docs.aws.amazon.com/redshift/latest/dg/r_STL_LOAD_ERRORS.html
    """

    line: int
    data: bytes


def cut_items(data: bytes, first_line: int, *, final: bool) -> tuple[list[Item], int]:
    """Cut a block into objects; returns them, and how many bytes they take."""
    items: list[Item] = []
    start, position, depth, line = 0, 0, 0, first_line
    while position < len(data):
        newline = data.find(b"\n", position)
        if newline < 0 and not final:
            break
        stop = len(data) if newline < 0 else newline + 1
        depth += _depth(data[position:stop])
        if depth <= 0 or stop - start > LONGEST_RECORD_BYTES or stop == len(data) and final:
            if text := data[start:stop].strip():
                items.append(Item(line, text))
            start, depth = stop, 0
        line += 1
        position = stop
    return items, start


def cut_json_blocks(uri: str, pieces: Iterator[bytes], headers: int) -> Iterator[Block]:
    """Yield a file's blocks, each of whole objects."""
    line, rest = 1, b""
    for piece in pieces:
        rest += piece
        while headers and (newline := rest.find(b"\n")) >= 0:
            rest, line, headers = rest[newline + 1 :], line + 1, headers - 1
        if headers:
            continue
        stop = rest.rfind(b"\n") + 1
        if not _one_per_line(rest[:stop]):
            stop = cut_items(rest, line, final=False)[1]
        if stop:
            yield Block(uri, line, rest[:stop])
            line += rest.count(b"\n", 0, stop)
            rest = rest[stop:]
    if rest and not headers:
        yield Block(uri, line, rest)


def parse_json(
    block: Block, columns: tuple[TargetColumn, ...], options: CopyOptions
) -> tuple[list[pa.Array], list[Item], list[Reject]]:
    """Return the columns as text, the object behind each row, and what is no object."""
    if _one_per_line(block.data):
        lines = block.data.split(b"\n")
        items = [Item(block.first_line + at, text) for at, text in enumerate(lines) if text]
    else:
        items = cut_items(block.data, block.first_line, final=True)[0]
    names = [column.name for column in columns]
    whole = options.json == "noshred"
    kept: list[Item] = []
    rows: list[list[str | None]] = []
    rejects: list[Reject] = []
    for item in items:
        try:
            values = _decode(item.data, options)
            row: list[str | None] = (
                [item.data.decode()]
                if whole
                else [
                    _field(values.get(name), column.kind)
                    for name, column in zip(names, columns, strict=True)
                ]
            )
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            reason = Refusal(refusal.BAD_LINE, f"Invalid JSON object: {error}")
            rejects.append(Reject(block.uri, item.line, _shown(item), reason))
            continue
        kept.append(item)
        rows.append(row)
    arrays = [pa.array([row[at] for row in rows], pa.string()) for at in range(len(columns))]
    return arrays, kept, rejects


def _decode(data: bytes, options: CopyOptions) -> dict[str, msgspec.Raw]:
    values = _OBJECT.decode(data)
    if options.json == "auto ignorecase":
        return {name.lower(): value for name, value in values.items()}
    return values


def _field(value: msgspec.Raw | None, kind: str) -> str | None:
    """Return a value as the text that a field of CSV would hold; SUPER keeps its JSON."""
    if value is None:
        return None
    raw = bytes(value)
    if raw == b"null":
        return None
    if kind != "super" and raw[:1] == b'"':
        return _TEXT.decode(raw)
    if raw[:1] in b"{[":
        JSON.decode(raw)
    return raw.decode()


def _one_per_line(data: bytes) -> bool:
    """Whether every line is an object by the look of it, so that none spreads over two."""
    lines = data.count(b"\n") + (not data.endswith(b"\n"))
    return data[:1] == b"{" and data.count(b"\n{") + 1 == lines == data.count(b"}\n") + (
        data[-1:] == b"}"
    )


def _depth(line: bytes) -> int:
    marks = [match[:1] for match in _STRUCTURE.findall(line)]
    return sum((mark in b"{[") - (mark in b"}]") for mark in marks)


def _shown(item: Item) -> str:
    return item.data.decode(errors="replace")
