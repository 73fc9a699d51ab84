# Lobby and room.
lobby-title = Before you join
lobby-check = Camera, microphone and speaker
lobby-preview = Your own picture
lobby-camera-off = Turn camera on
lobby-no-picture = Your camera is off.
lobby-no-camera = No picture from a camera. You can join without one.
lobby-microphone-on = Turn microphone off
lobby-microphone-off = Turn microphone on
lobby-camera-on = Turn camera off
lobby-level = Your voice
lobby-test-sound = Test the sound
lobby-mode = Where are you?
lobby-mode-remote = I take part from afar
    .hint = With my own camera and microphone
lobby-mode-in_person = I am in the hall
    .hint = The hall has camera and sound; mine stay off
lobby-hall = Your hall
lobby-hall-name = { $name } · { $site }
lobby-hall-other = Another place
lobby-hall-text = The hall’s camera, microphones and sound serve everybody in it. Here you follow the agenda, read papers, ask for the floor and vote.
lobby-hall-text-other = You are recorded as attending in person. Your camera and microphone stay off.
lobby-hall-none = No hall is connected to the meeting yet.
lobby-join = Join
lobby-listen = Only watch and listen
lobby-who = Who is in
lobby-who-count = { $count ->
    [0] Nobody is in yet
    [one] One person is in
   *[other] { $count } people are in
  }
lobby-who-more = and { $count } more

device-audioinput = Microphone
device-videoinput = Camera
device-audiooutput = Speaker
device-unnamed = Device { $number }
device-microphone-denied = The browser does not let this page use the microphone. Allow it beside the address and try again.
device-microphone-missing = No microphone was found. Plug one in, or join and listen.
device-microphone-busy = Another program is using the microphone. Close it and try again.
device-microphone-failed = The microphone could not be started. Try again or choose another one.
device-camera-denied = The browser does not let this page use the camera. Allow it beside the address, or join without.
device-camera-missing = No camera was found. You can join without.
device-camera-busy = Another program is using the camera. Close it and try again, or join without.
device-camera-failed = The camera could not be started. Try again, choose another one, or join without.

room-title = Meeting room
room-skip = Skip to the stage
room-stage = Stage
room-agenda = Agenda
room-agenda-empty = There is nothing on the agenda yet.
room-panel = Panel
room-panel-show = Show panel
room-panel-hide = Hide panel
room-panel-close = Close the panel
room-people = People
room-papers = Papers
room-floor = Floor
room-poll = Poll
room-poll-open-mark = open
room-to-meeting = To the meeting’s page
room-current-item = { $position }. { $title }
room-restricted = Restricted
room-restricted-item = Restricted item
room-minutes = { $minutes } min

room-quorum-met = Quorum reached
room-quorum-missing = No quorum: { $missing } missing
room-quorum-figures = { $present } of { $entitled } present, { $required } needed

room-connection-good = Connected
room-connection-reconnecting = Reconnecting…
room-connection-joining = Sound and picture are coming…
room-connection-media-weak = Sound and picture interrupted
room-connection-no-media = No sound and picture
room-reconnecting = The connection is being restored
room-reconnecting-text = Sound and picture go on if they can. Whatever you have sent is kept; a vote on its way will be sent again by itself.
room-no-media = Sound and picture are not available right now
room-no-media-text = Agenda, papers, floor and votes go on. Sound and picture come back by themselves.
room-sound-blocked = The browser waits for your permission to play sound.
room-sound-play = Play the sound

room-meeting-open = Open the meeting
room-meeting-suspend = Suspend
room-meeting-resume = Resume the meeting
room-meeting-adjourn = Close the meeting
room-adjourn-title = Close the meeting?
room-adjourn-text = The meeting ends for everybody. It cannot be opened again; the minutes come next.

room-controls = Your controls
room-microphone-on = Mute
room-microphone-off = Unmute
room-camera-on = Camera off
room-camera-off = Camera on
room-screen-on = Stop sharing
room-screen-off = Share screen
room-sound-on = Turn sound off
room-sound-off = Turn sound on
room-shortcuts = Keyboard
room-shortcuts-on = Use these keys
room-leave = Leave
room-key-microphone = Microphone on or off
room-key-camera = Camera on or off
room-key-floor = Ask for the floor, or withdraw
room-key-panel = Show or hide the panel
room-key-poll = Go to the poll
room-key-help = This help

room-nobody = Nobody is connected with sound and picture yet.
room-picture-of = Picture of { $name }
room-screen-of = Screen shown by { $name }
room-you = { $name } (you)
room-muted = Microphone off
room-speaking = Is speaking
room-has-floor = Has the floor
room-pin = Show { $name } large
room-unpin = Show { $name } small again
room-mute-person = Mute { $name }
room-person-connecting = Connecting…
room-person-connected = Connected
room-person-disconnected = Connection interrupted
room-person-in-hall = In the hall
room-person-in = In: { $hall }
room-halls = Halls
room-hall-away = Not connected
room-in-hall = You are in: { $hall }. Sound and picture come from the hall.
room-person-no-media = Without sound and picture

room-no-site = Without a site
room-no-vote = no vote
room-present-of = { $present } of { $total } present
room-presence-present = Present
room-presence-absent = Absent
room-presence-excused = Excused
room-presence-in_person = In the hall
room-presence-remote = Remote
room-roll-call = Presence of { $name }
room-unknown-person = No longer invited

room-papers-none = There are no papers
room-paper-facts = { $pages ->
    [one] 1 page
   *[other] { $pages } pages
  } · version { $version } · { $size } MB
room-paper-download = Download { $title }

room-item-current = Now
room-item-start = Take up
room-item-conclude = Conclude
room-conclude-title = Conclude: { $title }
room-conclude-how = How does the item end?
room-conclude-decided = Decided
room-conclude-noted = Noted
room-conclude-deferred = Deferred to another meeting
room-conclude-withdrawn = Withdrawn
room-conclude-pending = Put back, to be taken up later
room-conclude-outcome = Conclusion in words
    .hint = Goes into the draft of the minutes.

room-floor-ask = Ask to speak
room-floor-withdraw = Withdraw
room-floor-finish = End my turn
room-your-floor = You have the floor
room-your-floor-muted = You have the floor – turn on your microphone
room-your-floor-heard = Your microphone is on; everybody hears you.
room-your-floor-hall = Please use a microphone in the hall ({ $hall }).
room-floor-now = Has the floor
room-floor-free = The floor is free.
room-floor-waiting = Speakers’ list
room-floor-nobody = Nobody is waiting.
room-floor-grant = Give the floor
room-floor-grant-to = Give the floor to { $name }
room-floor-end = End
room-floor-end-of = End the turn of { $name }
room-ask-turn = Ask to speak
room-ask-intervention = Intervene on this point
room-ask-point_of_order = Point of order
room-kind-intervention = Intervention
room-kind-point_of_order = Point of order

room-polls-none = There is no poll yet
room-poll-new = New poll
room-poll-title = Subject
room-poll-question = Question
room-poll-default-question = Do you agree with the proposal?
room-poll-rules = Rules for this poll
room-rules-of-meeting = As in the meeting’s rules of procedure
room-poll-hidden = Show the votes only after closing
    .hint = Until then everybody sees who has voted, but not how.
room-poll-create = Create the poll
room-poll-do-open = Open the poll
room-poll-do-close = Close the poll
room-poll-draft = Not open yet
room-poll-open = Open
room-poll-closed = Closed
room-poll-published = Result
room-poll-quorum-lost = The quorum was lost while this poll was open.
room-poll-not-entitled = You have no vote in this poll.
room-poll-not-present = Only those recorded as present can vote. Ask the secretary to record you.
room-poll-turnout = { $voted } of { $total } have voted
room-poll-names = Who has voted
room-poll-has-voted = has voted
room-vote-label = Your vote
room-vote-yes = Yes
room-vote-no = No
room-vote-abstain = Abstain
room-vote-choose = Choose first
room-vote-cast = Cast my vote: { $choice }
room-vote-sending = Your vote “{ $choice }” is on its way…
room-vote-recorded = Your vote “{ $choice }” is recorded
room-vote-recorded-hidden = Your vote is recorded
room-vote-receipt = Receipt:

room-left = You have left the meeting
room-left-text = Camera and microphone are off.
room-rejoin = Join again
room-continue-here = Continue here
room-closed-taken_over = You continued in another window
    .text = Sound and picture run there now. Here everything is off.
room-closed-removed = You are no longer in this meeting
    .text = You were removed, or your right to take part has ended. If this is a mistake, call the secretary.
room-closed-ended = The meeting’s room is closed
    .text = Sound and picture have ended for everybody.
room-closed-lost = The connection was lost
    .text = Join again to go on.

room-say-item = Now item { $position }: { $title }.
room-say-floor = { $name } has the floor.
room-say-floor-yours = You have the floor. Please switch on your microphone.
room-say-floor-ended = Your turn has ended.
room-say-floor-paused = Your turn is interrupted; it goes on afterwards.
room-say-floor-free = The floor is free.
room-say-poll-open = A poll is open: { $title }.
room-say-poll-result = Result of { $title }: { $verdict ->
    [carried] carried
    [recast] to be voted again
    [no_quorum] no quorum
   *[lost] not carried
  }.
room-say-quorum = The quorum is reached.
room-say-no-quorum = The quorum is lost.
