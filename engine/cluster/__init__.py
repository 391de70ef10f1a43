"""What all jobs share that run over a Dask cluster: the line to it, its workers, what both sides must agree on."""
