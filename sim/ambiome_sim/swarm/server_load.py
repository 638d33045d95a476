"""What a server on this machine uses: its process and those that it started."""

import psutil


class ServerLoad:
    """CPU and memory of a process and all below it."""

    def __init__(self, pid: int) -> None:
        """psutil.NoSuchProcess if there is none."""
        self._root = psutil.Process(pid)
        self._before_s = self.cpu_s()

    def cpu_s(self) -> float:
        """Seconds of CPU used so far."""
        return float(sum(each.cpu_times().user + each.cpu_times().system for each in self._all()))

    def cpu_since(self) -> float:
        """Seconds of CPU used since this was last asked."""
        now_s = self.cpu_s()
        used_s, self._before_s = now_s - self._before_s, now_s
        return max(0.0, used_s)

    def memory_mib(self) -> float:
        """Resident memory; what processes share is counted in each."""
        return float(sum(each.memory_info().rss for each in self._all()) / 2**20)

    def _all(self) -> list[psutil.Process]:
        try:
            return [self._root, *self._root.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []
