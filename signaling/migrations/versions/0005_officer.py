"""officer"""

import sqlalchemy as sa

import auth.schema
from alembic import op


revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

INDEX = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    # Plain ALTER TABLE: a log of a million entries is not copied.
    op.add_column('audit_entry', sa.Column('session', sa.String(length=128), nullable=True))
    op.add_column('audit_entry', sa.Column('site', sa.String(length=128), nullable=True))
    op.add_column('audit_detail', sa.Column('source', sa.String(length=64), nullable=True))
    op.add_column('audit_detail', sa.Column('person', sa.String(length=128), nullable=True))
    op.execute(
        "UPDATE audit_entry SET session = json_extract(CAST(leaf AS TEXT), '$.session'), "
        "site = json_extract(CAST(leaf AS TEXT), '$.site')"
    )
    op.execute(
        "UPDATE audit_detail SET "
        "source = substr(coalesce(json_extract(details, '$.address'), json_extract(details, '$.source')), 1, 64), "
        "person = substr(json_extract(details, '$.person'), 1, 128)"
    )
    op.create_index('ix_audit_entry_outcome', 'audit_entry', ['outcome', 'entry_index'], unique=False)
    op.create_index('ix_audit_entry_session', 'audit_entry', ['session', 'entry_index'], unique=False)
    op.create_index('ix_audit_entry_site', 'audit_entry', ['site', 'entry_index'], unique=False)
    op.create_index('ix_audit_detail_source', 'audit_detail', ['source', 'entry_index'], unique=False)
    op.create_index('ix_audit_detail_person', 'audit_detail', ['person', 'entry_index'], unique=False)
    op.create_table('audit_watch',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('next_index', INDEX, nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_watch'))
    )
    op.create_table('audit_alert',
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.Column('rule', sa.String(length=32), nullable=False),
    sa.Column('about', sa.String(length=128), nullable=False),
    sa.Column('first_at', auth.schema.UtcDateTime(), nullable=False),
    sa.Column('last_at', auth.schema.UtcDateTime(), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.Column('evidence', sa.Text(), nullable=False),
    sa.Column('last_index', INDEX, nullable=False),
    sa.Column('acknowledged_at', auth.schema.UtcDateTime(), nullable=True),
    sa.Column('acknowledged_by', sa.String(length=20), nullable=True),
    sa.Column('note', sa.Text(), server_default='', nullable=False),
    sa.ForeignKeyConstraint(['acknowledged_by'], ['person.id'], name=op.f('fk_audit_alert_acknowledged_by_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_alert'))
    )
    with op.batch_alter_table('audit_alert', schema=None) as batch_op:
        batch_op.create_index('ix_audit_alert_about', ['rule', 'about', 'last_index'], unique=False)
        batch_op.create_index('ix_audit_alert_state', ['acknowledged_at', 'last_at'], unique=False)
        batch_op.create_index(
            'uq_audit_alert_open', ['rule', 'about'], unique=True, sqlite_where=sa.text('acknowledged_at IS NULL')
        )


def downgrade() -> None:
    op.drop_table('audit_alert')
    op.drop_table('audit_watch')
    for name in ('source', 'person'):
        op.drop_index(f'ix_audit_detail_{name}', table_name='audit_detail')
        op.drop_column('audit_detail', name)
    for name in ('outcome', 'session', 'site'):
        op.drop_index(f'ix_audit_entry_{name}', table_name='audit_entry')
    for name in ('session', 'site'):
        op.drop_column('audit_entry', name)
