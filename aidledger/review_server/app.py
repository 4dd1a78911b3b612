"""The pages: one entry at a time, the list of what comes, a document with its figures marked."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from aidledger.review_server.card import beside, cards
from ledger.errors import LedgerError
from ledger.review.findings import SAME
from ledger.review.queue import safe_words, share_of
from reports.page.marked import Span, pieces, printable

if TYPE_CHECKING:
    from starlette.requests import Request

    from aidledger.review_server.desk import Desk

WEB = Path(__file__).parent / "web"
LISTED = 100  # entries of the list that are shown
_LONGEST = 1_000_000  # bytes of a form


def make_app(desk: Desk, *, title: str) -> Starlette:
    """The application behind the guard, which puts a session into every request's scope."""
    pages = _Pages(desk, title)
    routes = [
        Route("/", pages.first),
        Route("/entry/{item:int}", pages.entry),
        Route("/entry/{item:int}", pages.decide, methods=["POST"]),
        Route("/state/{item:int}", pages.state),
        Route("/queue", pages.queue),
        Route("/document/{item:int}", pages.document),
        Route("/undo", pages.undo, methods=["POST"]),
        Route("/who", pages.who, methods=["POST"]),
        Mount("/web", StaticFiles(directory=WEB)),
    ]
    return Starlette(routes=routes)


class _Pages:
    """What each address answers. What asks the ledger runs beside the loop that takes requests."""

    def __init__(self, desk: Desk, title: str) -> None:
        self._desk, self._title = desk, title
        self._templates = Environment(
            loader=FileSystemLoader(WEB), autoescape=True, undefined=StrictUndefined,
            trim_blocks=True, lstrip_blocks=True,
        )  # fmt: skip
        self._templates.globals["printable"] = lambda text: printable(str(text or ""))

    def first(self, request: Request) -> Response:
        """The entry that is worth most."""
        with self._desk.at_work() as (_, queue):
            entry = queue.first()
        return self._shown(request, None if entry is None else entry.item)

    def entry(self, request: Request) -> Response:
        """One entry, by its number."""
        return self._shown(request, request.path_params["item"])

    def _shown(self, request: Request, item: int | None) -> Response:
        session = request.scope["session"]
        with self._desk.at_work() as (ledger, queue):
            page = self._frame(request, queue)
            if item is None:
                return self._page("done.html", page)
            try:
                entry = queue.entry(item)
            except IndexError:
                return HTMLResponse("no such entry", 404)
            with ledger.snapshot() as now:
                shown = cards(now, entry)
                if not shown:
                    return HTMLResponse("the figure is not in the ledger any more", 404)
                around = beside(now, shown[0])
            page |= {
                "entry": entry, "cards": shown, "beside": around, "seen": queue.last,
                "pair": entry.kind == SAME and len(shown) > 1, "total": queue.total_of(item),
                "by_another": [m for m in shown[0].made if m.who != session.who],
            }  # fmt: skip
        return self._page("entry.html", page)

    async def decide(self, request: Request) -> Response:
        """Stores a decision and goes on to the next entry."""
        form = await _form(request)
        item, session = request.path_params["item"], request.scope["session"]
        if form.get("choose"):
            form["action"] = "correct"
        if form.get("pick"):
            form["action"], _, form["target"] = form["pick"].partition("=")
        try:
            stored = await run_in_threadpool(self._desk.decide, session, item, form)
        except IndexError:
            return HTMLResponse("no such entry", 404)
        return RedirectResponse("/" if stored else f"/entry/{item}", 303)

    async def undo(self, request: Request) -> Response:
        """Takes the last decision back and shows its entry again."""
        await _form(request)
        item = await run_in_threadpool(self._desk.undo, request.scope["session"])
        return RedirectResponse("/" if item is None else f"/entry/{item}", 303)

    async def who(self, request: Request) -> Response:
        """Takes another name for this browser's decisions."""
        session, name = request.scope["session"], (await _form(request)).get("who", "").strip()
        session.who = name or session.who
        return RedirectResponse("/", 303)

    def state(self, request: Request) -> Response:
        """Who has decided on an entry since it was shown: asked by the page from time to time."""
        session, seen = request.scope["session"], int(request.query_params.get("seen", "0") or 0)
        with self._desk.at_work() as (ledger, queue), ledger.snapshot() as now:
            try:
                figure_id = queue.entry(request.path_params["item"]).figure_id
            except IndexError:
                return JSONResponse({"by": None}, 404)
            _, made = now.decided_on(("figure_id",), {figure_id})
        since = [m for m in made.get(figure_id, ()) if m.number > seen and m.who != session.who]
        last = since[-1] if since else None
        return JSONResponse({"by": last and last.who, "action": last and last.action})

    def queue(self, request: Request) -> Response:
        """The entries that come first."""
        with self._desk.at_work() as (_, queue):
            page = self._frame(request, queue)
            rows = queue.frame(LISTED).to_dict("records")
            page |= {"rows": rows, "entries": list(queue.entries(LISTED))}
        return self._page("list.html", page)

    def document(self, request: Request) -> Response:
        """The document of an entry, its figures marked."""
        with self._desk.at_work() as (ledger, queue), ledger.snapshot() as now:
            page = self._frame(request, queue)
            try:
                entry = queue.entry(request.path_params["item"])
                source_id = cards(now, entry)[0].record["source_id"]
            except (IndexError, LedgerError):
                return HTMLResponse("no such document", 404)
            source = now.document(source_id)
            records, _ = now.decided_on(("figure_id", "start", "end"), now.figures_in(source_id))
            items = {r["figure_id"]: queue.of_figure(r["figure_id"]) for r in records}
        spans = (Span(r["figure_id"], r["start"], r["end"]) for r in records)
        page |= {"entry": entry, "source": source, "pieces": pieces(source.text, spans),
                 "items": {one: held.item for one, held in items.items() if held}}  # fmt: skip
        return self._page("document.html", page)

    def _frame(self, request: Request, queue: Any) -> dict[str, Any]:
        """What every page says at its top."""
        session = request.scope["session"]
        told, session.told = session.told, ""
        safe = queue.safe()
        return {
            "title": self._title, "who": session.who, "told": told, "open": len(queue),
            "decided": queue.decided_on, "safe": safe_words(safe), "share": share_of(safe),
        }  # fmt: skip

    def _page(self, name: str, page: Mapping[str, Any]) -> HTMLResponse:
        return HTMLResponse(self._templates.get_template(name).render(page))


async def _form(request: Request) -> dict[str, str]:
    """The fields of a form, the last of each name."""
    held = b""
    async for block in request.stream():
        held += block
        if len(held) > _LONGEST:
            return {}
    return dict(parse_qsl(held.decode("utf-8", "replace"), keep_blank_values=True))
