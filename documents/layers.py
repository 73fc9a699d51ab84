"""Optional content (layers) of a PDF: which is hidden when the file is opened, and its removal (ISO 32000-2 §8.11).

After :func:`drop_hidden_layers` the file has no layers: what was visible stays for good, what was hidden is gone.
"""

from collections.abc import Sequence

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Stream

MAX_DEPTH = 32
Instruction = pikepdf.ContentStreamInstruction | pikepdf.ContentStreamInlineImage
Group = tuple[int, int]


class Layers:
    """Answers whether an optional content group or membership dictionary is visible in the default view."""

    def __init__(self, properties: Object | None) -> None:
        self._hidden: set[Group] = set()
        if isinstance(properties, Dictionary):
            self._hidden = _hidden_groups(properties)

    def hides(self, content: Object | None, depth: int = 0) -> bool:
        """Say whether ``content`` (an OCG, an OCMD, or nothing) is hidden; what cannot be understood is hidden."""
        if not isinstance(content, Dictionary):
            return False
        if content.get(Name.Type) != Name.OCMD:
            return content.objgen in self._hidden
        expression = content.get(Name.VE)
        if isinstance(expression, Array):
            return not self._holds(expression, depth)
        return not self._policy_holds(content)

    def _policy_holds(self, membership: Object) -> bool:
        groups = membership.get(Name.OCGs)
        listed = list(groups.as_list()) if isinstance(groups, Array) else [groups]
        visible = [not self.hides(each, MAX_DEPTH) for each in listed if isinstance(each, Dictionary)]
        if not visible:
            return True
        policy = str(membership.get(Name.P, Name.AnyOn))
        table = {"/AllOn": all(visible), "/AnyOn": any(visible), "/AnyOff": not all(visible)}
        return table.get(policy, not any(visible))

    def _holds(self, expression: Object, depth: int) -> bool:
        """Evaluate a visibility expression (§8.11.2.2)."""
        if depth > MAX_DEPTH:
            return False
        operator, *operands = expression.as_list()
        values = [
            self._holds(each, depth + 1) if isinstance(each, Array) else not self.hides(each, depth + 1)
            for each in operands
        ]
        if operator == Name.Not:
            return not any(values)
        return all(values) if operator == Name.And else any(values)


def drop_hidden_layers(pdf: pikepdf.Pdf) -> None:
    """Remove hidden content from all pages and forms, then all traces of layers from the file."""
    layers = Layers(pdf.Root.get("/OCProperties"))
    if "/OCProperties" in pdf.Root:
        for page in pdf.pages:
            resources = page.obj.get(Name.Resources)
            page.contents_coalesce()
            _filter_stream(pdf, page.obj.get(Name.Contents), resources, layers)
            _drop_hidden_annotations(page.obj, layers)
        for each in pdf.objects:
            if isinstance(each, Stream) and Name.OC in each and layers.hides(each.get(Name.OC)):
                _empty(pdf, each)
            elif isinstance(each, Stream) and each.get(Name.Subtype) == Name.Form:
                _filter_stream(pdf, each, each.get(Name.Resources), layers)
        del pdf.Root["/OCProperties"]


def _hidden_groups(properties: Object) -> set[Group]:
    default = properties.get(Name.D)
    groups = properties.get(Name.OCGs)
    hidden: set[Group] = set()
    if not isinstance(default, Dictionary):
        return hidden
    if default.get("/BaseState") == Name.OFF and isinstance(groups, Array):
        hidden |= {each.objgen for each in groups.as_list()}
    on, off = default.get("/ON"), default.get("/OFF")
    if isinstance(on, Array):
        hidden -= {each.objgen for each in on.as_list()}
    if isinstance(off, Array):
        hidden |= {each.objgen for each in off.as_list()}
    return hidden


def _drop_hidden_annotations(page: Object, layers: Layers) -> None:
    annotations = page.get(Name.Annots)
    if isinstance(annotations, Array):
        kept = [each for each in annotations.as_list() if not layers.hides(each.get(Name.OC))]
        page[Name.Annots] = Array(kept)


def _filter_stream(pdf: pikepdf.Pdf, stream: Object | None, resources: Object | None, layers: Layers) -> None:
    """Rewrite one content stream without the marked content that is hidden."""
    if not isinstance(stream, Stream):
        return
    named = resources.get(Name.Properties) if isinstance(resources, Dictionary) else None
    if not isinstance(named, Dictionary):
        return
    kept = _visible(pikepdf.parse_content_stream(stream), named, layers)
    stream.write(pikepdf.unparse_content_stream(kept))


def _visible(instructions: Sequence[Instruction], named: Object, layers: Layers) -> list[Instruction]:
    """Drop what stands between a hidden ``/OC … BDC`` and its ``EMC``, nested marked content included."""
    kept: list[Instruction] = []
    hidden_depth = 0
    for each in instructions:
        operator = str(each.operator)
        if hidden_depth:
            hidden_depth += {"BDC": 1, "BMC": 1, "EMC": -1}.get(operator, 0)
            continue
        if operator == "BDC" and len(each.operands) == 2 and each.operands[0] == Name.OC:
            group = each.operands[1]
            content = named.get(str(group)) if isinstance(group, Name) else group
            if layers.hides(content):
                hidden_depth = 1
                continue
        kept.append(each)
    return kept


def _empty(pdf: pikepdf.Pdf, stream: Object) -> None:
    """Turn a hidden XObject into a form that draws nothing."""
    for key in list(stream.keys()):
        if key != "/Length":
            del stream[key]
    stream.write(b"")
    stream[Name.Type] = Name.XObject
    stream[Name.Subtype] = Name.Form
    stream["/BBox"] = Array([0, 0, 0, 0])
