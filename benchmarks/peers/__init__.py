"""The storm rendered by Ambiome and by others that are known for it: `python -m benchmarks.peers`."""
