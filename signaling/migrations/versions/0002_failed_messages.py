"""messages that cannot be built are marked"""

import sqlalchemy as sa

import auth.schema
from alembic import op


revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('outbox', sa.Column('failed_at', auth.schema.UtcDateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column('outbox', 'failed_at')
