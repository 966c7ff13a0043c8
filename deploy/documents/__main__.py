"""``python -m deploy.documents write`` or ``check``."""

import typer

from deploy.documents import committed

app = typer.Typer(help="The documents below docs that are made from the code.", no_args_is_help=True)


@app.command()
def write() -> None:
    """Write the documents as the code has them now."""
    changed = committed.write()
    typer.echo("\n".join(changed) if changed else "nothing changed")


@app.command()
def check() -> None:
    """Exit with 1 and a diff where the committed documents differ from the code."""
    diff = committed.differences()
    if diff:
        typer.echo(diff, nl=False)
        typer.echo("docs differ from the code; run make documents and commit what it wrote.", err=True)
        raise typer.Exit(1)


if __name__ == "__main__":
    app()
