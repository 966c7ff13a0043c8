"""A model that was trained is trained once: the next start loads it, unless anything about it is in doubt."""

import asyncio
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from services.routing import kept_models
from services.routing.kept_models import KeptModels, maker
from services.routing.text.matter import Matter
from services.routing.text.model import TextModel
from services.routing.text.readers import Readers

TEXT = "De haag van het plantsoen is al een jaar niet gesnoeid. Ik heb al drie keer gemaild, schandalig!"


@pytest.fixture
def tiny(small: Matter) -> Matter:
    """Learnt in the blink of an eye; what it decides is of no interest here."""
    few = small.corpus.with_messages(small.corpus.messages[::2])
    return Matter(few, small.lexicon)


def started(matter: Matter, kept: KeptModels | None) -> tuple[TextModel, str]:
    """The model of a service that has started, and how it came by it."""
    readers = Readers({"leuven": matter}, kept=kept)
    with capture_logs() as logged:
        asyncio.run(readers.learn())
    (how,) = {each["event"] for each in logged} & {"model trained", "model trained before"}
    return readers.models["leuven"], how


def test_the_next_start_loads_it_and_decides_alike(tiny: Matter, tmp_path: Path) -> None:
    folder = tmp_path / "not" / "there"
    first, how = started(tiny, KeptModels(folder))
    assert how == "model trained"
    again, how = started(tiny, KeptModels(folder))
    assert how == "model trained before"
    assert again.name == first.name
    assert again.read(None, TEXT) == first.read(None, TEXT)


def test_without_a_folder_each_start_trains(tiny: Matter) -> None:
    assert [started(tiny, None)[1] for _ in range(2)] == ["model trained"] * 2


def test_what_other_code_has_trained_is_trained_anew(tiny: Matter, tmp_path: Path) -> None:
    started(tiny, KeptModels(tmp_path, made_by="yesterday"))
    assert started(tiny, KeptModels(tmp_path, made_by="today"))[1] == "model trained"
    assert started(tiny, KeptModels(tmp_path, made_by="today"))[1] == "model trained before"
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("damaged", [b"", b"no model", None])
def test_what_was_damaged_is_trained_anew_and_mended(tiny: Matter, tmp_path: Path, damaged: bytes | None) -> None:
    started(tiny, KeptModels(tmp_path))
    (file,) = tmp_path.iterdir()
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2] if damaged is None else damaged)
    assert started(tiny, KeptModels(tmp_path))[1] == "model trained"
    assert file.read_bytes() == whole


def test_where_nothing_can_be_written_nothing_is_kept_and_it_works(tiny: Matter, tmp_path: Path) -> None:
    folder = tmp_path / "file"
    folder.write_text("not a folder")
    model, how = started(tiny, KeptModels(folder))
    assert how == "model trained"
    assert model.read(None, TEXT).natures


def test_models_of_other_matter_are_removed_and_other_files_are_not(tiny: Matter, tmp_path: Path) -> None:
    (tmp_path / f"{'0' * 16}.npz").write_bytes(b"of last year")
    (tmp_path / "leuven.json").write_bytes(b"of somebody else")
    started(tiny, KeptModels(tmp_path))
    assert not (tmp_path / f"{'0' * 16}.npz").exists()
    assert (tmp_path / "leuven.json").exists()
    assert len(list(tmp_path.iterdir())) == 2


def test_another_line_of_code_another_list_and_another_library_make_another_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "text").mkdir()
    code, words = tmp_path / "text" / "training.py", tmp_path / "glossary.yaml"
    code.write_text("SEED = 7\n")
    words.write_text("plantsoen: plantsoen\n")
    monkeypatch.setattr(kept_models, "_ROUTING", tmp_path)
    told = [_told()]
    code.write_text("SEED = 8\n")
    told.append(_told())
    words.write_text("plantsoen: park\n")
    told.append(_told())
    monkeypatch.setattr(kept_models, "version", lambda _library: "0.0")
    told.append(_told())
    assert len(set(told)) == 4
    assert _told() == told[-1]


def _told() -> str:
    maker.cache_clear()
    try:
        return maker()
    finally:
        maker.cache_clear()
