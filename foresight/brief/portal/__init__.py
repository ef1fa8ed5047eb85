"""The portal: an entry page and a page per track that work from files, without a network."""

from foresight.brief.portal.index import render_portal
from foresight.brief.portal.sector import Sector, read_sector
from foresight.brief.portal.track import render_track
from foresight.brief.portal.units import track_table, unit_table

__all__ = [
    "Sector",
    "read_sector",
    "render_portal",
    "render_track",
    "track_table",
    "unit_table",
]
