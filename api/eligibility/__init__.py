"""Whether an account may mint in a phase: its proof, what it would pay, and what stands against it.

Owns published allowlists and the question. Refuses to prepare the mint itself: `api.actions` does.
"""
