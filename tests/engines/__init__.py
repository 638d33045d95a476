"""Tests of the engine clients with the real engines."""
