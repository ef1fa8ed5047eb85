"""Columns of Arrow tables."""

from __future__ import annotations

import pyarrow as pa


def whole(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    """A column as one array."""
    if isinstance(column, pa.Array):
        return column
    one = column.combine_chunks()
    return one if isinstance(one, pa.Array) else pa.concat_arrays(one.chunks)
