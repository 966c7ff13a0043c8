"""The work list as a page for coordinators: per directorate what is overdue, due today and due this week.

Plain HTML that needs no script: headings and tables in order, forms that work by keyboard, light and dark as the
reader has set it. Colours keep a contrast of at least 4.5 to 1, and no colour alone says anything.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from html import escape
from typing import Literal
from urllib.parse import urlencode

from services.deadlines.words import KINDS, STATES, directorate_label, service_label
from services.deadlines.work_list import Line
from shared.profiles import Profile
from shared.profiles.label import Label

Language = Literal["nl", "en"]
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
    "left": Label(nl="Nog", en="Left"),
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
    "feed": Label(nl="Als agenda (iCalendar)", en="As a calendar (iCalendar)"),
    "other": Label(nl="English", en="Nederlands"),
}
_BUCKETS = ("overdue", "today", "week")
_STYLE = """
:root{color-scheme:light dark;
--ink:#1b1b1b;--paper:#fff;--soft:#f2f2f2;--line:#767676;--link:#0b4f9e;--bad:#a4161a}
@media(prefers-color-scheme:dark){:root{--ink:#eee;--paper:#16181b;--soft:#23262a;--line:#8d9196;--link:#8fc1ff;
--bad:#ff9c9c}}
*{box-sizing:border-box}body{margin:0;font:1rem/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper)}
header,main{max-width:64rem;margin:auto;padding:1rem}a{color:var(--link)}
a:focus-visible,select:focus-visible,button:focus-visible,div:focus-visible{outline:3px solid var(--link);
outline-offset:2px}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;background:var(--paper);padding:.5rem}
form{display:flex;flex-wrap:wrap;gap:.75rem;align-items:end}label{display:block;font-weight:600}
select,button{font:inherit;color:inherit;background:var(--soft);border:1px solid var(--line);border-radius:.25rem;
padding:.5rem .75rem;min-height:2.75rem;max-width:100%}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;margin:.5rem 0 1.5rem}
caption{text-align:left;font-weight:600;padding:.25rem 0}.overdue caption,.overdue .left{color:var(--bad)}
th,td{text-align:left;padding:.4rem .75rem .4rem 0;border-bottom:1px solid var(--line);vertical-align:top}
.number{text-align:right;font-variant-numeric:tabular-nums}
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
    parts = [_head(view), "<main id=list>"]
    if view.more:
        parts.append(f"<p role=status>{view.say('more')}</p>")
    if not view.buckets:
        parts.append(f"<p>{view.say('none')}</p>")
    else:
        order = sorted(view.buckets, key=lambda unit: directorate_label(view.profile, unit).nl)
        parts.append(_summary(view, order))
        parts += [_directorate(view, unit) for unit in order]
    return "".join([*parts, "</main></html>"])


def _head(view: WorkListView) -> str:
    title = f"{view.say('title')} - {view.read(view.profile.name)}"
    other = "en" if view.language == "nl" else "nl"
    asked = {"organisation": view.profile.id, "directorate": view.directorate or ""}
    scope = escape(urlencode({name: value for name, value in asked.items() if value}))
    to_other = f'lang="{other}" hreflang="{other}" href="/worklist?{scope}&amp;lang={other}"'
    organisations = "".join(
        _option(each.id, view.read(each.name), chosen=each.id == view.profile.id)
        for each in sorted(view.organisations.values(), key=lambda each: each.name.nl)
    )
    units = {unit.id: unit.name for version in view.profile.versions for unit in version.directorates}
    directorates = _option("", view.say("all"), chosen=view.directorate is None) + "".join(
        _option(unit, view.read(name), chosen=unit == view.directorate)
        for unit, name in sorted(units.items(), key=lambda each: each[1].nl)
    )
    return (
        f'<!doctype html><html lang="{view.language}"><meta charset=utf-8>'
        f'<meta name=viewport content="width=device-width,initial-scale=1"><title>{title}</title>'
        f'<style>{_STYLE}</style><a class=skip href="#list">{view.say("skip")}</a><header><h1>{title}</h1>'
        f'<p>{view.say("as_of")} <time datetime="{view.today}">{_day(view.today)}</time> · '
        f"<a {to_other}>{view.say('other')}</a> · "
        f'<a href="/deadlines.ics?{scope}">{view.say("feed")}</a></p><form action="/worklist">'
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
        f'<div class=scroll tabindex=0 role=region aria-label="{view.say("summary")}"><table>'
        f"<caption>{view.say('summary')}</caption>"
        f"<thead><tr><th scope=col>{view.say('directorate')}</th>{columns}</tr></thead>"
        f"<tbody>{rows}</tbody></table></div>"
    )


def _directorate(view: WorkListView, unit: str | None) -> str:
    name = view.read(directorate_label(view.profile, unit))
    tables = "".join(_table(view, name, bucket, view.buckets[unit][bucket]) for bucket in _BUCKETS)
    return f'<section id="{_anchor(unit)}"><h2>{name}</h2>{tables}</section>'


def _table(view: WorkListView, directorate: str, bucket: str, lines: Sequence[Line]) -> str:
    if not lines:
        return ""
    title = f"{view.say(bucket)} ({len(lines)})"
    columns = "".join(
        f"<th scope=col>{view.say(name)}</th>" for name in ("reference", "kind", "due", "left", "state", "service")
    )
    rows = "".join(_row(view, line) for line in lines)
    return (
        f'<div class="scroll {bucket}" tabindex=0 role=region aria-label="{directorate}: {title}"><table>'
        f"<caption>{title}</caption><thead><tr>{columns}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _row(view: WorkListView, line: Line) -> str:
    service = service_label(view.profile, line.service)
    return (
        f"<tr><th scope=row>{escape(line.place.reference)}</th><td>{view.read(KINDS[line.place.kind])}</td>"
        f'<td><time datetime="{line.due_on}">{_day(line.due_on)}</time></td>'
        f"<td class=left>{_left(view.language, (line.due_on - view.today).days)}</td>"
        f"<td>{view.read(STATES[line.state])}</td><td>{view.read(service) if service else ''}</td></tr>"
    )


def _left(language: Language, days: int) -> str:
    if days == 0:
        return {"nl": "vandaag", "en": "today"}[language]
    unit = {"nl": ("dag", "dagen"), "en": ("day", "days")}[language][abs(days) != 1]
    late = {"nl": " te laat", "en": " late"}[language] if days < 0 else ""
    return f"{abs(days)} {unit}{late}"


def _day(day: date) -> str:
    return f"{day:%d-%m-%Y}"


def _anchor(unit: str | None) -> str:
    return f"d-{escape(unit or '')}"
