"""Checks profiles before anything runs on them: ``python -m shared.profiles.check [FILE…]``.

Prints each fault on a line, ``file:line: field: what is wrong; what would be right [name of the fault]``, and ends
with 1 where there is any. Without files, all profiles that come with the product are checked, also against each
other.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from shared.profiles.loader import BrokenProfile, Fault, load_profile, profile_files, shared_prefixes
from shared.profiles.model import Profile


def main(arguments: Sequence[str] | None = None) -> int:
    """The command. Returns its exit code: 0 where every profile can be used, else 1."""
    parser = argparse.ArgumentParser(prog="python -m shared.profiles.check", description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="a profile; default: all of them")
    sound, faults = examine(parser.parse_args(arguments).files)
    for file, profile in sound:
        sys.stdout.write(f"{file}: fine, {_size(profile)}\n")
    for fault in faults:
        sys.stdout.write(f"{fault} [{fault.code}]\n")
    return 1 if faults else 0


def examine(files: Sequence[Path]) -> tuple[list[tuple[Path, Profile]], list[Fault]]:
    """The profiles that can be used, and what is wrong with the others; without files of all that come along."""
    sound: list[tuple[Path, Profile]] = []
    faults = [fault for file in files or profile_files() for fault in _faults(file, sound)]
    return sound, faults + list(shared_prefixes(sound))


def _faults(file: Path, sound: list[tuple[Path, Profile]]) -> Iterator[Fault]:
    try:
        sound.append((file, load_profile(file)))
    except BrokenProfile as broken:
        yield from broken.faults


def _size(profile: Profile) -> str:
    version = profile.versions[-1]
    services = sum(len(unit.services) for unit in version.directorates)
    return (
        f"{len(profile.versions)} version(s), {len(version.directorates)} directorates, {services} services, "
        f"{len(version.terms)} terms, {len(version.annual_report)} tables"
    )


if __name__ == "__main__":
    sys.exit(main())
