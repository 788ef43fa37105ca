"""The contract as a pure function: a market, a call and a second give a market or a refusal.

Owns what every function of `ISeats` that changes something does, and in which order it refuses; a
differential test holds it to the contract after every step of random histories. The rules
themselves are those that the rest of the domain uses (`money`, `escrow`, `phases`, `schedule`,
`bounds`). Refuses keccak: who signed what, and which leaf a proof shows, are values here.
"""
