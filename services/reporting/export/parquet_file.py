"""Writes a Parquet file from standard input to standard output; a process of its own.

The library takes a hundred megabytes of memory, which a service that is seldom asked for Parquet should not hold.
First comes a line with the columns, then one line for each group of rows, then a line with null: without it the
file is not ended.
"""

import os
import sys
from datetime import date
from typing import Any, BinaryIO, Final

import orjson
import pyarrow as pa
from pyarrow import parquet

_TYPES: Final = {
    "text": pa.dictionary(pa.int32(), pa.string()),
    "texts": pa.list_(pa.string()),
    "day": pa.date32(),
    "whole": pa.int32(),
    "truth": pa.bool_(),
}
_NAMES: Final = frozenset({"contact", "reference"})


class _Output:
    """A pipe cannot tell where it is; a Parquet file has to know."""

    closed = False

    def __init__(self, pipe: BinaryIO) -> None:
        self._pipe = pipe
        self._written = 0

    def write(self, data: bytes) -> int:
        self._pipe.write(data)
        self._written += len(data)
        return len(data)

    def tell(self) -> int:
        return self._written

    def flush(self) -> None:
        self._pipe.flush()

    def close(self) -> None:
        self.flush()


def schema_of(columns: list[dict[str, str]]) -> Any:
    """Types, and each column's meaning where readers of Parquet look for it."""
    return pa.schema(
        [
            pa.field(
                each["name"],
                pa.string() if each["name"] in _NAMES else _TYPES[each["kind"]],
                metadata={"description": each["description"]},
            )
            for each in columns
        ]
    )


def main() -> None:
    lines = sys.stdin.buffer
    columns = orjson.loads(lines.readline())
    schema = schema_of(columns)
    days = [each["name"] for each in columns if each["kind"] == "day"]
    writer = parquet.ParquetWriter(_Output(sys.stdout.buffer), schema, compression="zstd")
    for line in lines:
        values = orjson.loads(line)
        if values is None:
            writer.close()
            return
        for name in days:
            values[name] = [date.fromisoformat(each) for each in values[name]]
        writer.write_table(pa.table(values, schema))
    # Whoever writes here broke off. A writer that is let go would finish the file, and it would pass for whole.
    os._exit(1)


if __name__ == "__main__":
    main()
