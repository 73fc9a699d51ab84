# Minutes of a meeting. Times are already in the zone of the meeting.

opening-title = Opening
opening-begun = The meeting “{ $title }” was opened on { DATETIME($at, dateStyle: "long") } at { DATETIME($at, timeStyle: "short") }.
opening-place = Place: { $place }.
opening-chair = { $name } presided.
opening-secretary = { $name } kept the minutes.
quorum-met = { $present } of { $total } members were present at the opening; { $required } are required: there was a quorum.
quorum-not-met = { $present } of { $total } members were present at the opening; { $required } are required: there was no quorum.

attendance-title = Attendance

item-title = { $number }. { $title }
item-presenter = Presented by { $name }.
item-discussed = Discussed from { DATETIME($from, timeStyle: "short") } to { DATETIME($to, timeStyle: "short") }.
item-speaker = { $name } spoke ({ $minutes ->
    [one] { $minutes } minute
   *[other] { $minutes } minutes
}).
item-conclusion-pending = The item has no conclusion yet.
item-conclusion-under_discussion = The item has no conclusion yet.
item-conclusion-decided = Decided.
item-conclusion-deferred = The item was deferred.
item-conclusion-withdrawn = The item was withdrawn.
item-conclusion-noted = The meeting took note.
item-outcome = Conclusion: { $text }

poll-annulled = The vote was opened at { DATETIME($opened, timeStyle: "short") } and annulled at { DATETIME($annulled, timeStyle: "short") }; it has no result. Reason: { $reason }
poll-quorum-lost = The quorum was lost at { DATETIME($at, timeStyle: "short") } while the vote was open.
step-quorum-holds = Quorum: { $present } of { $total } present, { $required } required: met.
step-quorum-fails = Quorum: { $present } of { $total } present, { $required } required: not met.
step-participation = { $participating } of { $total } took part ({ NUMBER($percent, minimumFractionDigits: 2) } %).
step-base-cast = Counted against the votes for and against: { $votes }.
step-base-cast_with_abstentions = Counted against the votes cast with abstentions: { $votes }.
step-base-valid = Counted against the valid votes: { $votes }.
step-base-present = Counted against the members present: { $votes }.
step-base-entitled = Counted against the members entitled to vote: { $votes }.
step-base-seats = Counted against all members: { $votes }.
step-threshold-more-holds = More than { $numerator }/{ $denominator } required: { $left } > { $right }, reached.
step-threshold-more-fails = More than { $numerator }/{ $denominator } required: { $left } is not more than { $right }, not reached.
step-threshold-at_least-holds = At least { $numerator }/{ $denominator } required: { $left } ≥ { $right }, reached.
step-threshold-at_least-fails = At least { $numerator }/{ $denominator } required: { $left } is less than { $right }, not reached.
step-tie-lost = Tie: not carried.
step-tie-recast = Tie: the vote is repeated.
step-tie-chair-holds = Tie: the side of the chair decides; carried.
step-tie-chair-fails = Tie: the side of the chair decides; not carried.

closing-title = Closing
closing-ended = The meeting was closed on { DATETIME($at, dateStyle: "long") } at { DATETIME($at, timeStyle: "short") }.

mail-greeting = Dear { $name },
mail-neutral-title = a meeting
mail-when = Time: { DATETIME($start, dateStyle: "full") }, { DATETIME($start, timeStyle: "short") } – { DATETIME($end, timeStyle: "short") } ({ $zone })
mail-where = Place: { $place }
mail-open = Open the meeting
mail-invitation-subject = Invitation: { $title }
mail-invitation-text = You are invited to the meeting “{ $title }”. The signed agenda and the papers are on the meeting’s page. Please acknowledge the agenda and say whether you will attend.
mail-agenda_changed-subject = Agenda changed: { $title }
mail-agenda_changed-text = The agenda of the meeting “{ $title }” has a new version ({ $version }). Your acknowledgement of an earlier version no longer counts. Please read the changes and acknowledge it again.
mail-changes = What changed
mail-cancelled-subject = Cancelled: { $title }
mail-cancelled-text = The meeting “{ $title }” will not take place.
mail-reason = Reason: { $reason }
mail-uninvited-subject = Invitation withdrawn: { $title }
mail-uninvited-text = You are no longer invited to the meeting “{ $title }”.
mail-minutes_to_sign-subject = Minutes to sign: { $title }
mail-minutes_to_sign-text = The minutes of the meeting “{ $title }” are ready and wait for your signature.
mail-reminder-subject = Reminder: { $title }
mail-reminder-text = The meeting “{ $title }” takes place soon.

sign-as-secretary = Signed as secretary
sign-as-chair = Signed as chair

# What changed from one version of an agenda to the next; for everybody invited.
change-heading-title = New title: { $title }
change-heading-time = New time: { DATETIME($start, dateStyle: "long") }, { DATETIME($start, timeStyle: "short") } – { DATETIME($end, timeStyle: "short") }
change-heading-place = New place: { $place }
change-added = New item { $number }: { $title }
change-added-restricted = New item { $number } (restricted)
change-removed = Taken off the agenda: { $title }
change-removed-restricted = A restricted item was taken off the agenda
change-moved = Moved: { $title } is now item { $number }
change-moved-restricted = Moved: a restricted item is now item { $number }
change-line-restricted = Item { $number } (restricted) was changed
change-line-title = Item { $number } has a new title: { $value }
change-line-description = Item { $number } ({ $title }): new description
change-line-kind = Item { $number } ({ $title }): now { $value }
change-line-presenter = Item { $number } ({ $title }): presented by { $value }
change-line-minutes = Item { $number } ({ $title }): { $value } minutes
change-line-papers = Item { $number } ({ $title }): { $value }
change-kind-information = for information
change-kind-discussion = for discussion
change-kind-decision = for decision
change-paper-added = new paper “{ $title }”
change-paper-removed = paper “{ $title }” removed
change-paper-changed = new version of “{ $title }”
change-papers-order = papers in another order
mail-alert-subject = Security alert: { $rule }
mail-alert-text = A rule over the audit log calls for your attention: { $rule }. Please open the console, look at what happened, and acknowledge the alert.
mail-alert-denials = many refused requests
mail-alert-failed_sign_ins = repeated failed sign-ins
mail-alert-mass_reading = many papers read in a short time
mail-alert-two_places = one account in two places at once
mail-alert-off_hours = sign-in outside office hours
mail-alert-log_broken = the audit log failed its verification
mail-alert-storage_low = storage is nearly full
mail-alert-guardians = an account of an officer or administrator was touched
