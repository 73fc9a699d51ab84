# Preparing a meeting: order, papers, what changed, checklist, mail.
agenda-grip = Move { $title }
agenda-how = Drag to another place, or press Alt with the up or down arrow.
agenda-total = { $minutes } minutes in all
agenda-over = { $minutes ->
    [one] One minute longer than the meeting
   *[other] { $minutes } minutes longer than the meeting
  }

copy-open = Copy from…
copy-title = Copy from an earlier meeting
copy-from = Meeting
copy-none = There is no other meeting to copy from.
copy-agenda = Agenda items
copy-agenda-hint = Without papers and outcomes; appended to the items that are there.
copy-invitees = Invited people, with their roles
copy-confirm = Copy
copy-done = Copied: { $items } items, { $people } people.

upload-list = Papers on their way to { $title }
upload-drop-hint = PDF files can also be dropped onto an item, or all at once onto the agenda.
upload-version = Upload a new version (PDF)
upload-version-of = Upload a new version of { $title } (PDF)
upload-waiting = { $name } waits for its turn
upload-sending = Uploading { $name }
upload-checking = { $name } arrived and is being checked…
upload-cancel = Cancel the upload of { $name }
upload-retry = Try again: { $name }
upload-dismiss = Close: { $name }
assign-title = { $count ->
    [one] Which item does this paper belong to?
   *[other] Which item does each of these { $count } papers belong to?
  }
assign-none = Do not upload
assign-upload = Upload
paper-change = Change { $title }
paper-title-missing = Give the paper a title.
paper-item = Agenda item
paper-place = Place among the papers of the item

change-none = Nothing changed.
change-none-since = Nothing changed since version { $number }.
change-since = Changed since version { $number }
change-added = New:
change-removed = Taken off:
change-changed = Changed:
change-moved = Moved:
change-before = Before:
change-after = Now:
change-field-title = Title
change-field-time = Time
change-field-place = Place
change-field-description = Description
change-field-kind = Kind
change-field-presenter = Presented by
change-field-minutes = Time allotted
change-field-restricted = Restricted
change-field-paper-added = New paper
change-field-paper-removed = Paper removed
change-field-paper-version = New version of the paper
change-field-paper-title = Title of the paper
change-yes = yes
change-no = no
version-number = Version { $number }
version-acknowledge-again = The agenda has changed. An earlier acknowledgement no longer counts: confirm that you have received version { $number }.

checklist-advice = Worth a look:
finding-empty-agenda = Put at least one item on the agenda.
finding-no-chair = Name exactly one chair.
finding-nobody-votes = Name at least one member who votes.
finding-meeting-over = Choose a time that is still to come.
finding-item-for-nobody = Item { $number }, “{ $title }”, is restricted but names nobody.
finding-paper-in-checking = { $count ->
    [one] One paper is still on its way.
   *[other] { $count } papers are still on their way.
  }
finding-decision-without-paper = Item { $number }, “{ $title }”, is to be decided but has no paper.
finding-agenda-too-long = { $count ->
    [one] The agenda is one minute longer than the meeting.
   *[other] The agenda is { $count } minutes longer than the meeting.
  }
finding-no-address = { $name } has no e-mail address and will not be told by mail.

desk-calendar = Add to my calendar
home-waiting-answer = Say whether you will attend

mail-title = Mail
mail-sent = { $count } sent
mail-written = { $count } written
mail-waiting = { $count } waiting
mail-failed = { $count } not delivered
mail-by-file = No mail server is set up: letters are written as files for the organisation’s mail system.
mail-again = Try again
mail-again-done = The letters go out again now.
mail-error-no-address = no e-mail address
mail-error-unbuildable = the letter could not be written
mail-error-smtp-refused = refused by the mail server
mail-error-smtp-deferred = put off by the mail server; tried again by itself
mail-error-smtp-unreachable = the mail server cannot be reached; tried again by itself
mail-error-smtp-sign-in = the mail server does not accept our sign-in
mail-error-smtp-certificate = the mail server’s certificate cannot be trusted
mail-error-smtp-sender = the mail server does not accept our sender
mail-error-other = not delivered
