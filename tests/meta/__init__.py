"""Tests about the repository itself: its locks, limits, links, words and targets."""
