"""A rule of routing as data: when it speaks, and what it answers then.

Conditions are a closed list of facts, all of which must hold. There is no expression to be parsed or evaluated.
"""

from functools import cached_property
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from shared.contracts.identifiers import Channel, HandledBy, Id, Line, Nature
from shared.profiles.label import Label, Part, Words

ANY: Final = "any"
NONE: Final = "none"
OTHER: Final = "other_than_declared"
AS_DECLARED: Final = "as_declared"
AS_TEXT_TELLS: Final = "as_text_tells"
AS_PROFILE_SAYS: Final = "as_profile_says"
OF_DECLARED_SERVICE: Final = "of_declared_service"
OTHERS_DECLARED: Final = "other_directorates"
MOST_YEARS: Final = 100
RESERVED: Final = frozenset(
    {ANY, NONE, OTHER, AS_DECLARED, AS_TEXT_TELLS, AS_PROFILE_SAYS, OF_DECLARED_SERVICE, OTHERS_DECLARED}
)
"""Words with a meaning of their own in a rule: no entry of a list that rules name may be called like one."""


def _several(value: object) -> object:
    """One value alone stands for a list of one."""
    return value if isinstance(value, list | tuple | dict) or value is None else (value,)


def _years(value: int | str) -> int | str:
    if value == AS_PROFILE_SAYS or (isinstance(value, int) and 0 < value <= MOST_YEARS):
        return value
    raise ValueError(f"must be years, 1 to {MOST_YEARS}, or {AS_PROFILE_SAYS}; give one of these")


_ONE_OR_MORE = (BeforeValidator(_several), Field(min_length=1))
Ids = Annotated[tuple[Id, ...], *_ONE_OR_MORE]
"""Ids of one of the organisation's lists; ``any`` is one of them, ``none`` is none."""
Natures = Annotated[
    tuple[
        Literal[
            "any", "none", "other_than_declared", "question", "report", "complaint", "suggestion", "compliment"
        ],
        ...,
    ],
    *_ONE_OR_MORE,
]
Lines = Annotated[tuple[Literal["any", "none", "external", "first", "second"], ...], *_ONE_OR_MORE]
Handlers = Annotated[
    tuple[
        Literal["any", "none", "service", "complaints_coordination", "ombuds_service", "external_body"],
        ...,
    ],
    *_ONE_OR_MORE,
]
Results = Annotated[tuple[Literal["any", "none", "no_answer", "late_answer", "dissatisfied"], ...], *_ONE_OR_MORE]
Channels = Annotated[tuple[Channel, ...], *_ONE_OR_MORE]
Years = Annotated[int | str, AfterValidator(_years)]
Share = Annotated[float, Field(ge=0, lt=1)]

Decided = Literal["nature", "line", "handled_by", "directorate", "service", "external_body", "other_directorates"]
"""What rules can answer, besides grounds of exclusion."""


class When(Part):
    """Facts that must all hold; what is left out does not matter. Of a list, one value must be the fact.

    ``any`` stands for every value, ``none`` for the absence of one. What rests on the text (``text_…``) never
    holds where no text was read, ``none`` excepted.
    """

    channel: Channels | None = None
    access_channel: Ids | None = None
    entity: Ids | None = None
    topic: Ids | None = None
    subtopic: Ids | None = None
    declared_nature: Natures | None = None
    declared_directorate: Ids | None = None
    declared_service: Ids | None = None
    declared_external_body: Ids | None = None
    declared_other_directorates: Ids | None = None
    """Directorates that were named besides the leading one."""
    own_place_declared: bool | None = None
    """A directorate or a service of ours was named."""
    declared_service_elsewhere: bool | None = None
    """The service that was named belongs to another directorate than the one that was named."""
    earlier_contact: Results | None = None
    """What came of the citizen's own approach to the service, where the submission states one."""
    anonymous: bool | None = None
    anonymous_towards_service: bool | None = None
    legal_proceedings: bool | None = None
    facts_older_than_years: Years | None = None
    """Whole calendar years between the day of the facts, as stated, and the local day of receipt."""
    repeated: bool | None = None
    """The same citizen came with the same matter before."""
    historical: bool | None = None
    """Imported from the past."""

    nature: Natures | None = None
    """This and the following as rules further up have answered them."""
    line: Lines | None = None
    handled_by: Handlers | None = None
    directorate: Ids | None = None
    service: Ids | None = None
    external_body: Ids | None = None

    text_nature: Natures | None = None
    """The likeliest by statements and text together, as for all that the text tells."""
    text_nature_above: Share | None = None
    """The probability of the likeliest one."""
    text_directorate: Ids | None = None
    text_directorate_above: Share | None = None
    text_service: Ids | None = None
    """The likeliest one of the declared directorate, or of the one that the text tells."""
    text_external_body: Ids | None = None
    """The likeliest body, where it is likelier than not that the matter is another body's."""
    text_earlier_contact_above: Share | None = None
    """How likely the text tells of an approach to the service before, given that it is a complaint."""
    text_grounds_above: Share | None = None
    """How likely the likeliest ground of exclusion is that only the text tells."""
    text_facts_older_than_years: Years | None = None
    """The same by the latest day or month with its year that the text names, where the submission states none."""
    text_has: Annotated[tuple[Words, ...], *_ONE_OR_MORE] | None = None
    """One of these words or turns is in the text: heard in every organisation, without a model. A word of four
    letters or more stands for every word that begins with it, ``~`` for at most three words in between, ``0`` for
    any number; accents and capitals do not matter."""

    @cached_property
    def conditions(self) -> dict[str, object]:
        """What was asked for, by the name of the fact."""
        return {name: value for name in WHEN if (value := getattr(self, name)) is not None}


WHEN: Final = tuple(When.model_fields)


class Then(Part):
    """What a rule answers. It speaks only where none of its answers has been given further up; grounds add up.

    ``as_declared`` is what the submission states, ``as_text_tells`` the likeliest by the text, ``as_profile_says``
    what ``first_line_complaints_by`` says. An answer that cannot be found keeps the rule silent.
    """

    nature: Nature | Literal["as_declared", "as_text_tells"] | None = None
    line: Line | None = None
    handled_by: HandledBy | Literal["as_profile_says"] | None = None
    directorate: Id | None = None
    service: Id | None = None
    external_body: Id | None = None
    other_directorates: Literal["as_declared", "as_text_tells"] | None = None
    """``as_text_tells`` are those that the text weighs strongly, after those that were named."""
    exclusion_ground: Id | None = None
    leaves_open: tuple[Decided, ...] = ()
    """Stays unanswered whatever the rules further down say."""
    review: tuple[Decided, ...] = ()
    """A person has to look at these."""
    guesses: dict[Decided, Annotated[tuple[str, ...], Field(min_length=1)]] = {}
    """What the person is told that it might be, each as likely as the others. Besides ids: ``as_declared``,
    ``of_declared_service`` (its directorate) and ``other_directorates`` (those that were named)."""
    outweighs_text: bool = False
    """The answers count as certain, whatever the text makes likely."""

    @model_validator(mode="after")
    def _says_something(self) -> "Then":
        if not (self.answers or self.leaves_open or self.review or self.exclusion_ground):
            raise ValueError("says nothing; give an answer, leaves_open or review")
        return self

    @cached_property
    def answers(self) -> dict[str, str]:
        """Its answers by field, grounds of exclusion apart."""
        return {name: str(value) for name in _ANSWERS if (value := getattr(self, name)) is not None}

    @cached_property
    def settles(self) -> frozenset[str]:
        """What nothing further down can answer any more: fields, and the ground as ``ground:<id>``."""
        ground = {f"ground:{self.exclusion_ground}"} if self.exclusion_ground else set()
        return frozenset({*self.answers, *self.leaves_open, *ground})


_ANSWERS: Final = (
    "nature",
    "line",
    "handled_by",
    "directorate",
    "service",
    "external_body",
    "other_directorates",
)


class RoutingRule(Part):
    """One rule; its id is told in the reasons of every decision that it had a part in."""

    id: Id
    name: Label
    when: When = When()
    then: Then
    source: Words
    """Where it comes from: the article, the section of the report, the decision."""
