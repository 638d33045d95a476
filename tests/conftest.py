"""For all tests: how fast a machine is, is no fault of what is tested."""

from typing import Final

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("no clock", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("no clock")

FIRST: Final = ("engines/", "test_base_install")
"""Few tests that take long: where files are dealt out to several processes, they must not come last."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Those that take long first; else the order stays."""
    items.sort(key=lambda item: not any(part in item.nodeid for part in FIRST))
