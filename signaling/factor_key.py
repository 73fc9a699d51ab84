"""The key under which secrets of second factors lie in the database: one of the deployment's key store."""

from auth.sealing import FactorSeal
from documents.keys import KeyStore
from documents.model import KeyId

FACTOR_KEY = KeyId("second-factors")


def open_seal(keys: KeyStore) -> FactorSeal:
    """Blocking: return the seal with the deployment's key, which is made at the first start."""
    return FactorSeal(keys.get_or_create(FACTOR_KEY))
