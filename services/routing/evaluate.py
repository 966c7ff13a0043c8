"""Measures how well routing reads: ``python -m services.routing.evaluate --examples FILE``."""

import random
import time
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from services.routing.text.corpus import Corpus, Message
from services.routing.text.matter import Matter, matter_of
from services.routing.text.measuring import Example, Judged, accuracy, judge
from services.routing.text.report import report
from services.routing.text.training import train
from shared.contracts.rejection import field_errors
from shared.profiles import Profile, load_profiles

SHARES = (0.25, 0.5, 0.75)
FOLDS = 5
SEED = 20211001


def evaluate(
    examples: Annotated[
        Path, typer.Option(help="JSON Lines: id, submission, expected", exists=True, dir_okay=False)
    ],
    also: Annotated[
        list[Path] | None, typer.Option(help="More messages, to measure the corpus alone on", dir_okay=False)
    ] = None,
    organisation: Annotated[str, typer.Option(help="The profile that the examples belong to")] = "leuven",
    report_to: Annotated[Path, typer.Option("--report", help="Where the report is written")] = Path(
        "docs/routing-report.md"
    ),
) -> None:
    """Trains on the corpus alone, and on corpus and four fifths of the examples in turn; writes a report."""
    profiles = load_profiles()
    matter = matter_of(profiles).get(organisation)
    if matter is None:
        raise typer.BadParameter(f"{organisation} has no corpus and lexicon")
    profile, told = profiles[organisation], _read(examples)
    begun = time.process_time()
    model = train(matter.corpus, matter.lexicon)
    facts = [
        (
            f"Model `{model.name}`, {len(matter.corpus.messages)} messages, trained in "
            f"{time.process_time() - begun:.0f} s of processor time; its weights take {model.size / 1e6:.0f} MB."
        ),
        f"{len(told)} examples; review below {profile.versions[-1].review_below:.2f}.",
    ]
    alone = judge(model, profile, told)
    typer.echo(f"corpus alone: {accuracy(alone)}")
    crossed = _cross_validated(matter, profile, told)
    typer.echo(f"cross-validated: {accuracy(crossed)}")
    ways = {"corpus alone": alone, f"with {FOLDS - 1} of {FOLDS} folds": crossed}
    for path in also or ():
        held_back = _read(path)
        ways[f"{path.stem}: {len(held_back)}"] = judged = judge(model, profile, held_back)
        typer.echo(f"{path.stem}: {accuracy(judged)}")
    curve = [*_curve(matter, profile, told), (len(matter.corpus.messages), accuracy(alone))]
    report_to.write_text(report(ways, curve, facts), encoding="utf-8")
    typer.echo(f"written: {report_to}")


def _read(path: Path) -> list[Example]:
    found: list[Example] = []
    for number, line in enumerate(path.read_bytes().splitlines(), start=1):
        try:
            found.append(Example.model_validate_json(line))
        except ValidationError as error:
            wrong = "; ".join(f"{each['field']}: {each['message']}" for each in field_errors(error))
            raise typer.BadParameter(f"{path}:{number}: {wrong}") from None
    return found


def _cross_validated(matter: Matter, profile: Profile, told: list[Example]) -> list[Judged]:
    order = random.Random(SEED).sample(range(len(told)), len(told))  # noqa: S311  folds are no secret
    judged: dict[int, Judged] = {}
    for fold in range(FOLDS):
        held_back = order[fold::FOLDS]
        learnt = [told[at].as_message() for at in order if at not in set(held_back)]
        model = train(_with(matter.corpus, learnt), matter.lexicon)
        judged |= zip(held_back, judge(model, profile, [told[at] for at in held_back]), strict=True)
    return [judged[at] for at in range(len(told))]


def _curve(matter: Matter, profile: Profile, told: list[Example]) -> list[tuple[int, dict[str, float]]]:
    messages = list(matter.corpus.messages)
    random.Random(SEED).shuffle(messages)  # noqa: S311  no secret either
    found = []
    for share in SHARES:
        part = tuple(messages[: int(share * len(messages))])
        model = train(matter.corpus.with_messages(part), matter.lexicon)
        found.append((len(part), accuracy(judge(model, profile, told))))
    return found


def _with(corpus: Corpus, more: list[Message]) -> Corpus:
    return corpus.with_messages((*corpus.messages, *more))


if __name__ == "__main__":
    typer.run(evaluate)
