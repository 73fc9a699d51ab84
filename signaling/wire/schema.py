"""One JSON Schema of the whole wire, from which the client's TypeScript types are generated.

``python -m signaling.wire.schema`` prints it. What a client sends is described as it is validated (fields with a
default may be left out), what the hub sends as it is serialised (every field is there).
"""

import json
import sys
from collections.abc import Iterator
from typing import Literal, get_args

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from signaling.wire import (
    account,
    administration,
    audit,
    base,
    events,
    http,
    identity,
    live,
    media,
    media_view,
    meeting,
    preparation,
    recording,
    table,
)

SENT_BY_CLIENT: tuple[type[BaseModel], ...] = (
    identity.SignIn,
    identity.StepUp,
    identity.SignInCode,
    account.NewPassword,
    account.FirstCode,
    http.NewMeeting,
    http.MeetingPatch,
    http.Invitations,
    http.InvitationAnswer,
    http.ItemBody,
    http.ItemOrder,
    preparation.Copy,
    preparation.PaperPatch,
    preparation.PaperOrder,
    recording.RecordingPolicy,
    http.Transition,
    http.MinutesEdit,
    audit.Comparison,
    audit.Acknowledgement,
    administration.NewAccount,
    administration.AccountDetails,
    administration.AccountRights,
    administration.AccountLock,
    administration.UnitBody,
    administration.SiteBody,
    administration.LookUpLink,
    administration.ChoosePassword,
    *get_args(get_args(live.ClientMessage)[0]),
)
SENT_BY_HUB: tuple[type[BaseModel], ...] = (
    base.Created,
    base.ErrorReply,
    identity.Me,
    identity.SignInAnswer,
    identity.Entrance,
    identity.DemoCode,
    account.Account,
    account.Enrolment,
    account.RecoveryCodes,
    identity.Directory,
    administration.AccountPage,
    administration.AdministeredAccount,
    administration.AccountCounts,
    administration.WelcomeLink,
    administration.PlaceList,
    administration.ImportPlan,
    administration.ImportDone,
    administration.Operations,
    administration.LinkOwner,
    http.MeetingList,
    http.RulesPresets,
    preparation.Checklist,
    preparation.AgendaChanges,
    preparation.Copied,
    preparation.MailList,
    recording.RecordingList,
    http.Minutes,
    http.Verification,
    audit.AuditPage,
    audit.Timeline,
    audit.AuditCheck,
    audit.AuditProgress,
    audit.AlertList,
    audit.AlertInfo,
    audit.AlertCount,
    audit.ExportPreview,
    meeting.Snapshot,
    events.EventEnvelope,
    live.Reply,
    live.Error,
    live.Resync,
    media.RoomChanged,
    media.EndpointClosed,
    media.Moderated,
    media.ActiveSpeaker,
    media_view.LayersWanted,
    live.Ephemeral,
    live.SessionEnded,
    table.ChatPage,
    table.Display,
    table.Shown,
)


def wire_schema() -> dict[str, object]:
    """Return the schema with one definition for each model, sorted: the file differs only if the wire does."""

    def modes() -> Iterator[tuple[type[BaseModel], Literal["validation", "serialization"]]]:
        for model in SENT_BY_CLIENT:
            yield model, "validation"
        for model in SENT_BY_HUB:
            yield model, "serialization"

    _, schema = models_json_schema(list(modes()), title="Plenum wire", by_alias=True)
    definitions = schema["$defs"]
    return {"title": "PlenumWire", "$defs": {name: definitions[name] for name in sorted(definitions)}}


if __name__ == "__main__":
    json.dump(wire_schema(), sys.stdout, indent=1, ensure_ascii=False)
    sys.stdout.write("\n")
