"""What can go wrong with a database, sorted by what to do about it.

    StorageError
    ├── UnsupportedDatabaseError     the address names something we do not run on: change it
    ├── DatabaseUnreachableError     no answer, no database there, or no connection free in time
    │                                (a retry helps)
    ├── DatabaseDamagedError         what is stored cannot be read any more: restore it
    ├── DatabaseLockedError          nothing was written: somebody else writes (a retry helps)
    │   ├── DatabaseFullError        there is no room for it, or not enough of something else
    │   └── StatementCancelledError  the server broke it off, by a limit of its own or by hand
    ├── ValueRefusedError            a value that its column cannot hold: a bug of the caller
    ├── RowsOrphanedError            a migration would break references: a bug of that step
    └── StoreVersionError            the tables are not those of this program
        ├── StoreMissingError        there are none yet: upgrade
        ├── TableMissingError        one that was asked is not there: upgrade
        ├── StoreOutdatedError       older: back up, upgrade
        ├── StoreTooNewError         newer: run the newer program
        └── StoreForeignError        not ours, or damaged: choose another database

Each has a stable `code`, typed fields and a sentence built from them. No message ever contains a
password: addresses are written by `marketplace.storage.engines.describe`.
"""

from __future__ import annotations

from sqlalchemy.exc import DontWrapMixin

from marketplace.domain.errors import SeatmarketError


class StorageError(SeatmarketError):
    """Something is wrong with a database, not with what was asked of it."""

    code = "storage"


class UnsupportedDatabaseError(StorageError):
    """The database's address names a driver or a form that is not supported."""

    code = "storage_unsupported"

    def __init__(self, fault: str) -> None:
        self.fault = fault
        super().__init__(
            f"This database address cannot be used: {fault}. "
            "Write sqlite:///PATH or postgresql://USER@HOST/NAME.",
        )


class DatabaseUnreachableError(StorageError):
    """The server does not answer, or what answers is not the database that was named."""

    code = "storage_unreachable"
    retry_helps = True

    def __init__(self, database: str, fault: str) -> None:
        self.database = database
        self.fault = fault
        super().__init__(
            f"The database {database} cannot be reached: {fault}. "
            "Check the address and that the server runs or the folder exists, then try again.",
        )


class DatabaseDamagedError(StorageError):
    """The file holds something else than a database wrote."""

    code = "storage_damaged"

    def __init__(self, database: str, fault: str) -> None:
        self.database = database
        self.fault = fault
        super().__init__(
            f"The file of the database {database} is damaged, or no database at all: {fault}. "
            "Restore it from its backup; what was mirrored can be mirrored anew into another one."
        )


class DatabaseLockedError(StorageError):
    """Another connection held the write lock for longer than this one was willing to wait."""

    code = "storage_locked"
    retry_helps = True

    def __init__(self, database: str) -> None:
        self.database = database
        super().__init__(
            f"The database {database} is locked by another process. "
            "Stop the other writer or wait for it to finish, then try again.",
        )


class DatabaseFullError(DatabaseLockedError):
    """It takes no more: the disk is full, or something has a limit; what is there can be read."""

    code = "storage_full"

    def __init__(self, database: str, fault: str) -> None:
        self.database = database
        self.fault = fault
        StorageError.__init__(
            self,
            f"The disk of the database {database} is full, or it takes no more for another "
            f"reason ({fault}). Nothing was written. Make room, then try again.",
        )


class StatementCancelledError(DatabaseLockedError):
    """The server broke a statement off, and its transaction was undone."""

    code = "storage_cancelled"

    def __init__(self, database: str, fault: str) -> None:
        self.database = database
        self.fault = fault
        StorageError.__init__(
            self,
            f"The database {database} has broken off what it was asked ({fault}). Nothing was "
            "done. Let its statement_timeout leave more time, then try again.",
        )


class ValueRefusedError(StorageError, DontWrapMixin, ValueError):
    """A value does not fit its column; refused before the database sees it."""

    code = "storage_value_refused"

    def __init__(self, column_type: str, fault: str) -> None:
        self.column_type = column_type
        self.fault = fault
        super().__init__(f"A {column_type} column cannot hold this value: {fault}.")


class RowsOrphanedError(StorageError):
    """A migration on SQLite would have left rows that refer to nothing."""

    code = "storage_rows_orphaned"

    def __init__(self, database: str, table: str, parent: str) -> None:
        self.database = database
        self.table = table
        self.parent = parent
        super().__init__(
            f"The migration of {database} would have left rows of {table} without their rows of "
            f"{parent}; it was undone and nothing has changed. Report it as a fault of that step.",
        )


class StoreVersionError(StorageError):
    """The tables in the database are not those that this program was written for."""

    code = "storage_version"

    def __init__(self, store: str, database: str, found: str | None, sentence: str) -> None:
        self.store = store
        self.database = database
        self.found = found
        super().__init__(sentence)


class StoreMissingError(StoreVersionError):
    """The database has none of the store's tables."""

    code = "storage_version_missing"

    def __init__(self, store: str, database: str, upgrade: str) -> None:
        super().__init__(
            store,
            database,
            None,
            f"The database {database} has no tables of the {store} store yet. "
            f"Create them with {upgrade}.",
        )


class TableMissingError(StoreVersionError):
    """A statement names a table that the database does not have."""

    code = "storage_table_missing"

    def __init__(self, database: str, fault: str) -> None:
        self.fault = fault
        super().__init__(
            "unknown",
            database,
            None,
            f"The database {database} lacks a table ({fault}). Let the program that owns it create "
            "its tables: `python -m indexer run` for the mirror, `python -m api upgrade` for the "
            "API's own.",
        )


class StoreOutdatedError(StoreVersionError):
    """The store was left by an older program."""

    code = "storage_version_outdated"

    def __init__(self, store: str, database: str, found: str, upgrade: str) -> None:
        super().__init__(
            store,
            database,
            found,
            f"The {store} store in the database {database} is of version {found}, older than this "
            f"program needs. Stop its other users, back it up and bring it up with {upgrade}.",
        )


class StoreTooNewError(StoreVersionError):
    """The store was left by a newer program."""

    code = "storage_version_too_new"

    def __init__(self, store: str, database: str, found: str, newest: str) -> None:
        self.newest = newest
        super().__init__(
            store,
            database,
            found,
            f"The {store} store in the database {database} is of version {found}, and this program "
            f"knows nothing newer than {newest}. Run the program that wrote it, or a later one.",
        )


class StoreForeignError(StoreVersionError):
    """The database belongs to another program, or ours has been damaged."""

    code = "storage_version_foreign"

    def __init__(self, store: str, database: str, found: str | None, fault: str) -> None:
        self.fault = fault
        super().__init__(
            store,
            database,
            found,
            f"The database {database} is no {store} store of this program: {fault}. "
            "Name another database, or restore this one from its backup.",
        )
