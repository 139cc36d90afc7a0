"""The caller's page over HTTP: what a smartphone gets and sends. No sign-in: the link is the key (``ars.links``).

=======  =============================  ================================================================================
GET      ``/v/``                        web entry: who comes by QR code or address begins here
POST     ``/v/``                        a visit of one's own: 303 to its page
POST     ``/v/look``                    larger type, more contrast, without JavaScript
GET      ``/v/TOKEN``                   the page with the screen of this moment; as messages for the page's script
GET      ``/v/TOKEN/ws``                the WebSocket: messages of ``ars.messages`` as JSON text frames
GET      ``/v/TOKEN/events``            the node's messages as server-sent events
POST     ``/v/TOKEN/tap``               a button; so ``/form``, ``/write``, ``/extend``
GET      ``/v/TOKEN/search?q=``         the page with answers of the consultation database
POST     ``/v/TOKEN/photo?field=``      a picture, up to 10 MiB
GET      ``/v/TOKEN/contact.vcf``       the screen's contact for the phone's address book
GET      ``/v/TOKEN/map.svg?place=``    a drawn map
GET      ``/v/static/FILE``             the page's modules and icon, for ever
=======  =============================  ================================================================================

By WebSocket the node says first ``Screen`` and ``Status``, then what changes; the page says ``Tap``, ``Submit`` ...,
and "?" now and then, which is answered by ``Still``: silence after it means that the line is dead.

Whatever is not so is a plain page in words with the centre's number: 403 another browser's link, or a request from
elsewhere; 404 unknown; 410 over; 413 too large; 429 too many tries; 503 we cannot just now.
"""

from __future__ import annotations

from collections.abc import Callable

from aiohttp import web

from ars.guesses import Guesses
from ars.model import Menu
from ars.phone.answers import Answers
from ars.phone.door import Door, Shut
from ars.phone.entry import Entry
from ars.phone.files import load
from ars.phone.lines import PhoneSockets
from ars.phone.pages import Pages
from ars.phone.posts import Posts
from ars.phone.render import Renderer
from ars.phone.talk import Talk
from ars.photos import Photos
from ars.visit import Visit
from ars.visits import Search, Visits
from core.web.client import Proxies

__all__ = ["phone"]


def phone(
    visits: Visits,
    *,
    menu: Callable[[], Menu],
    search: Search,
    photos: Photos,
    guesses: Guesses,
    proxies: Proxies,
    public_url: str = "",
    frame_ancestors: str = "'none'",
    pages: int = 20_000,
    bound: Callable[[Visit], None] | None = None,
) -> Callable[[web.Application], None]:
    """What adds the page to a web application, under /v/.

    ``menu``: the one that a new visit begins with; its centre and telephone number stand on pages without a visit.
    ``frame_ancestors``: who may show the page in a frame, as CSP writes it (the demo: "'self'").
    ``pages``: open WebSockets and event streams at a time; beyond it a page goes on with form posts.
    ``bound`` is told of a visit whose link has just got its browser (a restarted node shall know it).
    """
    files = load()
    renderer = Renderer(files, frame_ancestors)
    talk = Talk(visits, renderer, search, visits.now)
    door = Door(visits, guesses, proxies, public_url, bound)
    answers = Answers(files, renderer, door, menu)
    sockets = PhoneSockets(talk, door, pages)
    posts = Posts(talk, door, answers, photos)
    entry = Entry(visits, door, answers, renderer, menu)
    shown = Pages(talk, door, answers)

    async def nothing(_request: web.Request) -> web.StreamResponse:
        raise Shut("gone")

    def setup(app: web.Application) -> None:
        get = [
            ("/v/", entry.show),
            ("/v/static/{file}", answers.static),
            ("/v/{token}", shown.page),
            ("/v/{token}/ws", sockets.connect),
            ("/v/{token}/events", sockets.events),
            ("/v/{token}/search", shown.search),
            ("/v/{token}/contact.vcf", shown.contact),
            ("/v/{token}/map.svg", shown.map),
        ]
        post = [
            ("/v/", entry.start),
            ("/v/look", entry.look),
            ("/v/{token}/tap", posts.tap),
            ("/v/{token}/form", posts.form),
            ("/v/{token}/write", posts.write),
            ("/v/{token}/extend", posts.extend),
            ("/v/{token}/search", posts.search),
            ("/v/{token}/photo", posts.photo),
        ]
        for path, handler in get:
            app.router.add_get(path, answers.guarded(handler))
        for path, handler in post:
            app.router.add_post(path, answers.guarded(handler))
        app.router.add_route("*", "/v", answers.guarded(nothing))
        app.router.add_route("*", "/v/{rest:.*}", answers.guarded(nothing))
        app.on_shutdown.append(sockets.close)

    return setup
