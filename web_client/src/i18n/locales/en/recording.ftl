# Recording of meetings.
recording-is-recording = This meeting is being recorded: sound and picture of everybody who sends.
recording-is-waiting = The recording is on, but nothing is being recorded right now. It goes on by itself.
recording-is-stopping = The recording is being ended.
recording-say-ended = The meeting is no longer being recorded.
recording-lobby = This meeting is being recorded
recording-lobby-text = If you join with microphone or camera, you are recorded too.
recording-lobby-may = This meeting may be recorded. Everybody is told before a recording begins.
recording-start = Record
recording-stop = Stop recording
recording-start-title = Record this meeting?
recording-start-text = Everybody is told at once, and as long as it lasts. Sound and picture of all who send are kept sealed, and can be downloaded by chair and secretary alone.
recording-stop-title = Stop recording?
recording-stop-text = What was recorded so far is kept, and is found on the meeting's page. A new recording can be started at any time.
recording-title = Recordings
recording-allow = This meeting may be recorded
recording-allow-hint = Chair and secretary start a recording in the room. Everybody invited sees that it is allowed.
recording-none = Nothing has been recorded.
recording-withheld = { $count ->
    [one] One recording is not for you: it covers a restricted item.
   *[other] { $count } recordings are not for you: they cover restricted items.
  }
recording-number = Recording { $number }
recording-state-waiting = Waiting
recording-state-recording = Recording
recording-state-stopping = Being ended
recording-reason-meeting_over = It ended with the meeting.
recording-reason-storage = It ended because too little space was left.
recording-source-microphone = microphone
recording-source-camera = camera
recording-source-screen = screen
recording-source-screen_audio = sound of the screen
recording-being-written = being written
recording-cut = broken off; playable up to there
recording-download = Download { $name }
recording-manifest = List of files with checksums
recording-deleted-on = It is destroyed by itself on { $date }.
recording-delete = Destroy recording { $number }
recording-delete-title = Destroy recording { $number }?
recording-delete-text = Its keys are destroyed, so that nobody can ever play it again, not even from a backup of the data. The log keeps who did this and when.
recording-delete-do = Destroy
recording-fact = Recording
recording-fact-allowed = may be recorded; everybody is told
recording-fact-forbidden = not allowed
