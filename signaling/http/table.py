"""All routes of ``/api/v1``."""

from signaling.http import audit, live, meetings, papers, records, session
from signaling.http.route import Route

PREFIX = "/api/v1"
ROUTES: list[Route] = [
    *session.ROUTES,
    *meetings.ROUTES,
    *papers.ROUTES,
    *records.ROUTES,
    *audit.ROUTES,
    *live.ROUTES,
]
