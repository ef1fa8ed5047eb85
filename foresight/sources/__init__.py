"""Sources: one module per origin of records. `read_…` gives `SourceTables`, whatever the origin."""
