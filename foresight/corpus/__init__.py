"""Corpora: normalising, storing, matching to tracks, and views as of a date."""
