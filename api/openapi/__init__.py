"""What the OpenAPI document says in words, beyond what FastAPI reads from routes and models.

Owns the page about the whole, the words of members that many answers share, what each value of an
enumeration means, and what follows for an operation from its own parameters and credentials. A
route's docstring and a model's field say what is theirs alone, and go before anything said here.
Refuses shapes and rules: nothing here changes what is taken or answered.
"""
