"""Training of road networks: data, orientation truth, the loop, scores and the report."""
