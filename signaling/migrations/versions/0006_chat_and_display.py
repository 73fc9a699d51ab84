"""chat and display"""

import sqlalchemy as sa

import auth.schema
from alembic import op


revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('sitting',
    sa.Column('meeting_id', sa.String(), nullable=False),
    sa.Column('chat_open', sa.Boolean(), nullable=False),
    sa.Column('floor_open', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_sitting_meeting_id_meeting')),
    sa.PrimaryKeyConstraint('meeting_id', name=op.f('pk_sitting'))
    )
    op.create_table('chat_message',
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('meeting_id', sa.String(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('author_id', sa.String(length=20), nullable=False),
    sa.Column('audience', sa.String(), nullable=False),
    sa.Column('recipient_id', sa.String(length=20), nullable=True),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('sent_at', auth.schema.UtcDateTime(), nullable=False),
    sa.Column('removed_at', auth.schema.UtcDateTime(), nullable=True),
    sa.Column('removed_by', sa.String(length=20), nullable=True),
    sa.ForeignKeyConstraint(['author_id'], ['person.id'], name=op.f('fk_chat_message_author_id_person')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_chat_message_meeting_id_meeting')),
    sa.ForeignKeyConstraint(['recipient_id'], ['person.id'], name=op.f('fk_chat_message_recipient_id_person')),
    sa.ForeignKeyConstraint(['removed_by'], ['person.id'], name=op.f('fk_chat_message_removed_by_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_chat_message')),
    sa.UniqueConstraint('meeting_id', 'number', name=op.f('uq_chat_message_meeting_id_number'))
    )
    op.create_table('announcement',
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('meeting_id', sa.String(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('made_by', sa.String(length=20), nullable=False),
    sa.Column('made_at', auth.schema.UtcDateTime(), nullable=False),
    sa.Column('withdrawn_at', auth.schema.UtcDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['made_by'], ['person.id'], name=op.f('fk_announcement_made_by_person')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_announcement_meeting_id_meeting')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_announcement'))
    )
    with op.batch_alter_table('announcement', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_announcement_meeting_id'), ['meeting_id'], unique=False)
    with op.batch_alter_table('poll', schema=None) as batch_op:
        batch_op.add_column(sa.Column('closes_at', auth.schema.UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column('state_reason', sa.Text(), server_default='', nullable=False))


def downgrade() -> None:
    with op.batch_alter_table('poll', schema=None) as batch_op:
        batch_op.drop_column('state_reason')
        batch_op.drop_column('closes_at')
    with op.batch_alter_table('announcement', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_announcement_meeting_id'))
    op.drop_table('announcement')
    op.drop_table('chat_message')
    op.drop_table('sitting')
