"""What a server on this machine uses: its process and those that it started."""

import psutil


class ServerLoad:
    """CPU and memory of a process and all below it."""

    def __init__(self, pid: int) -> None:
        """psutil.NoSuchProcess if there is none."""
        self._root = psutil.Process(pid)
        self._before_s = 0.0
        self.look()

    def look(self) -> tuple[float, float]:
        """Seconds of CPU used since the last look, by those that run, and resident memory in MiB; what processes share
        is counted in each.
        """
        processes = self._all()  # to find them, psutil goes through all that the machine has
        now_s = sum(map(_seconds_of, processes))
        used_s, self._before_s = now_s - self._before_s, now_s
        return max(0.0, used_s), sum(map(_bytes_of, processes)) / 2**20

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
