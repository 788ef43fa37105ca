"""What the two stores share: column types, transactions and migrations on real databases."""
