"""Wiring: from a corpus to a study, from a study to a brief, and all sectors side by side."""
