"""recording"""

import sqlalchemy as sa

import auth.schema
from alembic import op


revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('recording_policy',
    sa.Column('meeting_id', sa.String(), nullable=False),
    sa.Column('allowed', sa.Boolean(), nullable=False),
    sa.Column('set_by', sa.String(length=20), nullable=False),
    sa.Column('set_at', auth.schema.UtcDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_recording_policy_meeting_id_meeting')),
    sa.ForeignKeyConstraint(['set_by'], ['person.id'], name=op.f('fk_recording_policy_set_by_person')),
    sa.PrimaryKeyConstraint('meeting_id', name=op.f('pk_recording_policy'))
    )
    op.create_table('recording',
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.Column('meeting_id', sa.String(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('label', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('parts', sa.Integer(), nullable=False),
    sa.Column('started_at', auth.schema.UtcDateTime(), nullable=False),
    sa.Column('started_by', sa.String(length=20), nullable=False),
    sa.Column('stopped_at', auth.schema.UtcDateTime(), nullable=True),
    sa.Column('stopped_by', sa.String(length=20), nullable=True),
    sa.Column('reason', sa.String(length=20), nullable=True),
    sa.Column('manifest_blob', sa.String(length=32), nullable=True),
    sa.Column('manifest_key', sa.String(length=32), nullable=True),
    sa.Column('manifest_size', sa.Integer(), nullable=True),
    sa.Column('manifest_sha256', sa.String(length=64), nullable=True),
    sa.Column('deleted_at', auth.schema.UtcDateTime(), nullable=True),
    sa.Column('deleted_by', sa.String(length=20), nullable=True),
    sa.Column('purged_at', auth.schema.UtcDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['deleted_by'], ['person.id'], name=op.f('fk_recording_deleted_by_person')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_recording_meeting_id_meeting')),
    sa.ForeignKeyConstraint(['started_by'], ['person.id'], name=op.f('fk_recording_started_by_person')),
    sa.ForeignKeyConstraint(['stopped_by'], ['person.id'], name=op.f('fk_recording_stopped_by_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recording')),
    sa.UniqueConstraint('meeting_id', 'number', name=op.f('uq_recording_meeting_id_number'))
    )
    with op.batch_alter_table('recording', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_recording_meeting_id'), ['meeting_id'], unique=False)
    op.create_table('recording_file',
    sa.Column('recording_id', sa.String(length=20), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('part', sa.Integer(), nullable=False),
    sa.Column('part_began_at', auth.schema.UtcDateTime(), nullable=False),
    sa.Column('owner_id', sa.String(length=20), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('source', sa.String(length=20), nullable=False),
    sa.Column('kind', sa.String(length=5), nullable=False),
    sa.Column('key_id', sa.String(length=32), nullable=False),
    sa.Column('first_ms', sa.BigInteger(), nullable=True),
    sa.Column('last_ms', sa.BigInteger(), nullable=True),
    sa.Column('losses', sa.Integer(), nullable=True),
    sa.Column('size', sa.BigInteger(), nullable=True),
    sa.Column('sha256', sa.String(length=64), nullable=True),
    sa.Column('complete', sa.Boolean(), nullable=True),
    sa.ForeignKeyConstraint(['owner_id'], ['person.id'], name=op.f('fk_recording_file_owner_id_person')),
    sa.ForeignKeyConstraint(['recording_id'], ['recording.id'], name=op.f('fk_recording_file_recording_id_recording')),
    sa.PrimaryKeyConstraint('recording_id', 'number', name=op.f('pk_recording_file'))
    )


def downgrade() -> None:
    op.drop_table('recording_file')
    with op.batch_alter_table('recording', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_recording_meeting_id'))
    op.drop_table('recording')
    op.drop_table('recording_policy')
