"""The client's wire: every message and body that a browser sends or gets, as pydantic models.

The TypeScript types in ``web_client/src/protocol/generated.ts`` and the OpenAPI document are made from these.
"""
