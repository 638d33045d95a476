"""`ambiome evaluate`: fixed scenes, measured against recordings and controls, and the report of it."""
