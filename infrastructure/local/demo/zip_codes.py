"""Write every US ZIP code as a file to load: leading zeros, coordinates, nested lists.

The data is inside the package zipcodes (MIT): 42,789 ZIP codes of the US Postal Service with
place, county, time zone and area codes. https://github.com/seanpianka/zipcodes
"""

from pathlib import Path

import msgspec
import zipcodes

COLUMNS = ("zip_code", "city", "state", "county", "timezone", "lat", "long", "area_codes", "active")
NUMBERS = ("lat", "long")


def write_zip_codes(file: Path) -> int:
    """Write the ZIP codes as JSON lines, always the same bytes; return how many there are."""
    every: list[dict[str, object]] = zipcodes.list_all()  # type: ignore[no-untyped-call]
    rows = [{name: _value(row, name) for name in COLUMNS} for row in every]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(msgspec.json.Encoder().encode_lines(rows))
    return len(rows)


def _value(row: dict[str, object], name: str) -> object:
    value = row[name]
    return msgspec.Raw(str(value).encode()) if name in NUMBERS and value else value
