"""Rows of facts as JSON, as CSV and as Parquet."""

import asyncio
import csv
import io
import sys
from collections.abc import AsyncIterator, Sequence
from typing import Any, Final, Protocol

import orjson

from services.reporting.export.columns import Column, Document
from shared.errors import InfrastructureError

_CHUNK: Final = 1 << 16
_WRITER: Final = (sys.executable, "-m", "services.reporting.export.parquet_file")
Pages = AsyncIterator[Sequence[Document]]


class ExportFailedError(InfrastructureError):
    """The file broke off; what was sent of it is not whole, and does not look whole."""


class Form(Protocol):
    """How an export is written."""

    def __call__(self, pages: Pages, columns: Sequence[Column]) -> AsyncIterator[bytes]: ...


def rows_of(facts: Sequence[Document], columns: Sequence[Column]) -> list[dict[str, Any]]:
    """Each fact by column."""
    return [{each.name: each.read(fact) for each in columns} for fact in facts]


async def as_csv(pages: Pages, columns: Sequence[Column]) -> AsyncIterator[bytes]:
    """RFC 4180 in UTF-8: a header, values apart by commas, several values of one contact by semicolons."""
    yield _lines([[each.name for each in columns]])
    async for facts in pages:
        yield await asyncio.to_thread(_csv_page, facts, columns)


def _csv_page(facts: Sequence[Document], columns: Sequence[Column]) -> bytes:
    return _lines([[_text(each.read(fact)) for each in columns] for fact in facts])


def _lines(rows: Sequence[Sequence[str]]) -> bytes:
    written = io.StringIO()
    csv.writer(written).writerows(rows)
    return written.getvalue().encode()


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case list():
            return ";".join(value)
        case _:
            return str(value)


async def as_parquet(pages: Pages, columns: Sequence[Column]) -> AsyncIterator[bytes]:
    """Typed columns with their meaning; lists stay lists. Raises ``ExportFailedError``."""
    writer = await asyncio.create_subprocess_exec(
        *_WRITER, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    if writer.stdin is None or writer.stdout is None:
        raise AssertionError("pipes were asked for")
    feeding = asyncio.create_task(_feed(writer.stdin, pages, columns))
    try:
        while chunk := await writer.stdout.read(_CHUNK):
            yield chunk
        await feeding
        if await writer.wait() != 0:
            raise ExportFailedError("the Parquet file could not be written")
    except (BrokenPipeError, ConnectionResetError):
        raise ExportFailedError("the Parquet file could not be written") from None
    finally:
        feeding.cancel()
        await asyncio.gather(feeding, return_exceptions=True)
        if writer.returncode is None:
            writer.kill()
            await writer.wait()


async def _feed(pipe: asyncio.StreamWriter, pages: Pages, columns: Sequence[Column]) -> None:
    try:
        pipe.write(_line([each._asdict() | {"read": None} for each in columns]))
        async for facts in pages:
            pipe.write(await asyncio.to_thread(_parquet_page, facts, columns))
            await pipe.drain()
        pipe.write(_line(None))
    finally:
        # Without the line before, the writer ends without a footer and the file is visibly not whole.
        pipe.close()


def _parquet_page(facts: Sequence[Document], columns: Sequence[Column]) -> bytes:
    return _line({each.name: [each.read(fact) for fact in facts] for each in columns})


def _line(value: Any) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_APPEND_NEWLINE)
