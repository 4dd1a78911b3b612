"""Who may speak to the server: the browser that was given its address, and no other page in it.

Any page of the web can send requests to this machine. So a request needs the name of this machine
as its Host (a name that was made to point here is refused), a cookie that only the address with the
token sets and that no other site's requests carry, and to change anything an Origin of our own.
"""

from __future__ import annotations

import secrets
from collections.abc import MutableMapping
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK = "127.0.0.1"
_NAMES = (LOOPBACK, "localhost")
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


@dataclass
class Session:
    """One browser: who decides in it, what is to be told next, and what it can take back: for
    each step the figures with the numbers of the decisions on them."""

    who: str
    told: str = ""
    steps: list[list[tuple[str, int]]] = field(default_factory=list)


class Guard:
    """Lets requests through to ``app`` that may be answered; each then has a ``session``."""

    def __init__(self, app: ASGIApp, *, token: str, port: int, who: str) -> None:
        self._app, self._token, self._who = app, token, who
        self._hosts = {f"{name}:{port}" for name in _NAMES}
        self._cookie = f"aidledger_{port}"  # cookies know no ports: each server has its own
        self._sessions: MutableMapping[str, Session] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
            await send(message)

        answer: Any = self._refused(scope)
        if answer is None:
            headers = Headers(scope=scope)
            session = self._sessions.get(self._held(headers.get("cookie", "")))
            token = parse_qs(scope["query_string"].decode("latin-1")).get("token", [""])[0]
            if secrets.compare_digest(token.encode(), self._token.encode()):
                answer = self._welcome(session)
            elif session is None:
                words = "This address needs the token that `aidledger review serve` has printed."
                answer = PlainTextResponse(words, 403)
            else:
                scope["session"] = session
                answer = self._app
        await answer(scope, receive, sent)

    def _refused(self, scope: Scope) -> PlainTextResponse | None:
        """The answer to a request that comes from elsewhere, None if it does not."""
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if host not in self._hosts:
            return PlainTextResponse("This server answers to this machine's own name.", 421)
        origin = headers.get("origin")
        changes = scope["method"] not in ("GET", "HEAD")
        if (origin is None and changes) or (origin is not None and origin != f"http://{host}"):
            return PlainTextResponse("Only this server's own pages may ask that.", 403)
        return None

    def _held(self, header: str) -> str:
        """The session's key in a cookie header."""
        try:
            morsel = SimpleCookie(header).get(self._cookie)
        except CookieError:
            return ""
        return morsel.value if morsel else ""

    def _welcome(self, session: Session | None) -> RedirectResponse:
        """To the page without the token in its address, with a cookie in its place."""
        answer = RedirectResponse("/", 303)
        if session is None:
            key = secrets.token_urlsafe(32)
            self._sessions[key] = Session(self._who)
            answer.set_cookie(self._cookie, key, httponly=True, samesite="strict", path="/")
        return answer
