"""What options of benchmarks take: counts and lengths that are more than nothing."""

from argparse import ArgumentTypeError
from math import inf


def count(text: str) -> int:
    """A whole number from 1 on, for argparse's `type`."""
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError(f"{text!r} is not a whole number from 1 on")
    return int(text)


def length_s(text: str) -> float:
    """A length of time, for argparse's `type`."""
    try:
        found = float(text)
    except ValueError:
        found = 0.0
    if not 0.0 < found < inf:
        raise ArgumentTypeError(f"{text!r} is not a number of seconds above 0")
    return found
