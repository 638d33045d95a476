"""Learning: recordings → profiles. `learn.learned` does all of it; the other modules each measure one thing."""
