"""No brief of the 24 tracks has a page that its makers would be ashamed of."""

import pytest
from pages import brief_faults

from foresight.tracks import load_registry

SLUGS = sorted(load_registry().slugs, key=len, reverse=True)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("track", sorted(SLUGS))
def test_pages_are_whole(run_folder, track, lang):
    assert not brief_faults(run_folder / track, lang=lang, slugs=SLUGS)
