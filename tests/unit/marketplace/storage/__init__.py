"""What both stores stand on."""
