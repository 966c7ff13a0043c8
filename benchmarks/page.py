"""The figures in ``docs/performance.md``: tables and plots, made of results that are committed beside them."""

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from benchmarks.plots import plot
from benchmarks.results import RESULTS, Kept, latest, read
from benchmarks.tables import tables_of
from deploy.local.directory import PROJECT

DOCS = PROJECT / "docs"
PAGE = DOCS / "performance.md"
PUBLISHED = DOCS / "performance"
BEGIN, END = "<!-- figures: made by `./contactpunt bench page` -->", "<!-- end of the figures -->"
_TITLES = {
    "throughput": "Throughput",
    "latency": "From being published to being counted",
    "drain": "A backlog while live contacts come in",
    "import": "A year out of the past",
    "costs": "What a contact costs",
    "memory": "Memory",
    "replicas": "Replicas",
    "overload": "Ten times the load",
}


def publish(results: Path = RESULTS, published: Path = PUBLISHED) -> list[str]:
    """Takes over the newest result of each figure that has one, and draws its plot. Tells which."""
    published.mkdir(parents=True, exist_ok=True)
    taken = [figure for figure in _TITLES if figure in (found := latest(results))]
    for figure in taken:
        shutil.copyfile(found[figure]["file"], published / f"{figure}.json")
        plot(found[figure], published / f"{figure}.svg")
    return taken


def write(page: Path = PAGE, published: Path = PUBLISHED) -> None:
    """Writes the figures into the page, between the two marks."""
    text = page.read_text(encoding="utf-8")
    page.write_text(with_figures(text, figures(published)), encoding="utf-8")


def with_figures(text: str, made: str) -> str:
    """The page with these figures instead of those that it has. Raises ``ValueError`` where a mark is missing."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"the page has to hold {BEGIN} and, after it, {END}")
    return f"{before}{begin}\n\n{made}\n{end}{after}"


def figures(published: Path = PUBLISHED) -> str:
    """All figures that are published, as Markdown."""
    kept = {figure: read(file) for figure in _TITLES if (file := published / f"{figure}.json").exists()}
    return "\n".join(part for figure, told in kept.items() for part in _section(figure, told, published))


def _section(figure: str, kept: Kept, published: Path) -> Iterator[str]:
    yield f"### {_TITLES[figure]}\n"
    yield f"```text\n{_settings(kept['settings'])}{kept['command']}\n```\n"
    yield f"{_circumstances(kept)}\n"
    tables = tables_of(kept)
    for table in tables:
        if len(tables) > 1:
            yield f"{table.title}:\n"
        yield table.as_markdown()
    if (published / f"{figure}.svg").exists():
        yield f"![{_TITLES[figure]}]({published.name}/{figure}.svg)\n"


def _settings(settings: Mapping[str, str]) -> str:
    return "".join(f"{name}={value} " for name, value in settings.items())


def _circumstances(kept: Kept) -> str:
    machine, versions = kept["machine"], kept["versions"]
    parts = (
        f"{kept['measured_at'][:10]}, commit {kept['revision']}",
        f"{machine['processors']} processors ({machine['processor']})",
        f"{machine['memory_gibibytes']} GiB of memory",
        f"load {machine['load'][0]} at the end",
        f"Python {versions['python']}",
        f"RabbitMQ {versions['rabbitmq']}",
        f"MongoDB {versions['mongodb']}",
        f"FastStream {versions['faststream']}",
    )
    return ", ".join(parts) + "."
