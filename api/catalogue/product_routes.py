"""The addresses of products.

Owns paths, cursors, headers and which problems each route names. Refuses rules: `product_shelf`
has them.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Annotated, Final

from fastapi import APIRouter, Path, Query, Response

from api.answers import documented
from api.catalogue.drop_routes import MIRROR_PROBLEMS
from api.catalogue.looking import LevelAsked  # noqa: TC001 - FastAPI reads the annotations
from api.catalogue.product_bodies import ProductsAnswer, WholeProductAnswer, products_answer
from api.catalogue.product_shelf import Asked, shelf, whole_product
from api.cursors import CursorGiven, not_a_cursor, opened, sealed
from api.etags import TagKept, has_current, quoted
from api.places import DEFAULT_PAGE, PageLimit
from api.programme.products import ProductPlace
from api.requests import ApiParts  # noqa: TC001 - FastAPI reads the annotations
from api.wire import Account, Bytes32In  # noqa: TC001 - FastAPI reads the annotations
from indexer.queries import Level
from marketplace.launch.schema import Format  # noqa: TC001 - FastAPI reads the annotations

_REVALIDATE: Final = "no-cache"
"""It may be kept, and has to be asked about: each block may change it."""

router = APIRouter(prefix="/v1/products", tags=["catalogue"])


@router.get("", responses=documented(*MIRROR_PROBLEMS, "invalid_request"))
def list_products(
    parts: ApiParts,
    mentor: Annotated[Account | None, Query(description="Only of this account.")] = None,
    of_format: Annotated[
        Format | None, Query(alias="format", description="Only what is taught in this way.")
    ] = None,
    after: CursorGiven = None,
    limit: PageLimit = DEFAULT_PAGE,
) -> ProductsAnswer:
    """List what mentors sell again and again: the last listed first.

    A product is all drops of one mentor whose published texts have one format and one title. It is
    there while one of them carries, on the chain, a text that was published.
    """
    kind = f"products of {mentor or 'all'}, format {of_format or 'any'}"
    place = None if after is None else ProductPlace.parse(opened(parts, kind, after))
    if place is None and after is not None:
        raise not_a_cursor()
    page = shelf(parts, Asked(mentor, of_format, place, limit))
    behind = None if page.behind is None else page.behind.cursor
    return products_answer(page, sealed(parts, kind, behind))


@router.get(
    "/{product}",
    response_model=WholeProductAnswer,
    responses={
        304: {"description": "The client has it already"},
        **documented(*MIRROR_PROBLEMS, "not_found", "invalid_request"),
    },
)
def show_product(
    product: Annotated[Bytes32In, Path(description="Its id, as lists have it.")],
    parts: ApiParts,
    level: LevelAsked = Level.LATEST,
    if_none_match: TagKept = None,
) -> Response:
    """Show a product: what it is, what sold it, and when."""
    found = WholeProductAnswer.of(whole_product(parts, product, level))
    body = found.model_dump_json().encode()
    headers = {"ETag": quoted(sha256(body).hexdigest()), "Cache-Control": _REVALIDATE}
    if has_current(if_none_match, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)
