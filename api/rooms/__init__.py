"""Telling a room who has to leave, as soon as the mirror knows.

Owns the stream that a room listens to, and ending the admissions of those whom the gate lets in no
longer. A room that does not listen loses nothing but time: its next renewal says the same. Refuses
to let anybody in: `api.sessions` does.
"""
