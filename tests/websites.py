"""A server on this machine with pages that a test writes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from extractors.readers.fetching import Fetcher, Limits

SHORT = Limits(connect=2, read=0.3, total=0.8, size=100_000, robots=2_000, redirects=3)
Answer = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """Answers with what the test has put at the path."""

    answers: dict[str, Answer]
    asked: list[tuple[str, dict[str, str]]]

    def do_GET(self) -> None:
        self.asked.append((self.path, dict(self.headers)))
        answer = self.answers.get(self.path.partition("?")[0])
        if answer is None:
            self.send_error(404)
            return
        try:
            answer(self)
        except OSError:
            self.close_connection = True  # the visitor has gone, as it should

    def log_message(self, format: str, *args: object) -> None:
        """Nothing on standard error."""


class Site:
    """A server on this machine with pages that a test writes."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        handler = type("Pages", (Handler,), {"answers": self.answers, "asked": self.asked})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self.host = f"127.0.0.1:{self._server.server_port}"
        self.url = f"http://{self.host}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def page(
        self, path: str, body: bytes, kind: str = "text/plain", status: int = 200, **headers: str
    ) -> None:
        def answer(request: Handler) -> None:
            request.send_response(status)
            request.send_header("Content-Type", kind)
            request.send_header("Content-Length", str(len(body)))
            for name, value in headers.items():
                request.send_header(name.replace("_", "-"), value)
            request.end_headers()
            request.wfile.write(body)

        self.answers[path] = answer

    def fetcher(self) -> Fetcher:
        return Fetcher(frozenset((self.host,)), SHORT)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
