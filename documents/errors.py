"""Errors of documents.

::

    DocumentError                   base; never raised itself
    ├── UploadError                 the request body; never raised itself
    │   ├── UploadTooLarge
    │   └── UploadMalformed
    ├── IntakeError                 the file; never raised itself
    │   ├── FileTooLarge
    │   ├── WrongFileType
    │   ├── PdfBroken
    │   ├── PdfEncrypted
    │   ├── PdfTooManyPages
    │   └── PdfBomb
    ├── WorkFailed                  the worker died or its function failed
    │   ├── WorkTimedOut
    │   └── WorkersBusy
    ├── SealError                   never raised itself
    │   ├── SealBroken              stored bytes were altered, swapped, cut, or belong to something else
    │   ├── BlobMissing
    │   ├── KeyMissing
    │   └── KeyDestroyed
    ├── RenderFailed
    ├── SigningFailed
    ├── NotAccepted                 a signed document or manifest does not hold
    ├── PaperNotFound
    ├── BadPaperOrder
    ├── VersionTaken
    └── RecordNotFound
"""


class DocumentError(Exception):
    """Base of all errors of this folder; ``code`` is stable and may be shown, logged and translated."""

    code = "document_error"


class UploadError(DocumentError):
    """Base of what can be wrong with an upload's request body."""

    code = "upload_error"


class UploadTooLarge(UploadError):
    """The upload passes the size limit; send a smaller file."""

    code = "upload_too_large"


class UploadMalformed(UploadError):
    """The request body is not one file in multipart/form-data; send it again."""

    code = "upload_malformed"


class IntakeError(DocumentError):
    """Base of what can be wrong with a file."""

    code = "file_refused"


class FileTooLarge(IntakeError):
    """The file passes the size limit; make it smaller, for instance by reducing its images."""

    code = "file_too_large"


class WrongFileType(IntakeError):
    """Only PDF files are accepted, by name and by content; save the file as PDF."""

    code = "file_type_refused"


class PdfBroken(IntakeError):
    """The PDF is cut off or damaged; save it again from its source."""

    code = "pdf_broken"


class PdfEncrypted(IntakeError):
    """The PDF is protected by a password; save it without one."""

    code = "pdf_encrypted"


class PdfTooManyPages(IntakeError):
    """The PDF has more pages than allowed; split it."""

    code = "pdf_too_many_pages"


class PdfBomb(IntakeError):
    """The PDF unpacks to far more than it seems; save it again from its source."""

    code = "pdf_bomb"


class WorkFailed(DocumentError):
    """The document could not be processed; try again, and tell the administrator if it fails twice."""

    code = "work_failed"


class WorkTimedOut(WorkFailed):
    """Processing took too long and was stopped; the document is too complicated."""

    code = "work_timed_out"


class WorkersBusy(WorkFailed):
    """Too many documents wait to be processed; try again in a moment."""

    code = "workers_busy"


class SealError(DocumentError):
    """Base of what can be wrong with a stored document."""

    code = "seal_error"


class SealBroken(SealError):
    """The stored bytes are not those that were stored; restore them from a backup and tell the security officer."""

    code = "seal_broken"


class BlobMissing(SealError):
    """The stored document is gone; restore it from a backup."""

    code = "blob_missing"


class KeyMissing(SealError):
    """The document's key is not in the key store; restore the key store from its own backup."""

    code = "key_missing"


class KeyDestroyed(SealError):
    """The document's key was destroyed on purpose; its content can never be read again."""

    code = "key_destroyed"


class RenderFailed(DocumentError):
    """The document could not be laid out; tell the administrator."""

    code = "render_failed"


class SigningFailed(DocumentError):
    """The signature could not be made: the field is missing or signed, or a certificate is not valid now."""

    code = "signing_failed"


class NotAccepted(DocumentError):
    """The signatures under this document do not hold; do not rely on it. ``reason`` says why, for the log."""

    code = "signature_not_accepted"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class PaperNotFound(DocumentError):
    """There is no such paper or version, or it was removed."""

    code = "paper_not_found"


class BadPaperOrder(DocumentError):
    """The order does not name the papers of the item, each once; read the page again."""

    code = "bad_paper_order"


class VersionTaken(DocumentError):
    """Somebody else saved this version a moment ago; load it, then try again."""

    code = "version_taken"


class RecordNotFound(DocumentError):
    """There is no such record."""

    code = "record_not_found"
