"""What the OpenAPI document says beyond what FastAPI reads from routes and models.

Owns the page about the whole, the words of members that many answers share, what each value of an
enumeration means, what follows for an operation from its own parameters and credentials, the codes
and headers that it can answer with, and an example of each body. A route's docstring and a model's
field say what is theirs alone, and go before anything said here. Refuses shapes and rules: nothing
here changes what is taken or answered.
"""
