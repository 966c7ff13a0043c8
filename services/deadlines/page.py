"""The work list as a page for coordinators: per directorate what is overdue, due today and due this week.

Plain HTML that needs no script: headings and tables in order, forms that work by keyboard, light and dark as the
reader has set it. Colours keep a contrast of at least 4.5 to 1, and no colour alone says anything.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from html import escape
from urllib.parse import urlencode

from services.deadlines.words import KINDS, STATES, Language, directorate_label, long_day, service_label
from services.deadlines.work_list import Line
from shared.profiles import Profile
from shared.profiles.label import Label

MOST_LINES = 1000
"""Of a longer list the page shows so many, the soonest, and says so."""
SECURITY = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
_WORDS = {
    "title": Label(nl="Werklijst termijnen", en="Deadlines to be met"),
    "skip": Label(nl="Naar de lijst", en="Skip to the list"),
    "organisation": Label(nl="Organisatie", en="Organisation"),
    "directorate": Label(nl="Directie", en="Directorate"),
    "all": Label(nl="Alle directies", en="All directorates"),
    "show": Label(nl="Tonen", en="Show"),
    "overdue": Label(nl="Over tijd", en="Overdue"),
    "today": Label(nl="Vandaag", en="Today"),
    "week": Label(nl="Later deze week", en="Later this week"),
    "summary": Label(nl="Aantallen per directie", en="Numbers by directorate"),
    "reference": Label(nl="Dossier", en="Contact"),
    "kind": Label(nl="Termijn", en="Deadline"),
    "due": Label(nl="Laatste dag", en="Last day"),
    "left": Label(nl="Tijd", en="Time"),
    "state": Label(nl="Stand", en="State"),
    "service": Label(nl="Dienst", en="Service"),
    "none": Label(
        nl="Er is niets over tijd en deze week loopt niets af.", en="Nothing is overdue or due this week."
    ),
    "more": Label(
        nl=f"Er is meer: alleen de eerste {MOST_LINES} termijnen staan hier. Kies een directie.",
        en=f"There is more: only the first {MOST_LINES} deadlines are shown. Choose a directorate.",
    ),
    "as_of": Label(nl="Stand van", en="As of"),
    "links": Label(nl="Taal en agenda", en="Language and calendar"),
    "feed": Label(nl="Als agenda (iCalendar)", en="As a calendar (iCalendar)"),
    "other": Label(nl="English", en="Nederlands"),
}
_BUCKETS = ("overdue", "today", "week")
_COLUMNS = ("reference", "kind", "due", "left", "state", "service")
_STYLE = """
:root{color-scheme:light dark;
--ink:#1b1b1b;--paper:#fff;--soft:#f2f2f2;--line:#767676;--hair:#d5d5d5;--link:#0b4f9e;--bad:#a4161a}
@media(prefers-color-scheme:dark){:root{--ink:#eee;--paper:#16181b;--soft:#23262a;--line:#8d9196;--hair:#3c4046;
--link:#8fc1ff;--bad:#ff9c9c}}
*{box-sizing:border-box}body{margin:0;overflow-wrap:break-word;font:1rem/1.5 system-ui,sans-serif;
color:var(--ink);background:var(--paper)}
header,main{max-width:80rem;margin:auto;padding:1rem 1.25rem}a{color:var(--link)}
header{padding-bottom:0}main:focus{outline:0}section{scroll-margin-top:1rem}
h1{font-size:1.75rem;line-height:1.2;margin:.5rem 0}h2{font-size:1.375rem;line-height:1.3;margin:2.5rem 0 .5rem}
:focus-visible{outline:3px solid var(--link);outline-offset:2px}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:.5rem;background:var(--paper);padding:.5rem}
.links{display:flex;flex-wrap:wrap;gap:.25rem 1.5rem;margin:.5rem 0 1rem}.links a{padding:.25rem 0}
form{display:flex;flex-wrap:wrap;gap:.75rem 1rem;align-items:end;padding:1rem;background:var(--soft);
border-radius:.5rem}form p{margin:0;min-width:0}label{display:block;font-weight:600}
select,button{font:inherit;color:inherit;background:var(--paper);border:1px solid var(--line);border-radius:.25rem;
padding:.5rem .75rem;min-height:2.75rem;max-width:100%}button{font-weight:600}
table{border-collapse:collapse;width:100%;margin:.75rem 0 1.75rem}.summary{width:auto}
caption{text-align:left;font-weight:600;font-size:1.0625rem;padding:.25rem 0}
.overdue{border-left:.375rem solid var(--bad)}
.overdue caption,.overdue .left{color:var(--bad);font-weight:700}.overdue th:first-child{padding-left:.75rem}
th,td{text-align:left;overflow-wrap:anywhere;padding:.5rem 1rem .5rem 0;vertical-align:top;
border-bottom:1px solid var(--hair)}
thead th{border-bottom-color:var(--line)}tbody th{font-weight:600}.summary tbody th{font-weight:400}
.summary th,.summary td{overflow-wrap:break-word}
.list{table-layout:fixed}.list thead th:nth-child(1){width:12rem}.list thead th:nth-child(2){width:10.5rem}
.list thead th:nth-child(3){width:21%}.list thead th:nth-child(4){width:14%}
.list thead th:nth-child(5){width:7.5rem}
.number{text-align:right;font-variant-numeric:tabular-nums}.summary .number{padding:.5rem 0 .5rem 1.25rem}
@media(max-width:62rem){header,main{padding:1rem}.summary{width:100%}.summary th{padding-right:0}
.summary th:first-child{width:6.5rem;overflow-wrap:anywhere;hyphens:auto}.summary .number{padding-left:.5rem}
.list,.list caption,.list tbody,.list tr,.list th,.list td{display:block}
.list thead{position:absolute;left:-99rem}.list tr{padding:.5rem 0;border-bottom:1px solid var(--hair)}
.list tbody th,.list td{border:0;padding:.125rem 0}
.list td{display:grid;grid-template-columns:7rem 1fr}.list td::before{content:attr(data-label);
content:attr(data-label)/""}
.list td:empty{display:none}.overdue caption,.list.overdue tr{padding-left:.75rem}
.overdue th:first-child{padding-left:0}}
"""


@dataclass(frozen=True)
class WorkListView:
    """What one page shows. ``lines`` are soonest first and due before the week ends; ``today`` is a local day."""

    profile: Profile
    organisations: Mapping[str, Profile]
    directorate: str | None
    language: Language
    today: date
    lines: Sequence[Line]
    more: bool = False
    buckets: dict[str | None, dict[str, list[Line]]] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        for line in self.lines:
            mine = self.buckets.setdefault(line.directorate, {name: [] for name in _BUCKETS})
            mine[_bucket(line.due_on, self.today)].append(line)

    def say(self, word: str) -> str:
        return self.read(_WORDS[word])

    def read(self, label: Label) -> str:
        return escape(getattr(label, self.language))


def end_of_week(today: date) -> date:
    """The Sunday of the day's week."""
    return today + timedelta(days=6 - today.weekday())


def _bucket(due_on: date, today: date) -> str:
    if due_on < today:
        return "overdue"
    return "today" if due_on == today else "week"


def work_list_page(view: WorkListView) -> str:
    """The whole document."""
    parts = [_head(view), "<main id=list tabindex=-1>"]
    if view.more:
        parts.append(f"<p role=status>{view.say('more')}</p>")
    if not view.buckets:
        parts.append(f"<p>{view.say('none')}</p>")
    else:
        order = sorted(view.buckets, key=lambda unit: view.read(directorate_label(view.profile, unit)))
        parts.append(_summary(view, order))
        parts += [_directorate(view, unit) for unit in order]
    return "".join([*parts, "</main></html>"])


def _head(view: WorkListView) -> str:
    heading = f"{view.say('title')} - {view.read(view.profile.name)}"
    chosen = [view.read(directorate_label(view.profile, view.directorate))] if view.directorate else []
    title = " - ".join([*chosen, heading])
    other = "en" if view.language == "nl" else "nl"
    asked = {"organisation": view.profile.id, "directorate": view.directorate or ""}
    scope = escape(urlencode({name: value for name, value in asked.items() if value}))
    to_other = f'lang="{other}" hreflang="{other}" href="/worklist?{scope}&amp;lang={other}"'
    organisations = "".join(
        _option(each.id, view.read(each.name), chosen=each.id == view.profile.id)
        for each in sorted(view.organisations.values(), key=lambda each: view.read(each.name))
    )
    units = {unit.id: unit.name for version in view.profile.versions for unit in version.directorates}
    directorates = _option("", view.say("all"), chosen=view.directorate is None) + "".join(
        _option(unit, view.read(name), chosen=unit == view.directorate)
        for unit, name in sorted(units.items(), key=lambda each: view.read(each[1]))
    )
    return (
        f'<!doctype html><html lang="{view.language}"><meta charset=utf-8>'
        f'<meta name=viewport content="width=device-width,initial-scale=1"><title>{title}</title>'
        f'<style>{_STYLE}</style><a class=skip href="#list">{view.say("skip")}</a><header><h1>{heading}</h1>'
        f'<p>{view.say("as_of")} <time datetime="{view.today}">{long_day(view.today, view.language)}</time></p>'
        f'<nav class=links aria-label="{view.say("links")}"><a {to_other}>{view.say("other")}</a>'
        f'<a href="/deadlines.ics?{scope}">{view.say("feed")}</a></nav><form action="/worklist">'
        f'<input type=hidden name=lang value="{view.language}">'
        f"<p><label for=organisation>{view.say('organisation')}</label>"
        f"<select id=organisation name=organisation>{organisations}</select></p>"
        f"<p><label for=directorate>{view.say('directorate')}</label>"
        f"<select id=directorate name=directorate>{directorates}</select></p>"
        f"<p><button>{view.say('show')}</button></p></form></header>"
    )


def _option(value: str, text: str, *, chosen: bool) -> str:
    return f'<option value="{escape(value)}"{" selected" if chosen else ""}>{text}</option>'


def _summary(view: WorkListView, order: Sequence[str | None]) -> str:
    columns = "".join(f"<th scope=col class=number>{view.say(name)}</th>" for name in _BUCKETS)
    rows = ""
    for unit in order:
        numbers = "".join(f"<td class=number>{len(view.buckets[unit][name])}</td>" for name in _BUCKETS)
        name = view.read(directorate_label(view.profile, unit))
        rows += f'<tr><th scope=row><a href="#{_anchor(unit)}">{name}</a></th>{numbers}</tr>'
    return (
        f"<table class=summary><caption>{view.say('summary')}</caption>"
        f"<thead><tr><th scope=col>{view.say('directorate')}</th>{columns}</tr></thead>"
        f"<tbody>{rows}</tbody></table>"
    )


def _directorate(view: WorkListView, unit: str | None) -> str:
    name = view.read(directorate_label(view.profile, unit))
    tables = "".join(_table(view, bucket, view.buckets[unit][bucket]) for bucket in _BUCKETS)
    return f'<section id="{_anchor(unit)}"><h2>{name}</h2>{tables}</section>'


def _table(view: WorkListView, bucket: str, lines: Sequence[Line]) -> str:
    if not lines:
        return ""
    columns = "".join(f"<th role=columnheader scope=col>{view.say(name)}</th>" for name in _COLUMNS)
    rows = "".join(_row(view, line) for line in lines)
    # The elements have these roles already, but lose them where a narrow screen shows cells one below another.
    return (
        f'<table role=table class="list {bucket}"><caption>{view.say(bucket)} ({len(lines)})</caption>'
        f"<thead role=rowgroup><tr role=row>{columns}</tr></thead>"
        f"<tbody role=rowgroup>{rows}</tbody></table>"
    )


def _row(view: WorkListView, line: Line) -> str:
    service = service_label(view.profile, line.service)
    days = (line.due_on - view.today).days
    told = {
        "kind": view.read(KINDS[line.place.kind]),
        "due": f'<time datetime="{line.due_on}">{long_day(line.due_on, view.language)}</time>',
        "left": _left(view.language, days),
        "state": view.read(STATES[line.state]),
        "service": view.read(service) if service else "",
    }
    cells = "".join(
        f'<td role=cell class={name} data-label="{view.say(name)}">{text}</td>' for name, text in told.items()
    )
    return f"<tr role=row><th role=rowheader scope=row>{escape(line.place.reference)}</th>{cells}</tr>"


def _left(language: Language, days: int) -> str:
    if days == 0:
        return {"nl": "vandaag", "en": "today"}[language]
    unit = {"nl": ("dag", "dagen"), "en": ("day", "days")}[language][abs(days) != 1]
    if days < 0:
        return {"nl": f"{-days} {unit} te laat", "en": f"{-days} {unit} late"}[language]
    return {"nl": f"nog {days} {unit}", "en": f"{days} {unit} left"}[language]


def _anchor(unit: str | None) -> str:
    return f"d-{escape(unit or '')}"
