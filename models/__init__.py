"""The networks, their losses, the registry that builds them and the package that stores them. Imports torch alone."""
