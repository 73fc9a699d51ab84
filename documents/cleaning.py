"""Rewriting a PDF to what is visible on its pages: lists of what may stay, not of what must go.

Kept: page content, tagging, outlines and links inside the document, the language. Comments and filled forms become part
of the page. Gone: JavaScript, XFA and forms, every action but a jump inside the document, attachments, multimedia,
hidden layers, metadata, thumbnails, private data, references to other files, old revisions.
"""

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Stream

from .layers import drop_hidden_layers

# fmt: off
CATALOG_KEYS = frozenset([
    "/Type", "/Pages", "/Lang", "/Outlines", "/Dests", "/Names", "/PageLabels", "/MarkInfo", "/StructTreeRoot",
    "/OutputIntents",
])
PAGE_KEYS = frozenset([
    "/Type", "/Parent", "/Resources", "/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox", "/Contents",
    "/Rotate", "/Group", "/Annots", "/UserUnit", "/StructParents", "/Tabs",
])
# Removed from every dictionary: actions, scripts, files, layers, metadata, private data, alternate images.
FORBIDDEN_KEYS = (
    "/AA", "/JS", "/AF", "/EF", "/OC", "/OPI", "/PieceInfo", "/Metadata", "/LastModified", "/Thumb", "/Alternates",
    "/PA", "/Ref", "/RF", "/XFA", "/RichMediaContent", "/3DD", "/Movie", "/Sound",
)
# fmt: on
FILE_STREAM_KEYS = ("/F", "/FFilter", "/FDecodeParms")  # a stream whose data lies in another file
MAX_NESTING = 100


def clean(pdf: pikepdf.Pdf) -> None:
    """Reduce ``pdf`` in place; saving it then writes only what is still reachable. Raises what pikepdf raises."""
    drop_hidden_layers(pdf)
    _flatten(pdf)
    _keep_only(pdf.Root, CATALOG_KEYS)
    _keep_named_destinations(pdf.Root)
    if "/Info" in pdf.trailer:
        del pdf.trailer["/Info"]
    for page in pdf.pages:
        _keep_only(page.obj, PAGE_KEYS)
        _keep_internal_links(page.obj)
    for each in pdf.objects:
        if isinstance(each, Stream):
            for key in FILE_STREAM_KEYS:
                _drop(each, key)
        _strip(each, 0)


def _flatten(pdf: pikepdf.Pdf) -> None:
    """Draw form fields and comments into the pages as they look, without those that do not show on screen."""
    form = pdf.Root.get("/AcroForm")
    if isinstance(form, Dictionary) and "/NeedAppearances" in form:
        pdf.generate_appearance_streams()
    pdf.flatten_annotations("screen")


def _keep_only(holder: Object, allowed: frozenset[str]) -> None:
    for key in list(holder.keys()):
        if key not in allowed:
            del holder[key]


def _keep_named_destinations(root: Object) -> None:
    names = root.get(Name.Names)
    if isinstance(names, Dictionary):
        _keep_only(names, frozenset(["/Dests"]))
    else:
        _drop(root, "/Names")


def _keep_internal_links(page: Object) -> None:
    annotations = page.get(Name.Annots)
    if not isinstance(annotations, Array):
        _drop(page, "/Annots")
        return
    kept = [each for each in annotations.as_list() if _is_internal_link(each)]
    page[Name.Annots] = Array(kept)


def _is_internal_link(annotation: Object) -> bool:
    if not isinstance(annotation, Dictionary) or annotation.get(Name.Subtype) != Name.Link:
        return False
    return Name.Dest in annotation or _is_jump(annotation.get(Name.A))


def _is_jump(action: Object | None) -> bool:
    return isinstance(action, Dictionary) and action.get(Name.S) == Name.GoTo and Name.D in action


def _strip(value: Object, nesting: int) -> None:
    """Remove forbidden keys from a dictionary and all that lies directly in it; indirect objects come by themselves."""
    if nesting > MAX_NESTING:
        raise ValueError("the PDF is nested too deeply")
    if isinstance(value, Array):
        children = list(value.as_list())
    elif isinstance(value, (Dictionary, Stream)):
        for key in FORBIDDEN_KEYS:
            _drop(value, key)
        _reduce_action(value)
        children = [value[key] for key in list(value.keys())]
    else:
        return
    for child in children:
        if isinstance(child, (Array, Dictionary)) and not child.is_indirect:
            _strip(child, nesting + 1)


def _reduce_action(holder: Object) -> None:
    """``/A`` is an action in links and outlines and attributes in structure elements: keep jumps and attributes."""
    action = holder.get(Name.A)
    if not isinstance(action, Dictionary) or Name.S not in action:
        return
    if _is_jump(action):
        holder[Name.A] = Dictionary(S=Name.GoTo, D=action[Name.D])
    else:
        del holder[Name.A]


def _drop(holder: Object, key: str) -> None:
    if key in holder:
        del holder[key]
