"""The HTTP interface ``/api/v1``: a table of routes, each with its permission, body and answer; handlers by subject."""
