"""The version of the product, as it was installed."""

from importlib.metadata import PackageNotFoundError, version

try:
    VERSION = version("plenum")
except PackageNotFoundError:  # run from a source tree that was never installed
    VERSION = "0"
