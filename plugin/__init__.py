"""What lives in the QGIS window."""
