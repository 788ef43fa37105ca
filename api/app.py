"""The application: its parts, its routes, its edge.

Owns how they are put together. Refuses globals and the environment: two applications with
different parts can live in one process.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from fastapi import APIRouter, Depends, FastAPI
from starlette.routing import compile_path

from api import health, reference
from api.access import routes as access
from api.actions import routes as actions
from api.answers import answer_with_problems
from api.auth import routes as auth
from api.catalogue import drop_routes, mentor_routes, product_routes, seat_routes, terms_routes
from api.describing import operation_name
from api.edge import BodyBounds, Edge, LongBody
from api.eligibility import routes as eligibility
from api.hosting import routes as hosting
from api.idempotency.asking import answer_again
from api.keys import routes as keys
from api.limits.counting import Counting, say_quotas
from api.links import LINKS
from api.long_bodies import Turns
from api.market import routes as market
from api.offers import routes as offers
from api.openapi.examples.showing import show_examples
from api.openapi.headers import say_headers
from api.openapi.problems import say_common_problems, show_problems
from api.openapi.serving import serve_document
from api.push import stream_routes
from api.push.crowd import Crowd
from api.recordings import routes as recordings
from api.recordings.places import open_media
from api.requests import known_parameters_only
from api.rooms import routes as rooms
from api.sessions import routes as sessions
from api.traces import telemetry_of
from api.waiting import routes as waiting
from api.webhooks import routes as webhooks

if TYPE_CHECKING:
    from api.parts import Parts
    from api.push.stream_routes import Streams

_ROUTERS: Final = (
    health.router,
    # Routes are tried in this order, and no other is asked as often: a fifth of what its answer
    # took went into trying those before it.
    access.router,
    reference.router,
    auth.router,
    keys.router,
    mentor_routes.router,
    product_routes.router,
    drop_routes.router,
    terms_routes.router,
    eligibility.router,
    hosting.router,
    seat_routes.router,
    actions.router,
    market.router,
    offers.router,
    waiting.router,
    sessions.router,
    recordings.router,
    stream_routes.router,
    rooms.router,
    webhooks.router,
)

_WHOLE: Final = (show_examples, show_problems, say_headers)
"""What is said in the document when all of its operations are."""

_FOR_ALL: Final = (Depends(known_parameters_only),)


def create_app(parts: Parts) -> FastAPI:
    """Make an application over its parts; who made the parts closes them.

    Args:
        parts: Settings, origin, stores and clock.
    """
    app = FastAPI(
        title="Seatmarket",
        version="1",
        # The framework would make the document on the event loop, and write it for each who asks.
        openapi_url=None,
        # Both pages load scripts from elsewhere.
        docs_url=None,
        redoc_url=None,
        # A redirect would be written from the Host header.
        redirect_slashes=False,
        dependencies=_FOR_ALL,
        routes=_everything().routes,
        # What runs beside requests, as dispatching webhooks, is named by the router that needs it.
        lifespan=_everything().lifespan_context,
        telemetry=telemetry_of(parts.traces),
    )
    settings = parts.settings
    app.state.parts = parts
    app.state.media = open_media(settings)
    app.state.streams = stream_routes.Streams.of(parts)
    if parts.figures is not None:
        streams: Streams = app.state.streams
        parts.figures.watch(parts.mirror, lambda: streams.size, lambda: parts.now)
    app.state.long_bodies = Turns()
    app.state.readiness = health.readiness()
    app.state.watchers = Crowd(
        settings.max_connections, settings.max_watching_of_one, "One account or seat", "recordings"
    )
    answer_with_problems(app, LINKS, (say_quotas, say_common_problems), _WHOLE)
    serve_document(app)
    answer_again(app)
    # Inside the edge, which is added last: an answer that says "later" has its headers too.
    app.add_middleware(Counting, parts=parts)
    app.add_middleware(
        Edge,
        bodies=BodyBounds(settings.max_body_bytes, settings.body_timeout_s),
        long_bodies=(
            LongBody(
                "POST",
                compile_path(recordings.UPLOAD_PATH)[0],
                BodyBounds(settings.max_recording_bytes, settings.upload_timeout_s),
            ),
            LongBody(
                "PUT",
                compile_path(terms_routes.TERMS_PATH)[0],
                BodyBounds(terms_routes.MAX_BODY_BYTES, settings.body_timeout_s),
            ),
            LongBody(
                "PUT",
                compile_path(eligibility.ALLOWLIST_PATH)[0],
                BodyBounds(eligibility.MAX_BODY_BYTES, settings.body_timeout_s),
            ),
        ),
        https=parts.origin.scheme == "https",
        figures=parts.figures,
    )
    return app


@cache
def _everything() -> APIRouter:
    # They hold nothing of one application. FastAPI reads every signature anew for each application
    # that includes them, a fifth of a second, which a second one in this process need not pay.
    every = APIRouter(dependencies=_FOR_ALL, generate_unique_id_function=operation_name)
    for router in _ROUTERS:
        every.include_router(router)
    return every
