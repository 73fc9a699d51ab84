"""Entries as syslog messages (RFC 5424), one a line."""

from auth.audit.entry import Outcome
from auth.audit.ocsf import Product, Told

FACILITY = 13  # log audit, RFC 5424 §6.2.1
NOTICE, WARNING, INFORMATIONAL = 5, 4, 6
NIL = "-"
SD_ID = "plenum@32473"  # RFC 5612: the enterprise number for documentation; the product has none of its own
_SEVERITIES = {Outcome.SUCCESS: INFORMATIONAL, Outcome.FAILURE: NOTICE, Outcome.DENIED: WARNING}


def message(told: Told, product: Product) -> str:
    """Return an entry as one message of RFC 5424 §6, without the line's end."""
    made = told.entry
    priority = FACILITY * 8 + _SEVERITIES[made.outcome]
    at = made.at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    name = made.action.value[:32]
    return f"<{priority}>1 {at} {_header(product.host, 255)} plenum {NIL} {name} {_data(told)} {_text(told)}"


def _header(value: str, length: int) -> str:
    """RFC 5424 §6: printable ASCII without spaces, or nil."""
    return "".join(letter for letter in value if "!" <= letter <= "~")[:length] or NIL


def _data(told: Told) -> str:
    made = told.entry
    values: dict[str, object] = {
        "index": told.index,
        "outcome": made.outcome.value,
        "actor": made.actor,
        "session": made.session,
        "site": made.site,
        "objectType": made.object_type,
        "objectId": made.object_id,
        "address": told.address,
    }
    values |= {f"d_{_header(name, 28)}": value for name, value in told.details.items() if '"' not in name}
    told_values = ((name, value) for name, value in values.items() if value is not None)
    return f"[{SD_ID} " + " ".join(f'{_name(name)}="{_escaped(str(value))}"' for name, value in told_values) + "]"


def _name(name: str) -> str:
    """RFC 5424 §6.3.3: a parameter's name has neither ``=``, ``]`` nor quotes."""
    return "".join(letter for letter in name if letter not in '="]')


def _escaped(value: str) -> str:
    """RFC 5424 §6.3.3: three characters are escaped; a line stays one line."""
    plain = value.replace("\\", "\\\\").replace('"', '\\"').replace("]", "\\]")
    return "".join(letter if letter.isprintable() else " " for letter in plain)


def _text(told: Told) -> str:
    """Return the free text, which begins with the mark of UTF-8 (RFC 5424 §6.4)."""
    who = told.actor_name or told.entry.actor or "plenum"
    what = told.object_name or told.entry.object_id or ""
    return "\ufeff" + _line(f"{who}: {told.entry.action.value} {what}".strip())


def _line(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text)
