"""directory administration"""

import sqlalchemy as sa

import auth.schema
from alembic import op


revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('welcome_link',
    sa.Column('person_id', sa.String(length=20), nullable=False),
    sa.Column('token_hash', sa.LargeBinary(length=32), nullable=False),
    sa.Column('created_at', auth.schema.UtcDateTime(), nullable=False),
    sa.Column('expires_at', auth.schema.UtcDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_welcome_link_person_id_person')),
    sa.PrimaryKeyConstraint('person_id', name=op.f('pk_welcome_link')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_welcome_link_token_hash'))
    )


def downgrade() -> None:
    op.drop_table('welcome_link')
