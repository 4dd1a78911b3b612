"""A server on loopback that speaks OpenAI's protocol, as a test wants it to answer."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any

Body = dict[str, Any]
# What is answered: an object as JSON, a text as it is, or a status with what goes with it.
Reply = tuple[int, Any] | str | Body


class ModelServer:
    """What it was asked, and where it is."""

    def __init__(self, reply: Callable[[Body, int], Reply]) -> None:
        self.reply = reply
        self.bodies: list[Body] = []
        self.keys: list[str] = []
        self.lock = Lock()
        self.url = ""

    def answered(self, body: Body, key: str) -> tuple[int, bytes]:
        with self.lock:
            self.bodies.append(body)
            self.keys.append(key)
            number = len(self.bodies)
        reply = self.reply(body, number)
        if isinstance(reply, tuple):
            return reply[0], json.dumps(reply[1]).encode()
        content = reply if isinstance(reply, str) else json.dumps(reply)
        message = {"role": "assistant", "content": content}
        whole = {
            "id": "1", "object": "chat.completion", "created": 1, "model": body["model"],
            "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
            "usage": {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110},
        }  # fmt: skip
        return 200, json.dumps(whole).encode()


@contextmanager
def model_server(reply: Callable[[Body, int], Reply]) -> Iterator[ModelServer]:
    """A server that answers each request by its body and its number."""
    asked = ModelServer(reply)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            body = json.loads(self.rfile.read(length))
            status, sent = asked.answered(body, self.headers.get("Authorization", ""))
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(sent)))
            self.send_header("retry-after-ms", "1")  # the client waits no longer
            self.end_headers()
            self.wfile.write(sent)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    asked.url = f"http://127.0.0.1:{server.server_port}/v1"
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield asked
    finally:
        server.shutdown()
        server.server_close()


FIELDS = ("item", "aid", "donor", "recipient", "party", "status", "basis", "date", "since")


def said(n: int, **fields: Any) -> Body:
    """An answer for a figure; ``words`` as given, all else null."""
    out: Body = {"n": n, "figure": True, **dict.fromkeys((*FIELDS, "same_as", "part_of"))}
    return out | {"words": {}} | fields


def marks(body: Body) -> list[int]:
    """The marks of the figures that a request lists."""
    listed = body["messages"][1]["content"].rpartition("\nFigures:\n")[2]
    return [int(mark) for mark in re.findall(r"^(\d+): ", listed, re.M)]


def plainly(body: Body, number: int = 0) -> Body:
    """An answer that says of each figure that it is a level of nobody's."""
    return {"figures": [said(n, item="thing", basis="level") for n in marks(body)], "missed": []}
