"""Alembic's environment: runs on the connection that ``store.schema.migrate`` hands over."""

from alembic import context

import auth.audit.tables
import auth.factor_tables
import auth.tables  # noqa: F401
import documents.schema  # noqa: F401
import meetings.schema  # noqa: F401
import signaling.recording.tables
import signaling.store.tables  # noqa: F401
from auth.schema import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
