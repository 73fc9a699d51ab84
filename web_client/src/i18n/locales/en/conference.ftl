# The room as a conference: checks before joining, layouts, quiet, recovery.
lobby-return = You were in this meeting a while ago
lobby-return-text = Go back in with the same devices; microphone and camera are as you left them.
lobby-return-do = Go back in
lobby-net = Your connection
lobby-net-again = Check again
lobby-net-checking = Being checked…
lobby-net-hub = The meeting’s server answers in { $ms } ms.
lobby-net-hub-slow = The meeting’s server answers slowly ({ $ms } ms). Papers and votes work; they take a moment.
lobby-net-hub-none = The meeting’s server does not answer. It is tried again by itself.
lobby-net-relay-udp = Sound and picture: good, { $ms } ms by UDP.
lobby-net-relay-slow = Sound and picture: a long way, { $ms } ms by UDP. You may hear others with a delay.
lobby-net-relay-tcp = Sound and picture: by TCP only, { $ms } ms. It works, but may stutter; your network blocks UDP.
lobby-net-relay-turn = Sound and picture: by a detour over the TURN server, { $ms } ms. It works, with a little more delay; your network blocks the direct way.
lobby-net-relay-none = Sound and picture find no way through this network. You can join all the same: agenda, papers, floor and votes work. Ask your technician to open the conference’s port.
lobby-net-relay-early = Sound and picture can be checked once the meeting has been convened.
lobby-unread = { $count ->
    [one] One paper you have not opened on this computer
   *[other] { $count } papers you have not opened on this computer
  }

device-microphone-replaced = “{ $was }” was unplugged. The microphone is now “{ $now }”.
device-microphone-gone = “{ $was }” was unplugged and there is no other microphone. You are muted.
device-camera-replaced = “{ $was }” was unplugged. The camera is now “{ $now }”.
device-camera-gone = “{ $was }” was unplugged and there is no other camera. Your picture is off.

room-connection-weak = Connection weak
room-connection-bad = Connection very weak
room-person-weak = Connection weak
room-person-bad = Connection very weak
room-path-lost = Sound and picture are interrupted
room-path-lost-text = Agenda, papers, floor and votes go on. Sound and picture are being restored; you need not do anything.
room-path-lost-long = If it takes longer: check the cable or Wi-Fi, or change to another network. You can also load the page anew; you come back into the room by yourself.
room-reconnecting-long = If it takes longer: check the cable or Wi-Fi, or change to another network. You can also load the page anew; you come back into the room by yourself.
room-no-media-long = The server for sound and picture has been away for a while. Tell the technician; the meeting can go on by telephone until then.
room-reload = Load the page anew
room-back = Everything works again. Nothing was lost.
room-elsewhere = You are in this room in another window
room-elsewhere-text = Sound and picture can run in one window at a time. If you go on here, the other window is switched off.
room-use-here = Use it here

room-layout = Pictures
room-layout-gallery = Everybody of the same size
room-layout-speaker = The speaker large
room-layout-to-gallery = All equal
room-layout-to-speaker = Speaker large
room-pages = Pages of pictures
room-page-of = { $page } of { $pages }
room-page-before = Pictures before these
room-page-after = More pictures
room-sharing = You are sharing your screen
room-sharing-sound = Everybody sees it and hears its sound.
room-sharing-silent = Everybody sees it; its sound is not shared.
room-settings = Devices and view
room-settings-short = Settings
room-settings-sound = I hear the others on this device
room-small-window = Small window on top
room-small-refused = The browser does not open a small window here.

room-mute-all = Mute everyone but the speaker
room-mute-site = Mute everybody at { $site }
room-muted-count = { $count ->
    [one] One microphone was muted.
   *[other] { $count } microphones were muted.
  }
room-ask-unmute = Ask { $name } to turn the microphone on
room-asked-unmute = { $name } is asked to turn the microphone on.
room-muted-by = { $name } muted your microphone
room-unmute-wanted = { $name } asks you to turn on your microphone
room-understood = Understood
room-not-now = Not now

room-key-space = Space
room-key-talk = Hold to talk while muted
room-key-screen = Share the screen, or stop
room-key-layout = Speaker large, or all equal
room-key-people = People
room-key-papers = Papers
room-key-chat = Chat
room-key-speakers = Speakers’ list
