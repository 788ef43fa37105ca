"""One module per revision, named and numbered as it is."""
