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
