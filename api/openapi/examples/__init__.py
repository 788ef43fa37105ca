"""The examples of the OpenAPI document: requests, answers and problems of one story.

Owns the story's values (`story`), what each room's requests and answers show, and real errors of
which the problems are written. Refuses words, codes and headers: its parent has those.
"""
