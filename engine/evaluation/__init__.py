"""How good roads are: pixels against pixels, network against network."""
