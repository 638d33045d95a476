"""Where a server tells its `Figures`: over HTTP, in threads beside the front process's own.

    GET /metrics     for Prometheus
    GET /health      200, or 503 and what is not well
    GET /sessions    how sessions stand

Who asks and does not go on, or asks for more at once than is answered, is let go, and holds up nobody.
"""

import logging
import socket
import threading
from collections.abc import Iterable
from contextlib import suppress
from http import HTTPStatus
from socketserver import ThreadingMixIn
from typing import Any, Final
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import msgspec
from prometheus_client import CollectorRegistry, make_wsgi_app

from ambiome_middleware.metrics import Figures

PATHS: Final = ("/metrics", "/health", "/sessions")
PATIENCE_S: Final = 5.0
"""Who says nothing for so long in the middle of asking, or does not read the answer, is let go."""
MOST_CONNECTIONS: Final = 32
"""For one more, the oldest is let go."""
_log: Final = logging.getLogger(__name__)


class MetricsServer:
    """Answers from its making until `close`."""

    def __init__(self, figures: Figures, host: str, port: int) -> None:
        """OSError where the port cannot be had; port 0 takes a free one."""
        self._figures = figures
        registry = CollectorRegistry(auto_describe=False)
        registry.register(figures)
        self._metrics: Any = make_wsgi_app(registry)
        self._server = make_server(host, port, self._answer, _Threads, _Handler)
        self._server.socket.settimeout(PATIENCE_S)
        self.port: Final[int] = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever, name="metrics", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Answer no more; whoever is being answered is not waited for."""
        threading.Thread(target=self._server.shutdown, daemon=True).start()
        self._thread.join(PATIENCE_S)
        self._server.server_close()

    def _answer(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "/")
        if path not in PATHS:
            return _json(start, HTTPStatus.NOT_FOUND, {"there is": PATHS})
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return _json(start, HTTPStatus.METHOD_NOT_ALLOWED, {"allowed": "GET"}, ("Allow", "GET, HEAD"))
        if path == "/metrics":
            return list(self._metrics(environ, start))
        if path == "/sessions":
            return _json(start, HTTPStatus.OK, self._figures.sessions())
        sick = self._figures.sick()
        return _json(start, HTTPStatus.SERVICE_UNAVAILABLE if sick else HTTPStatus.OK, {"sick": sick})


def _json(start: Any, status: HTTPStatus, said: object, *headers: tuple[str, str]) -> list[bytes]:
    start(f"{status.value} {status.phrase}", [("Content-Type", "application/json"), *headers])
    return [msgspec.json.encode(said) + b"\n"]


class _Threads(ThreadingMixIn, WSGIServer):
    """One thread for each connection, of which there are no more than MOST_CONNECTIONS."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = MOST_CONNECTIONS

    def __init__(self, *arguments: Any) -> None:
        self._open: list[socket.socket] = []
        super().__init__(*arguments)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Begin to answer one."""
        self._open.append(request)
        for oldest in self._open[:-MOST_CONNECTIONS]:
            with suppress(OSError):
                oldest.shutdown(socket.SHUT_RDWR)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """One is answered, or gone."""
        with suppress(ValueError):
            self._open.remove(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Whoever asked is gone, or did not go on; what else goes wrong is told where somebody looks for it."""
        _log.debug("a question for metrics was not answered", exc_info=True)


class _Handler(WSGIRequestHandler):
    timeout = PATIENCE_S

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: who asks how a server is asks often."""
