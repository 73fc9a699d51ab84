# The page of one meeting: for those invited, and the secretary's desk.
desk-edit-meeting = Edit the meeting
desk-create = Create the meeting
desk-title = Title
desk-title-missing = Give the meeting a title.
desk-start = Begins
desk-end = Ends
desk-time-missing = Enter a date and a time.
desk-end-before-start = The end must come after the beginning.
desk-field-refused = This was not accepted. Please check it.
desk-zone = Time zone
desk-place = Place
desk-language = Language of the meeting
desk-language-hint = Agenda and minutes are written in it.
desk-language-vi = Tiếng Việt
desk-language-en = English
desk-label = Classification
desk-rules = Rules of procedure
desk-description = Description

rules-simple_majority = Simple majority of votes cast
rules-majority_of_present = Majority of those present
rules-absolute_majority = Absolute majority of all members
rules-two_thirds = Two thirds of votes cast
rules-two_thirds_of_all = Two thirds of all members
rules-three_quarters = Three quarters of votes cast
rules-unanimity = Unanimity
rules-government_council = Government council
rules-quorum = Quorum: { $comparison ->
    [more] more than
   *[at_least] at least
  } { $numerator }/{ $denominator } of the members.
rules-threshold = Carried by { $comparison ->
    [more] more than
   *[at_least] at least
  } { $numerator }/{ $denominator } of { $base ->
    [cast] the votes for and against
    [present] the members present
    [entitled] the entitled members
    [seats] all members
   *[valid] the valid votes
  }.
rules-tie = Equal votes: { $tie ->
    [chair] the chair's side decides.
    [recast] the vote is repeated.
   *[lost] not carried.
  }

item-state-under_discussion = Under discussion
item-state-decided = Decided
item-state-deferred = Deferred
item-state-withdrawn = Withdrawn
item-state-noted = Noted
kind-information = For information
kind-discussion = For discussion
kind-decision = For decision
response-invited = No answer yet
response-accepted = Accepted
response-declined = Declined

desk-back = All meetings
desk-your-role = You: { $role }
desk-join = Join
desk-minutes = Minutes
desk-about = About the meeting
desk-agenda = Agenda and papers
desk-people = Invited ({ $count })
desk-enter-early = Enter the room early
desk-when = Time
desk-where = Place
desk-online-only = Online
desk-classification = Classification
desk-reference = Reference
desk-cancelled-because = This meeting was cancelled: { $reason }

agenda-none = No agenda items yet
agenda-none-secretary = Add the first item; papers are attached to items.
agenda-none-text = The secretary is still preparing the agenda.
agenda-add = Add an item
agenda-edit-item = Edit { $title }
agenda-delete-item = Delete { $title }
agenda-delete-question = Delete this item with its papers? This cannot be undone.
agenda-move-up = Move { $title } up
agenda-move-down = Move { $title } down
agenda-drag = Drag to another place
agenda-moved = { $title } is now item { $position }.
agenda-minutes = { $minutes } min
agenda-presenter = Presented by { $name }
agenda-hidden = Restricted item
agenda-hidden-text = Only those named for this item can see it.
agenda-restricted = Restricted
agenda-outcome = Outcome
item-dialog-new = New agenda item
item-dialog-edit = Edit the agenda item
item-title = Title
item-title-missing = Give the item a title.
item-description = Description
item-kind = Kind
item-presenter = Presented by
item-presenter-none = Nobody yet
item-minutes = Time allotted, in minutes
item-minutes-invalid = Enter a whole number from 0 to 1440.
item-restrict = Restricted item
item-restrict-hint = Only those chosen here and the secretary see it; others see a placeholder.
item-readers = Who may see it
item-readers-missing = Choose at least one person.

paper-facts = { $pages ->
    [one] 1 page
   *[other] { $pages } pages
  } · { $size }
paper-version = version { $version }
paper-delete = Delete { $title }
paper-delete-question = Delete this paper? This cannot be undone.
paper-size-kb = { $size } KB
paper-size-mb = { $size } MB
upload-add = Add a paper (PDF)
upload-add-to = Add a paper (PDF) to { $title }
upload-done = { $name } was added.
upload-wrong-type = { $name } is not a PDF file. Save it as PDF, then add it again.
upload-failed = { $name } was not added.

version-title = Signed agenda, version { $number }
version-pdf = Open the agenda (PDF)
version-older = Earlier versions
version-acknowledged = { $done } of { $total } have acknowledged this version
version-who = Who has acknowledged
version-not-yet = Not yet
version-mine = You have acknowledged version { $number }.
version-acknowledge = Acknowledge the agenda
version-acknowledge-text = Confirm that you have received version { $number } of the agenda and its papers.

answer-title = Your invitation
answer-question = Will you attend?
answer-accept = I will attend
answer-decline = I cannot attend
answer-accepted = You said that you will attend.
answer-declined = You said that you cannot attend.
answer-change = Change the answer
answer-reason = Reason
answer-reason-missing = Say briefly why you cannot attend.
answer-send = Send
answer-sent = Your answer was sent.

people-none = Nobody is invited yet
people-edit = Invite people
people-entitled = Votes
people-no-vote = Does not vote
people-reason = Reason: { $reason }
invite-title = Invite people
invite-search = Search the directory
invite-search-hint = By name, title or unit.
invite-results = { $count ->
    [one] One person found
   *[other] { $count } people found
  }
invite-more = And { $count } more: narrow the search.
invite-nobody = Nobody found
invite-chosen = Invited ({ $count })
invite-chosen-none = Choose people from the directory.
invite-role-of = Role of { $name }
invite-add = Invite { $name }
invite-remove = Remove { $name }
invite-save = Save the invitations
invite-saved = The invitations were saved.

checklist-title = Before convening
checklist-title-again = Changes to the agenda
checklist-ready = Everything is ready. Convening signs the agenda and invites everybody.
checklist-missing = Before you can convene:
missing-other = One more thing: { $key }.
desk-convene = Convene the meeting
desk-convene-again = Convene with the changes
desk-convene-again-text = Changes since version { $number } become binding, and are acknowledged anew, when you convene again.
desk-convened = The agenda was signed as version { $number }; everybody invited can see it.
desk-open = Open the meeting
desk-suspend = Suspend
desk-resume = Resume
desk-adjourn = Close the meeting
desk-adjourn-question = Close the meeting for everybody? It cannot be opened again; the minutes come next.
desk-adjourn-undecided = { $count ->
    [one] One agenda item has no conclusion yet. Conclude it in the room now, or afterwards on this page: the minutes cannot be finished without.
   *[other] { $count } agenda items have no conclusion yet. Conclude them in the room now, or afterwards on this page: the minutes cannot be finished without.
  }
undecided-title = { $count ->
    [one] One item without a conclusion
   *[other] { $count } items without a conclusion
  }
undecided-text = The minutes can be finished once every item has a conclusion. An item that was not taken up can be deferred, noted or withdrawn.
desk-cancel = Cancel the meeting
desk-cancel-reason = Reason for cancelling
desk-cancel-reason-missing = Say why the meeting is cancelled; everybody invited reads it.
desk-cancel-confirm = Cancel the meeting for everybody
desk-keep = Do not cancel
desk-archive = Archive the meeting
desk-archive-text = The minutes are signed. Archiving is final: nothing of the meeting changes afterwards.
desk-write-minutes = Write the minutes
