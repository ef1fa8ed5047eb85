"""Live services: one module each, `fetch_…` keeps their replies, `read_…_pages` makes tables."""
