# The projector page and the hall's screen.
display-title = Projector page
display-side = Quorum, next speakers, seats
display-lost = Connection lost
display-begins = Begins at { $time }
display-no-item = No item is under discussion
display-poll = Vote now
display-result = Result
display-quorum = Quorum
display-no-quorum = No quorum
display-next = Next
display-more = and { $count } more
display-seats = Seats
display-seat = { $name }: { $state }
display-seat-absent = not present
display-seat-present = present
display-seat-voted = has voted

hall-title = Hall screen
hall-text = Sound and picture of this hall go to everybody in the meeting. The screen enters by itself from now on.
hall-start = Start this screen
hall-none = There is no meeting for this hall today. This screen starts by itself when one is there.
hall-speaks = { $name } has the floor
hall-ended = The meeting is over. Thank you.
hall-elsewhere = This hall is in the meeting on another screen.
hall-here = Continue on this screen
