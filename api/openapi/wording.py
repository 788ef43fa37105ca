"""Putting all words into a document.

Owns the order: values are listed behind what a member is said to be. Refuses words of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.openapi.about import say_about
from api.openapi.operations import say_operations
from api.openapi.values import say_values
from api.openapi.words import say_members

if TYPE_CHECKING:
    from api.openapi.schemas import Json


def say_words(document: Json) -> None:
    """Describe what routes and models leave undescribed, in a document that has its short names."""
    for say in (say_about, say_operations, say_members, say_values):
        say(document)
