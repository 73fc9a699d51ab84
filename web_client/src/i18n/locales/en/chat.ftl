# The chat of a meeting.
chat-tab = Chat
chat-messages = Messages
chat-none = Nothing has been written yet.
chat-earlier = Earlier messages
chat-you = You
chat-to = To
chat-everyone = Everyone in the meeting
chat-secretariat = Only the secretariat
chat-only = Only { $name }
chat-to-secretariat = To the secretariat
chat-to-person = To { $name }
chat-text = Message
    .hint = Enter sends it; Shift and Enter begin a new line.
chat-left = { $count } characters left
chat-send = Send
chat-answer = Answer { $name } privately
chat-remove = Remove the message of { $name }
chat-remove-confirm = Remove for everybody
chat-removed = This message was removed.
chat-on-its-way = on its way…
chat-retry = Send again
chat-discard = Discard this message
chat-refused = The message was not taken.
chat-is-open = Everyone may write
chat-is-closed = Chat is off
chat-open = Turn the chat on
chat-close = Turn the chat off
chat-closed = The chat is off. The secretariat can still be written to.
chat-say = { $count ->
    [one] A new message from { $name }.
   *[other] { $count } new messages, the last from { $name }.
  }
