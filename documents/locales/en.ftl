# Words of the papers that the hub lays out.

masthead-title = { "" }
masthead-motto = { "" }
reference = No. { $reference }
date = { $long }
time = { $hour }:{ $minute }
moment = { $time }, { $date }
span-same-day = { $start } – { $end }, { $date }
span-days = { $start }, { $startdate } – { $end }, { $enddate }
clock = { $hour }:{ $minute }
interval = { $start } – { $end }
until-end = end
page-of = Page { $page } of { $pages }

agenda-title = AGENDA
agenda-version = Version { $version }
agenda-time = Time
agenda-place = Place
agenda-label = Classification
agenda-convened-by = Convened by
agenda-convened-at = Convened on
agenda-changes = Changes since version { $version }
agenda-items = Items
agenda-participants = Participants
agenda-papers = Papers
agenda-minutes = { $minutes } min
agenda-total = Total time allotted: { $minutes } minutes
agenda-pages =
    { $pages ->
        [one] { $pages } page
       *[other] { $pages } pages
    }
agenda-integrity = The SHA-256 digest of each paper is printed so that it can be compared with the version convened.

minutes-title = MINUTES
minutes-opened = Opened
minutes-closed = Closed
minutes-place = Place
minutes-chair = Chair
minutes-secretary = Secretary
minutes-label = Classification
minutes-attendance = Attendance
minutes-attendance-count = Present { $present } of { $total }; excused { $excused }; absent { $absent }.
minutes-proceedings = Proceedings and decisions
minutes-outcome = Outcome: { $outcome }
minutes-question = Question put to the vote
minutes-derivation = How the result follows
minutes-votes = Votes by name
minutes-closing = The meeting was closed at { $moment }. These minutes were drawn up and signed electronically; the signatures and their timestamps are part of the file.

column-number = No.
column-name = Name
column-title = Position
column-unit = Unit
column-role = Role
column-item = Item
column-presenter = Presenter
column-time = Time
column-status = Attendance
column-hours = Hours

role-chair = Chair
role-secretary = Secretary
role-member = Member
role-observer = Observer
role-guest = Guest
role-presenter = Presenter
role-technician = Technician
role-room = Room

kind-information = Information
kind-discussion = Discussion
kind-decision = Decision

outcome-pending = not considered
outcome-under_discussion = under discussion
outcome-decided = decided
outcome-deferred = deferred
outcome-withdrawn = withdrawn
outcome-noted = noted

status-present = Present
status-absent = Absent
status-excused = Excused
mode-in_person = in person
mode-remote = remote

choice-yes = In favour
choice-no = Against
choice-abstain = Abstention
choice-not_voting = Not voting
choice-absent = Absent
choice-blank = Blank
choice-invalid = Invalid

verdict-carried = Carried
verdict-lost = Not carried
verdict-recast = To be voted again
verdict-no_quorum = No quorum

label-public = Public
label-internal = Internal
label-restricted = Restricted
label-confidential = CONFIDENTIAL
label-secret = SECRET
label-top_secret = TOP SECRET

signer-author = AUTHOR
signer-chair = CHAIR
signer-secretary = SECRETARY
signer-seal = FOR THE ORGANISATION
signature-place = (Digital signature)
signature-field = Digital signature: { $role }
stamp-signed-by = Digitally signed by
stamp-signed-at = Date
stamp-reason = Reason
