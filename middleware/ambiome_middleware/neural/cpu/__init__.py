"""The learned renderer on a CPU: the streams of a tile are the lanes of a vector, compiled by numba."""
