# The frame of every page, and the words that several views share.
common-product = Plenum
common-product-home = Plenum, to the start page
common-window-title = { $title } – Plenum
common-skip = Skip to the content
common-main-navigation = Main
common-home = Meetings
common-audit = Audit log
common-language = Language
common-theme = Appearance: { $theme ->
    [light] light
    [dark] dark
   *[system] as on this device
  }
common-person-menu = { $name }: account
common-sign-out = Sign out
common-sign-out-again = Try to sign out again
common-sign-out-failed = You are still signed in: the server could not be told to end your session. Check the connection and try again; do not leave a shared device before.
common-close = Close
common-cancel = Cancel
common-save = Save
common-delete = Delete
common-optional = (optional)
common-loading = Loading…
common-retry = Try again
common-your-time = ({ $time } your time)

stepup-title = Confirm that it is you
stepup-why = What comes next binds you or shows confidential records. Enter your password once more; this holds for five minutes.
stepup-password = Password
stepup-password-missing = Enter your password.
stepup-submit = Confirm

signin-title = Sign in
signin-lead = Meetings, papers and decisions of your organisation.
signin-username = Username
signin-username-missing = Enter your username.
signin-password = Password
signin-password-missing = Enter your password.
signin-submit = Sign in
signin-show = Show the password
signin-help = Forgotten your password or locked out? Call your administrator; nobody will ever ask you for the password.
signin-authority = Does your browser warn about this site? Install your organisation's root certificate once, and the warning goes away.
signin-authority-download = Download the certificate

home-title = Meetings
home-greeting = Hello, { $name }
home-in-session = In session now
home-join = Join
home-join-named = Join { $title }
home-next = Next today
home-details = Agenda and papers
home-waiting = Waiting for you
home-waiting-acknowledge = Acknowledge the agenda
home-waiting-sign = Sign the minutes
home-waiting-other = Open the meeting
home-today = Today
home-coming = Coming meetings
home-earlier = Earlier meetings
home-none = No meetings planned
home-none-text = You will find your meetings here as soon as you are invited.
home-new = New meeting
home-show-all = Show all { $count }

state-draft = In preparation
state-convened = Convened
state-in_session = In session
state-suspended = Suspended
state-adjourned = Adjourned
state-minutes_review = Minutes to be signed
state-minutes_signed = Minutes signed
state-archived = Archived
state-cancelled = Cancelled

role-chair = Chair
role-secretary = Secretary
role-member = Member
role-observer = Observer
role-guest = Guest
role-presenter = Presenter
role-technician = Technician
role-room = Meeting room

label-0 = Public
label-1 = Internal
label-2 = Restricted
label-3 = Confidential
label-4 = Secret
label-5 = Top secret

result-for = For
result-against = Against
result-abstain = Abstained
result-not-voting = Not voting
result-absent = Absent
result-verdict = { $verdict ->
    [carried] Carried
    [recast] To be voted again
    [no_quorum] No quorum
   *[lost] Not carried
  }
result-why = How this follows
result-holds = fulfilled
result-fails = not fulfilled
derivation-quorum = Quorum: { $present } of { $total } members present, { $required } needed.
derivation-participation = { $participating } of { $total } members took part ({ $percent }).
derivation-base = { $base ->
    [cast] Compared with the votes for and against: { $votes }.
    [present] Compared with the members present: { $votes }.
    [entitled] Compared with all entitled members: { $votes }.
    [seats] Compared with all seats: { $votes }.
   *[valid] Compared with all valid votes: { $votes }.
  }
derivation-threshold = { $comparison ->
    [more] { $votes } votes: { $votes } × { $denominator } = { $left } must be more than { $right } (more than { $numerator }/{ $denominator }).
   *[at_least] { $votes } votes: { $votes } × { $denominator } = { $left } must be at least { $right } (at least { $numerator }/{ $denominator }).
  }
derivation-tie = { $rule ->
    [chair] Equal votes: the chair's side decides.
    [recast] Equal votes: the vote is repeated.
   *[lost] Equal votes: not carried.
  }
derivation-other = A further rule was applied.

verify-title = Verification of the signatures
verify-open = Verify the signatures
verify-accepted = Genuine and unchanged
verify-accepted-text = Every signature is valid, the document has not been changed since, and it is the one that the record names.
verify-refused = Do not rely on this document
verify-reason = The check failed: { $reason }. Do not use this document, and tell the security officer.
verify-signed-by = Signed by
verify-signed-at = Signed on { $at }
verify-signed-at-unknown = Time of signing unknown
verify-covers = The signature covers the whole document
verify-covers-not = Only signatures and timestamps were added after this one
verify-role = { $role ->
    [chair] Chair
    [secretary] Secretary
    [author] Author
    [agency] Agency
    [seal] Agency's seal
   *[other] { $role }
  }
verify-hash = SHA-256 of the document
verify-hash-expected = SHA-256 in the record
verify-running = Checking every signature…
common-alerts = { $count ->
    [one] one open alert
   *[other] { $count } open alerts
  }
