"""Figures to compare with others', measured on demand; `make test` never waits for them."""
