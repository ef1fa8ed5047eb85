"""Templates of briefs: web page, PDF and Word."""
