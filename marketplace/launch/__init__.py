"""A launch file: one readable TOML text that says what a mentor sells, and under which terms.

Owns reading it, finding all its faults at once, the canonical terms with their hash, and the plan
of what a launch would do. docs/launch-file.md describes every field.

Refuses to reach a chain: whoever launches passes what comes out of here to `marketplace.chain`.
Refuses defaults for money and time: what the file does not say is not promised.
"""
