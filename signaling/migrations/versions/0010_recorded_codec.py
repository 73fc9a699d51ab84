"""In which codec a file of a recording is: not all are WebM any more.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa

from alembic import op


revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('recording_file', sa.Column('codec', sa.String(length=20), nullable=True))


def downgrade() -> None:
    op.drop_column('recording_file', 'codec')
