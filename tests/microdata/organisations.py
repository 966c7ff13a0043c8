"""Every organisation's contacts."""

from collections.abc import Callable, Mapping

from tests.microdata import (
    antwerpen_brandweer,
    antwerpen_onderwijs,
    antwerpen_politie,
    antwerpen_stad,
    antwerpen_woonhaven,
    antwerpen_zorgbedrijf,
    leiden,
    leuven,
)
from tests.microdata.cases import Cases

DEALT: Mapping[str, Callable[[], Cases]] = {
    module.ORGANISATION: module.cases
    for module in (
        antwerpen_brandweer,
        antwerpen_onderwijs,
        antwerpen_politie,
        antwerpen_stad,
        antwerpen_woonhaven,
        antwerpen_zorgbedrijf,
        leiden,
        leuven,
    )
}
