"""What lives in the QGIS toolbox: the provider, one file per algorithm, and the bridge to the worker process."""
