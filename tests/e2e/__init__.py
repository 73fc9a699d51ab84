"""The whole product, driven through real browsers."""
