"""All routes of ``/api/v1``."""

from signaling.http import (
    account,
    administration,
    administration_import,
    administration_places,
    audit,
    audit_alerts,
    audit_export,
    chat,
    entrance,
    live,
    meetings,
    operations,
    paper_intake,
    papers,
    preparation,
    recordings,
    records,
    session,
    step_up,
    welcome,
)
from signaling.http.route import Route

PREFIX = "/api/v1"
ROUTES: list[Route] = [
    *administration.ROUTES,
    *administration_places.ROUTES,
    *administration_import.ROUTES,
    *operations.ROUTES,
    *welcome.ROUTES,
    *session.ROUTES,
    *step_up.ROUTES,
    *account.ROUTES,
    *entrance.ROUTES,
    *meetings.ROUTES,
    *preparation.ROUTES,
    *papers.ROUTES,
    *paper_intake.ROUTES,
    *records.ROUTES,
    *recordings.ROUTES,
    *audit.ROUTES,
    *audit_alerts.ROUTES,
    *audit_export.ROUTES,
    *chat.ROUTES,
    *live.ROUTES,
]
