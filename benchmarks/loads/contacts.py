"""A campaign's contacts, made up: 12 columns, the same rows for the same row numbers always.

Names, e-mail, phone, ZIP codes with leading zeros and holes, a date, a time with zone, yes and no,
an amount, and notes with commas, quotes, line breaks and letters from everywhere.
"""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.loads.schema import SCHEMA

BLOCK_ROWS = 50_000
FIRST_ID = 100_000_000
DAY_SECONDS = 86_400

FIRST_NAMES = (
    "Ana Béla Chloé Dörte Eve Fatıma Gus Hòa Ines Jürgen Kenji Łucja Maya Nikša Øyvind 美玲"
)
LAST_NAMES = (
    "Abara|Brown, Jr.|Castañeda|D'Arcy|El-Amin|Fjord|Größe|Hughes|Ibáñez|Jones III|Kowalski"
)
CITIES = "Albany|Boston|Cañon City|Española|La Cañada|Newark|Saint Paul|San José|Troy|Winston-Salem"
PHRASES = (
    "Spoke at the door",
    'Said: "call me after the primary"',
    "wants a yard sign, and one for the neighbours",
    "Moved;\nnew address to follow",
    "habla español, prefiere mañanas",
    "Interested in schools, roads, and the library",
    "do not mail",
    "met at the café on Main St. ☕",
)


def contacts(first: int, count: int, *, version: int = 0) -> pa.Table:
    """Return a block of contacts.

    Args:
        first: row number of the first; with `count`, one block of BLOCK_ROWS or less.
        count: how many.
        version: another version has other values under the same ids.
    """
    dice = np.random.default_rng([version, first])
    ids = pa.array(np.arange(first, first + count) + FIRST_ID)
    text = ids.cast(pa.string())
    first_names = _chosen(dice, FIRST_NAMES.split(), count)
    last_names = _chosen(dice, LAST_NAMES.split("|"), count)
    domains = _chosen(dice, ["example.org", "mail.example.com", "example.net"], count)
    email = pc.binary_join_element_wise(pc.utf8_slice_codeunits(text, 1), domains, "@")
    phone = pc.binary_join_element_wise("+1518555", _digits(dice, 4, count), "")
    zips = pc.if_else(
        _mask(dice, 0.2, count), pa.scalar(None, pa.string()), _digits(dice, 5, count)
    )
    born = pa.array(dice.integers(-14_000, 13_000, count), pa.int32()).cast(pa.date32())
    changed = dice.integers(1_600_000_000, 1_790_000_000, count) * 1_000_000
    cents = pa.array(dice.integers(0, 10_000_000, count))
    columns = [
        ids,
        first_names,
        last_names,
        pc.binary_join_element_wise(pc.utf8_lower(first_names), email, "."),
        phone,
        zips,
        _chosen(dice, CITIES.split("|"), count),
        born,
        pa.array(changed, pa.timestamp("us", "UTC")),
        _mask(dice, 0.4, count),
        _hundredths(cents),
        _notes(dice, count),
    ]
    return pa.table(columns, schema=SCHEMA)


def _notes(dice: np.random.Generator, count: int) -> pa.Array:
    parts = [_chosen(dice, PHRASES, count) for _ in range(3)]
    whole = pc.binary_join_element_wise(*parts, ". ")
    return pc.if_else(_mask(dice, 0.1, count), pa.scalar(None, pa.string()), whole)


def _hundredths(cents: pa.Array) -> pa.Array:
    whole = cents.cast(pa.decimal128(19, 0))
    return pc.multiply(whole, pa.scalar("0.01", pa.string()).cast(pa.decimal128(3, 2))).cast(
        pa.decimal128(12, 2)
    )


def _chosen(dice: np.random.Generator, values: tuple[str, ...] | list[str], count: int) -> pa.Array:
    return pa.array(values).take(pa.array(dice.integers(0, len(values), count)))


def _digits(dice: np.random.Generator, width: int, count: int) -> pa.Array:
    numbers = pa.array(dice.integers(0, 10**width, count)).cast(pa.string())
    return pc.utf8_lpad(numbers, width, "0")


def _mask(dice: np.random.Generator, share: float, count: int) -> pa.Array:
    return pa.array(dice.random(count) < share)
