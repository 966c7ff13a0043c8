"""``up``, ``down``, ``status``: the product itself."""

import logging
import os
from contextlib import nullcontext
from typing import Annotated

import typer

from deploy.command_line.answers import NOT_WELL, AsJson, standard_output_for_json, tell_json
from deploy.command_line.place import SERVICES, find_place


def add_to(app: typer.Typer) -> None:
    """Adds the commands."""

    @app.command(epilog="Example: contactpunt up --detach --sample none")
    def up(
        *,
        detach: Annotated[bool, typer.Option(help="Return once all is ready.")] = False,
        sample: Annotated[
            str | None, typer.Option(help="What to load into the empty store: year, or none.")
        ] = None,
        as_json: AsJson = False,
    ) -> None:
        """Start broker, database and the four services on this machine, with a sample year; stay until Ctrl-C."""
        from deploy.local.run import LocalRun  # noqa: PLC0415  others need not wait for it
        from deploy.local.settings import read_settings  # noqa: PLC0415

        if as_json and not detach:
            raise typer.BadParameter("--json tells what runs once it does: give --detach as well")
        _expect_a_broker_that_is_not_there_yet()
        if detach:
            os.environ["DETACH"] = "1"
        if sample is not None:
            os.environ["SAMPLE"] = sample
        with standard_output_for_json() if as_json else nullcontext():
            code = LocalRun(read_settings()).up()
        if as_json and not code:
            place = find_place()
            tell_json({"addresses": {name: place.url(name) for name in SERVICES}, "environment": str(place.file)})
        raise typer.Exit(code)

    @app.command()
    def down(*, as_json: AsJson = False) -> None:
        """Stop what runs here; fine where nothing does."""
        from deploy.local.run import LocalRun  # noqa: PLC0415
        from deploy.local.settings import read_settings  # noqa: PLC0415

        _expect_a_broker_that_is_not_there_yet()
        with standard_output_for_json() if as_json else nullcontext():
            LocalRun(read_settings()).down()
        if as_json:
            tell_json({"runs": False})

    @app.command(epilog="Example: contactpunt status --json | jq .wrong")
    def status(*, as_json: AsJson = False) -> None:
        """Say at a glance what runs, what waits, what is late and what is wrong. Exit code 3 if anything is."""
        from deploy.command_line.status import look, show  # noqa: PLC0415

        seen = look(find_place())
        if as_json:
            tell_json(seen.as_json())
        else:
            show(seen)
        raise typer.Exit(NOT_WELL if seen.wrong else 0)


def _expect_a_broker_that_is_not_there_yet() -> None:
    for name in ("aiormq", "aio_pika"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
