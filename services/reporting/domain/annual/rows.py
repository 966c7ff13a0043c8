"""The rows of a table: which there are, in which order, and how they are spelled."""

from collections.abc import Iterator, Sequence
from itertools import product

from services.reporting.domain.annual.figures import Row
from services.reporting.domain.annual.year import ReportingYear
from services.reporting.domain.dimensions import PERIODS, Vocabulary
from shared.contracts.identifiers import Nature
from shared.profiles import ProfileVersion
from shared.profiles.dimensions import SEASONS
from shared.profiles.model import Label, ReportTable

LINE = "figure"
"""What the dimension of a table of lines is called."""


class Rows:
    """Spells the rows of one table."""

    def __init__(
        self, table: ReportTable, year: ReportingYear, version: ProfileVersion, words: Vocabulary
    ) -> None:
        self._table = table
        self._year = year
        self._version = version
        self._words = words
        self._groups = {group.id: group for group in table.groups}
        self._lines = {line.id: place for place, line in enumerate(table.lines)}

    @property
    def dimensions(self) -> list[str]:
        return [LINE] if self._table.lines else list(self._table.by)

    def place(self, key: str) -> tuple[tuple[int, str], ...]:
        """Sorts rows as the profile lists their values; a group of values stands where its first one would."""
        if self._lines:
            return ((self._lines[key], key),)
        return tuple(
            (0, self._year.period(name, value))
            if name in PERIODS
            else self._words.place(name, self._groups[value].values[0] if value in self._groups else value)
            for name, value in self._values(key)
        )

    def spelled(self, key: str) -> Row:
        """Key and labels of a row."""
        if self._lines:
            return {"key": {LINE: key}, "labels": {LINE: self._table.lines[self._lines[key]].name.model_dump()}}
        values = self._values(key)
        return {
            "key": {name: self._dated(name, value) for name, value in values},
            "labels": {name: self._label(name, value).model_dump() for name, value in values},
        }

    def all_keys(self) -> set[str]:
        """The rows of every value on the profile's lists that the table's filter lets through."""
        if not self._table.all_rows:
            return set()
        values = [self._listed(name) for name in self._table.by]
        return {self._table.row_key(each) for each in product(*values) if self._belong_together(each)}

    def _listed(self, name: str) -> Sequence[str]:
        allowed = self._table.where.get(name)
        listed = SEASONS.get(name) or self._own_values(name)
        return sorted(value for value in listed if allowed is None or value in allowed)

    def _own_values(self, name: str) -> frozenset[str]:
        if name == "nature":
            return frozenset(nature.value for nature in (self._version.natures or Nature))
        if name == "topic":
            return frozenset(self._topics())
        if name in self._version.codes:
            return frozenset(str(each) for each in self._version.codes[name])
        return self._version.attribute_codes.get(name) or frozenset(self._words.values(name))

    def _topics(self) -> Iterator[str]:
        natures = set(self._table.where.get("nature", ()))
        for topic in self._version.topics:
            if not topic.natures or not natures or natures.intersection(topic.natures):
                yield topic.id

    def _belong_together(self, values: Sequence[str]) -> bool:
        named = dict(zip(self._table.by, values, strict=True))
        topic, subtopic = named.get("topic"), named.get("subtopic")
        if topic and subtopic:
            below = {each.id: {sub.id for sub in each.subtopics} for each in self._version.topics}
            return subtopic in below[topic]
        directorate, service = named.get("directorate"), named.get("service")
        if directorate and service:
            return self._version.directorate_of(service) == directorate
        return True

    def _values(self, key: str) -> Sequence[tuple[str, str]]:
        return list(zip(self._table.by, key.split("|"), strict=True)) if self._table.by else []

    def _dated(self, name: str, value: str) -> str:
        return self._year.period(name, value) if name in PERIODS else value

    def _label(self, name: str, value: str) -> Label:
        if value in self._groups:
            return self._groups[value].name
        return self._words.label(name, self._dated(name, value))
