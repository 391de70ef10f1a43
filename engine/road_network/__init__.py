"""From a raster of roads to a routable network: skeleton, graph, cleaning, geometry, attributes."""
