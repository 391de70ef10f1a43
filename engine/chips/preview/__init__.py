"""Preview Training Data: chips with their labels, and whether the export is any good."""
