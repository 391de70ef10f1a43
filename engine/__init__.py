"""The work itself, free of QGIS. Runs in a worker process; see ``jobs`` and ``events`` for its contract."""
