"""Tests in rooms: unit (no sockets), integration (loopback), conformance, meta, contracts."""
