"""With which factor a session was stepped up: it stands on what is signed.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op


revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('session', sa.Column('stepped_up_with', sa.String(length=16), nullable=True))


def downgrade() -> None:
    op.drop_column('session', 'stepped_up_with')
