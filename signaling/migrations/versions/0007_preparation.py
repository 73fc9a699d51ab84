"""addresses, mail that is tried again, headings of agendas, order of papers"""

import sqlalchemy as sa

import auth.schema
from alembic import op


revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('person', sa.Column('email', sa.String(length=254), nullable=True))
    op.add_column('agenda_version', sa.Column('heading', sa.Text(), nullable=True))
    op.add_column('paper', sa.Column('position', sa.Integer(), server_default='0', nullable=False))
    op.add_column('outbox', sa.Column('meeting_id', sa.String(length=20), nullable=True))
    op.add_column('outbox', sa.Column('attempts', sa.Integer(), server_default='0', nullable=False))
    op.add_column('outbox', sa.Column('next_at', auth.schema.UtcDateTime(), nullable=True))
    op.add_column('outbox', sa.Column('error', sa.String(length=40), nullable=True))
    with op.batch_alter_table('outbox', schema=None) as batch_op:
        batch_op.create_index('ix_outbox_meeting_id', ['meeting_id'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('outbox', schema=None) as batch_op:
        batch_op.drop_index('ix_outbox_meeting_id')
    for column in ('error', 'next_at', 'attempts', 'meeting_id'):
        op.drop_column('outbox', column)
    op.drop_column('paper', 'position')
    op.drop_column('agenda_version', 'heading')
    op.drop_column('person', 'email')
