"""The steps that the API's own tables have taken, oldest first.

A step is frozen once it is released: it names plain SQL types and imports nothing of `tables`,
which moves on. A step up never drops what people entered.
"""
