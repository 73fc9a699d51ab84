# At the table: presenting, running the meeting, speaking time, polls, announcements.
present-start = Present
present-mine = You are presenting
present-followers = { $count ->
    [0] nobody follows yet
    [one] one person follows
   *[other] { $count } people follow
  }
present-stop = Stop presenting
present-pointer = Point at the page
present-pointer-off = Stop pointing
present-following = { $name } is presenting. You follow.
present-own-way = { $name } is presenting. You are reading on your own.
present-return = Return to the presenter
present-end-other = End this presentation
present-withheld = A paper is being presented that is not meant for you.
present-withheld-leave = Show the participants instead

announcement-read = I have read this
run-tab = Run
run-item = Current item
run-no-item = No item is under discussion.
run-item-time = Time used
run-take-up = Take up { $position }. { $title }
run-conclude = Conclude the item
run-conclude-next = Conclude, then { $position }. { $title }
run-poll = Polls
run-floor = Open the speakers’ list
run-attendance = Attendance
run-roll-call = Roll call
run-announcement = Announcement
run-announce-text = Text for all screens
run-announce = Show on all screens
run-withdraw = Take it from the screens
run-display = Open the projector page
roll-help = Keys 1 to 4 answer for the person and lead to the next one; the arrows move up and down.
roll-in_person = In the hall
roll-remote = Remote
roll-excused = Excused
roll-absent = Absent

time-left = { $time } left
time-over = { $time } over
time-used = { $time } used

room-floor-closed = The speakers’ list is closed. A point of order is still taken.
room-floor-close-list = Close the list
room-floor-open-list = Open the list
room-floor-time = Speaking time
room-floor-time-none = No limit
room-floor-minutes = { $minutes } min
room-floor-paused = interrupted
room-floor-pause = Interrupt
room-floor-pause-of = Interrupt { $name }
room-floor-resume = Go on
room-floor-resume-of = Let { $name } go on

room-poll-annulled = Annulled
room-poll-annulled-why = Annulled: { $reason }
room-poll-time = Time to vote
room-poll-time-over = The time to vote is over
room-poll-extend = One minute more
room-poll-annul = Annul
room-poll-annul-title = Annul “{ $title }”?
room-poll-annul-text = The poll ends without a result, for everybody. The ballots stay on record and count for nothing.
room-poll-annul-reason = Why?
room-poll-edit = Change the draft
room-poll-save = Save the draft
room-poll-delete = Delete
room-poll-delete-title = Delete “{ $title }”?
room-poll-delete-text = The draft is deleted. It was never put to the vote.
room-poll-recast = Vote on this again
room-poll-method = How to vote
room-poll-method-yes_no_abstain = Yes, no or abstain
room-poll-method-one_of = One of several
room-poll-options = Choices
    .hint = One on each line, at least two.
room-rules-unchanged = Leave the rules as they are
room-poll-cut-off = { $count ->
    [one] One member with a vote is cut off
   *[other] { $count } members with a vote are cut off
  }
room-poll-cut-off-lost = Connection lost: { $names }
room-poll-cut-off-absent = Not present: { $names }
room-poll-cut-off-choice = Give more time, close the poll all the same, or annul it.
