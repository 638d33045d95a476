"""What a server on this machine uses: its process and those that it started."""

import psutil


class ServerLoad:
    """CPU and memory of a process and all below it."""

    def __init__(self, pid: int) -> None:
        """psutil.NoSuchProcess if there is none."""
        self._root = psutil.Process(pid)
        self._before_s = self.cpu_s()

    def cpu_s(self) -> float:
        """Seconds of CPU used so far, by those that run."""
        return float(sum(_seconds_of(each) for each in self._all()))

    def cpu_since(self) -> float:
        """Seconds of CPU used since this was last asked."""
        now_s = self.cpu_s()
        used_s, self._before_s = now_s - self._before_s, now_s
        return max(0.0, used_s)

    def memory_mib(self) -> float:
        """Resident memory; what processes share is counted in each."""
        return sum(_bytes_of(each) for each in self._all()) / 2**20

    def _all(self) -> list[psutil.Process]:
        try:
            return [self._root, *self._root.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []


def _seconds_of(process: psutil.Process) -> float:
    """0 for one that has ended meanwhile."""
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(times.user + times.system)


def _bytes_of(process: psutil.Process) -> int:
    """0 for one that has ended meanwhile."""
    try:
        return int(process.memory_info().rss)
    except psutil.NoSuchProcess:
        return 0
