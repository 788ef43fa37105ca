"""Who may do what, now.

It owns the one decision (`decide`), the values it is made of, and the port through which facts
come. It refuses to look anything up itself, and no other part of the API asks who owns a seat.
"""
