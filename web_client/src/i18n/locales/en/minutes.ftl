# Writing, signing and verifying the minutes.
minutes-title = Minutes
minutes-back = To the meeting
minutes-state = { $state ->
    [draft] Draft
    [review] To be signed
   *[signed] Signed
  }
minutes-none = There are no minutes yet
minutes-none-text = They are drafted from the record once the meeting is closed.
minutes-lead = Drafted from the record of the meeting. Complete the text; the results of votes come from the record and cannot be edited.
minutes-section-untitled = Section
minutes-attendance = Attendance
minutes-attendance-note = The document lists who attended from the record; add remarks here if there are any.
minutes-opening = Opening
minutes-closing = Closing
minutes-facts = From the record
minutes-save = Save
minutes-saved = The minutes were saved.
minutes-unsaved = Changes not saved yet. A copy is kept in this tab.
minutes-restored = Unsaved text from this tab was restored.
minutes-restored-discard = Discard it and show the saved text
minutes-review = Finish editing
minutes-review-question = The text is then fixed and made into the document that is signed. Finish editing now?
minutes-review-done = The document is ready to be signed.
minutes-conflict = Somebody else saved the minutes meanwhile
minutes-conflict-text = Nothing of yours is lost. Where both changed a section, choose below which text is to stand; you can edit it before saving.
minutes-conflict-mine = Your text
minutes-conflict-theirs = Saved text
minutes-conflict-use-mine = Keep mine
minutes-conflict-use-theirs = Take the saved one
minutes-conflict-use-both = Keep both
minutes-conflict-open = { $count ->
    [one] One section is still to be decided.
   *[other] { $count } sections are still to be decided.
  }
minutes-document = The document
minutes-open-pdf = Open the minutes (PDF)
minutes-signatures = Signatures
minutes-signed = Signed
minutes-next = { $name } signs next.
minutes-next-you = It is your turn to sign.
minutes-waits = Signs after { $name }
minutes-sign = Sign the minutes
minutes-sign-text = You sign the document as it stands. Open and read it first; your password is asked for once more.
minutes-signed-done = You have signed the minutes.
minutes-complete = All signatures are there.
minutes-pending = Not signed yet
