"""One module or class at a time, on paths that mirror the source; sockets are closed."""
