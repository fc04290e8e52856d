"""Lay Arrow's decimals out as PostgreSQL's binary numerics.

Arrow keeps a whole number of 32 to 256 bits, PostgreSQL base-10,000 digits around the point.
"""

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

Limbs = list[NDArray[np.uint64]]
"""Whole numbers as base-2^32 digits, lowest first."""

_BASE, _BASE_PLACES = 10_000, 4
_NEGATIVE = 0x4000
_HEADER_BYTES = 8


def decimal_fields(array: pa.Array) -> list[tuple[str, Any]]:
    """Return the length and the parts of each number; where it is null, they are any.

    A number that is too large for its type keeps all its digits, so that PostgreSQL refuses it.

    Source: numeric_recv in src/backend/utils/adt/numeric.c of PostgreSQL.
    """
    precision, scale = array.type.precision, array.type.scale
    limbs, negative = _magnitudes(array)
    fraction = -(-scale // _BASE_PLACES)
    expected = fraction + max(0, -(-(precision - scale) // _BASE_PLACES))
    digits: list[NDArray[np.uint64]] = []
    if short := scale % _BASE_PLACES:
        digits.append(_divide(limbs, 10**short) * np.uint64(10 ** (_BASE_PLACES - short)))
    while len(digits) < expected or any(limb.any() for limb in limbs):
        digits.append(_divide(limbs, _BASE))
    return [
        (">i4", _HEADER_BYTES + 2 * len(digits)),
        (">i2", len(digits)),
        (">i2", len(digits) - fraction - 1),
        (">i2", np.where(negative, _NEGATIVE, 0)),
        (">i2", scale),
        *((">i2", digit) for digit in reversed(digits)),
    ]


def _magnitudes(array: pa.Array) -> tuple[Limbs, NDArray[np.bool_]]:
    """Return the numbers without their signs, as few limbs as hold them; and which are negative."""
    width = array.type.byte_width // 4
    stored = np.frombuffer(array.buffers()[1], "<u4")
    stored = stored[array.offset * width :][: len(array) * width].reshape(-1, width)
    negative = stored[:, -1] >> 31 != 0
    limbs: Limbs = []
    carry = negative.astype(np.uint64)
    for index in range(width):
        # Two's complement: the bits of a negative number are turned over, and one is added.
        limb = np.where(negative, ~stored[:, index], stored[:, index]) + carry
        carry = limb >> np.uint64(32)
        limbs.append(limb & np.uint64(0xFFFFFFFF))
    while len(limbs) > 1 and not limbs[-1].any():
        limbs.pop()
    return limbs, negative


def _divide(limbs: Limbs, divisor: int) -> NDArray[np.uint64]:
    """Divide in place; return the remainders."""
    by = np.uint64(divisor)
    rest = np.zeros(len(limbs[0]), np.uint64)
    for index in reversed(range(len(limbs))):
        part = limbs[index] | rest << np.uint64(32)
        limbs[index] = part // by
        rest = part - limbs[index] * by
    return rest
