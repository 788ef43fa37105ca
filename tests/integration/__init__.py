"""Several parts together, over files, databases and loopback sockets of this machine."""
