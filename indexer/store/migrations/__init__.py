"""The steps that the mirror's tables have taken, oldest first.

A step is frozen once it is released: it names plain SQL types and imports nothing of `tables`,
which moves on. What it must leave behind is tested against `tables`, up and down.
"""
