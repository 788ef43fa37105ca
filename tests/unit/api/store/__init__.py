"""The tables that only the API has."""
