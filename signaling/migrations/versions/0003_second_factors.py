"""second factors"""

import sqlalchemy as sa

import auth.schema
from alembic import op


revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('totp_factor',
    sa.Column('person_id', sa.String(length=20), nullable=False),
    sa.Column('sealed_secret', sa.LargeBinary(), nullable=False),
    sa.Column('enrolled_at', auth.schema.UtcDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_totp_factor_person_id_person')),
    sa.PrimaryKeyConstraint('person_id', name=op.f('pk_totp_factor'))
    )
    op.create_table('totp_enrolment',
    sa.Column('person_id', sa.String(length=20), nullable=False),
    sa.Column('sealed_secret', sa.LargeBinary(), nullable=False),
    sa.Column('begun_at', auth.schema.UtcDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_totp_enrolment_person_id_person')),
    sa.PrimaryKeyConstraint('person_id', name=op.f('pk_totp_enrolment'))
    )
    op.create_table('totp_used',
    sa.Column('person_id', sa.String(length=20), nullable=False),
    sa.Column('counter', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_totp_used_person_id_person')),
    sa.PrimaryKeyConstraint('person_id', 'counter', name=op.f('pk_totp_used'))
    )
    op.create_table('recovery_code',
    sa.Column('person_id', sa.String(length=20), nullable=False),
    sa.Column('code_hash', sa.LargeBinary(length=32), nullable=False),
    sa.Column('used_at', auth.schema.UtcDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_recovery_code_person_id_person')),
    sa.PrimaryKeyConstraint('person_id', 'code_hash', name=op.f('pk_recovery_code'))
    )
    op.create_table('pending_sign_in',
    sa.Column('token_hash', sa.LargeBinary(length=32), nullable=False),
    sa.Column('person_id', sa.String(length=20), nullable=False),
    sa.Column('source', sa.String(length=64), nullable=False),
    sa.Column('expires_at', auth.schema.UtcDateTime(), nullable=False),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_pending_sign_in_person_id_person')),
    sa.PrimaryKeyConstraint('token_hash', name=op.f('pk_pending_sign_in'))
    )
    op.create_table('password_history',
    sa.Column('person_id', sa.String(length=20), nullable=False),
    sa.Column('replaced_at', auth.schema.UtcDateTime(), nullable=False),
    sa.Column('password_hash', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_password_history_person_id_person')),
    sa.PrimaryKeyConstraint('person_id', 'replaced_at', name=op.f('pk_password_history'))
    )


def downgrade() -> None:
    for name in ('password_history', 'pending_sign_in', 'recovery_code', 'totp_used', 'totp_enrolment', 'totp_factor'):
        op.drop_table(name)
