"""``profile check``, ``report``, ``rebuild``: organisations and figures."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Annotated, Final

import httpx
import typer

from deploy.command_line.answers import FAILED, AsJson, answer_of, console, tell_json, tell_table
from deploy.command_line.failure import CommandError
from deploy.command_line.monthly import make_monthly, month_of, tell_month
from deploy.command_line.place import find_place

_PERIOD: Final = re.compile(r"\d{4}(-\d{2})?")
_FORMS: Final = ("json", "html", "pdf", "xlsx", "csv")


def add_to(app: typer.Typer) -> None:
    """Adds the commands."""
    _add_profile_to(app)
    _add_report_to(app)
    _add_rebuild_to(app)


def _add_profile_to(app: typer.Typer) -> None:
    profile = typer.Typer(no_args_is_help=True, help="The organisations' profiles.")
    app.add_typer(profile, name="profile")

    @profile.command(epilog="Example: contactpunt profile check mycity.yaml")
    def check(
        files: Annotated[
            list[Path] | None,
            typer.Argument(metavar="[FILE]…", help="Profiles; without any, all that come along."),
        ] = None,
        *,
        as_json: AsJson = False,
    ) -> None:
        """Check profiles before anything runs on them: each fault with file, line, field, cure and name.

        What the names mean: docs/handbook/your-city-in-an-hour.md. Exit code 1 where there is any fault.
        """
        from shared.profiles.check import examine, main  # noqa: PLC0415

        if not as_json:
            raise typer.Exit(main([str(file) for file in files or ()]))
        sound, faults = examine(files or ())
        tell_json({"fine": [str(file) for file, _ in sound], "faults": [fault._asdict() for fault in faults]})
        raise typer.Exit(FAILED if faults else 0)


def _add_report_to(app: typer.Typer) -> None:
    @app.command(epilog="Example: contactpunt report leuven 2021 --format html --output leuven-2021.html")
    def report(
        organisation: Annotated[str, typer.Argument(help="Id of its profile: leuven, antwerpen …")],
        period: Annotated[
            str, typer.Argument(help="A year, 2021, or a month, 2021-03, by the day contacts were received on.")
        ],
        *,
        form: Annotated[
            str, typer.Option("--format", help="json, html, pdf, xlsx, or csv (a zip with a file a table).")
        ] = "json",
        language: Annotated[str, typer.Option("--lang", help="nl or en.")] = "nl",
        output: Annotated[
            Path | None, typer.Option(help="Where to write it; needed for pdf, csv and xlsx.")
        ] = None,
        directorate: Annotated[str | None, typer.Option(help="Of a month: the report of this one.")] = None,
        edition: Annotated[int | None, typer.Option(min=1, help="Of a month: not the last one.")] = None,
        make: Annotated[
            bool, typer.Option("--make", help="Make what is not there of a month first; needs ADMIN_TOKEN.")
        ] = False,
        again: Annotated[
            bool, typer.Option("--again", help="With --make: another edition where figures have moved.")
        ] = False,
        as_json: AsJson = False,
    ) -> None:
        """The annual report of an organisation, or the reports of its directorates of a month.

        Tables by name and total here, all of it with --output. Of a month without --directorate: which reports
        there are.
        """
        if form not in _FORMS:
            raise CommandError(f"There is no format {form}.", f"Give one of {', '.join(_FORMS)}.")
        if not _PERIOD.fullmatch(period):
            raise typer.BadParameter(f"{period} is no period; give a year, like 2021, or a month, like 2021-03")
        of_a_month = "-" in period
        if not of_a_month and (directorate or edition or make or again):
            raise CommandError(
                "--directorate, --edition, --make and --again are about a month.", "Give one, like 2021-03."
            )
        if again and not make:
            raise CommandError("--again does nothing without --make.", "Give both, or neither.")
        if make:
            made = make_monthly(organisation, period, directorate, again=again)
            if directorate is None:
                tell_month(made, language, as_json=as_json)
                return
        if of_a_month and directorate is None:
            tell_month(month_of(organisation, period), language, as_json=as_json)
            return
        path = (
            f"monthly/{organisation}/{period}/{directorate}" if of_a_month else f"annual/{organisation}/{period}"
        )
        params = {"format": form, "lang": language} | ({"edition": str(edition)} if edition else {})
        with find_place().client("reporting", "reporting", timeout=120) as client:
            response = client.get(f"/reports/{path}", params=params)
        if not response.is_success:
            answer_of(response)
        _tell_report(response, form, language, output, as_json=as_json, title=f"{organisation} {period}")


def _tell_report(
    response: httpx.Response, form: str, language: str, output: Path | None, *, as_json: bool, title: str
) -> None:
    if output is not None:
        output.write_bytes(response.content)
        console.print(f"{output}: {len(response.content)} bytes", markup=False, highlight=False)
    elif as_json or form == "json":
        told = answer_of(response)
        if as_json:
            tell_json(told)
        else:
            rows = [(each["id"], each["title"][language], each["total"]) for each in told["tables"]]
            tell_table(title, ("table", "title", "total"), rows)
    elif form == "html":
        sys.stdout.write(response.text)
    else:
        raise CommandError(f"{form} is not for reading here.", "Say where to write it: --output FILE.")


def _add_rebuild_to(app: typer.Typer) -> None:
    @app.command(epilog="Example: contactpunt rebuild --compare --facts")
    def rebuild(
        *,
        compare: Annotated[bool, typer.Option(help="Change nothing: hold counters against facts.")] = False,
        facts: Annotated[bool, typer.Option(help="Facts against their events as well.")] = False,
        organisation: Annotated[
            str | None, typer.Option("-o", "--organisation", help="Only this one; otherwise all.")
        ] = None,
        as_json: AsJson = False,
    ) -> None:
        """Count the reports anew from the facts, or prove that it would change nothing; exit code 1: it would."""
        import os  # noqa: PLC0415

        options = [*(["--compare"] if compare else []), *(["--facts"] if facts else [])]
        options += ["--organisation", organisation] if organisation else []
        options += ["--json"] if as_json else []
        command = [sys.executable, "-m", "services.reporting.rebuild", *options]
        done = subprocess.run(command, env={**os.environ, **find_place().values}, check=False)  # noqa: S603  ours
        raise typer.Exit(done.returncode)
