"""The ground that both stores stand on: engines, transactions, column types, migrations.

It owns how a database is opened, how a transaction begins and ends, how values that SQL has no
type for are kept, and how one history of migrations is run. It refuses to know any table: the
mirror's are in `indexer.store`, the API's own in `api.store`. Inside `marketplace`, SQLAlchemy and
Alembic are imported here and nowhere else.
"""
