# What went wrong, what was kept, what to do. The name is error-CODE of the hub's stable code.
app-name = Plenum
loading = Loading…
reload-page = Load the page again
try-again = Try again
to-home = To the start page
error-missing-title = There is no such page
error-view-load = This part of the application could not be loaded. Nothing was lost. Check your connection and load the page again.
error-unknown = Something went wrong on the server. Nothing was changed. Please try again; if it happens again, tell the secretariat.
error-network = The server cannot be reached. Nothing was sent. Check your connection and try again.
error-timeout = The server did not answer in time. Please check whether your action took effect, then try again.
error-disconnected = The connection broke before the answer came. It is being restored.
error-cancelled = Cancelled. Nothing was changed.
error-wrong-password = The name or the password is not right. Check both and try again.
error-session-expired = Your session has ended. Sign in again; what you saved is kept.
error-denied = You may not do this. If you need to, ask the meeting's secretary.
error-step-up-required = Please confirm with your password that it is you.
error-not-found = This does not exist, or you may not see it.
error-too-large = This file is too large. Reduce it or split it, then try again.
error-wrong-type = This is not a PDF file. Save it as PDF, then try again.
error-invalid = Some of what was entered is not right. Check it and try again.
error-throttled = Too many attempts. Please wait { $seconds ->
    [one] one second
   *[other] { $seconds } seconds
  } and try again.
error-stale-revision = Somebody else has changed this meanwhile. Your text is kept here; load the newer version and bring the two together.
error-conflict = The state has changed meanwhile. Look at the page as it is now and try again if it is still needed.
