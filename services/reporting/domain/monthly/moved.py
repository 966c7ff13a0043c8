"""What has moved in a report since it was made: as made against as now."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

Tables = Sequence[Mapping[str, Any]]
_WORDS: Final = frozenset({"title", "section", "definition", "labels", "columns"})
"""What a profile may call otherwise by now without any figure being another."""


def moved(made: Tables, now: Tables) -> list[str]:
    """The ids of the tables in which any figure is another one, in the order of the report."""
    known = {each["id"]: each for each in now}
    return [each["id"] for each in made if _figures(each) != _figures(known.get(each["id"], {}))]


def since(
    made: Mapping[str, Any], tables: Tables, contacts: int, events: int, editions: Iterable[int]
) -> dict[str, Any]:
    """What a report tells of the time since it was made; ``tables`` are those that would be made now."""
    return {
        "moved": moved(made["tables"], tables),
        "contacts": contacts,
        "events": events,
        "editions": sorted(editions),
    }


def _figures(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _figures(each) for name, each in value.items() if name not in _WORDS}
    if isinstance(value, list | tuple):
        return [_figures(each) for each in value]
    return value
