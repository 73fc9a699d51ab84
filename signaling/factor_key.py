"""The key under which secrets of second factors lie in the database: one of the deployment's key store."""

import secrets

from auth.sealing import FactorSeal
from documents.keys import KEY_BYTES, KeyStore
from documents.model import KeyId

FACTOR_KEY = KeyId("second-factors")


def open_seal(keys: KeyStore) -> FactorSeal:
    """Blocking: return the seal with the deployment's key, which is made at the first start."""
    if not keys.exists(FACTOR_KEY):
        keys.store(FACTOR_KEY, secrets.token_bytes(KEY_BYTES))
    return FactorSeal(keys.get(FACTOR_KEY))
