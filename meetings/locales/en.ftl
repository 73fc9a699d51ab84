# Minutes of a meeting. Times are already in the zone of the meeting.

opening-title = Opening
opening-begun = The meeting “{ $title }” was opened on { DATETIME($at, dateStyle: "long") } at { DATETIME($at, timeStyle: "short") }.
opening-place = Place: { $place }.
opening-chair = { $name } presided.
opening-secretary = { $name } kept the minutes.
quorum-met = { $present } of { $total } members were present at the opening; { $required } are required: there was a quorum.
quorum-not-met = { $present } of { $total } members were present at the opening; { $required } are required: there was no quorum.

attendance-title = Attendance
attendance-present = Present: { $count }
attendance-excused = Absent with reason: { $count }
attendance-absent = Absent: { $count }
attendance-line = { $name }, { $role }
attendance-line-reason = { $name }, { $role }: { $reason }
attendance-line-stay = { $name }, { $role }, { $mode }: { $stays }
stay = { DATETIME($from, timeStyle: "short") }–{ DATETIME($to, timeStyle: "short") }
mode-in_person = in person
mode-remote = remotely
role-chair = chair
role-secretary = secretary
role-member = member
role-observer = observer
role-guest = guest
role-presenter = presenter
role-technician = technician
role-room = room

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

poll-title = Vote: { $title }
poll-question = Question: { $question }
poll-count = { $option }: { $count } ({ NUMBER($percent, minimumFractionDigits: 2) } % of all members)
poll-verdict-carried = Result: carried.
poll-verdict-winner = Result: “{ $option }” was elected.
poll-verdict-lost = Result: not carried.
poll-verdict-recast = Result: a tie; the vote is repeated.
poll-verdict-no_quorum = Result: void, because there was no quorum.
poll-quorum-lost = The quorum was lost at { DATETIME($at, timeStyle: "short") } while the vote was open.
option-yes = For
option-no = Against
option-abstain = Abstentions
option-not_voting = Present, not voting
option-absent = Absent
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

mail-invitation-subject = Invitation: { $title }
mail-invitation-body =
    Dear { $name },

    you are invited to the meeting "{ $title }". The signed agenda and the papers are here:
    { $link }

    Please acknowledge the agenda and say whether you will attend.
mail-agenda_changed-subject = Agenda changed: { $title }
mail-agenda_changed-body =
    Dear { $name },

    the agenda of the meeting "{ $title }" has a new version. Please read and acknowledge it:
    { $link }

sign-as-secretary = Signed as secretary
sign-as-chair = Signed as chair
