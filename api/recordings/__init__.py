"""Recordings of sessions: taken in from mentors, kept twice, shown to those whom the gate lets.

It owns files, their rows and the bytes that leave. It refuses to decide who watches, and to look
into a file: what a mentor says it is, in a type that is on the list, is what it is called.
"""
