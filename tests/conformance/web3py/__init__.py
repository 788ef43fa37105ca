"""web3.py's side of the suite."""
