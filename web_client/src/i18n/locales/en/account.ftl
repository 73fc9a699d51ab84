# One's own account: signing in with a second factor, sessions, password.
signin-code-title = Second step
signin-back = Back to username and password
signin-demo-title = Try it as…
signin-demo-text = This is a demo with invented people. Choose somebody: name and password are filled in for you.

code-app = Code from your authenticator app
code-app-hint = Six digits, new every 30 seconds. Each code works once.
code-recovery = Recovery code
code-recovery-hint = One of the ten codes you put away, for example abcd-efgh-ijkl-mnop. It is used up by this.
code-missing = Enter the code.
code-demo = Fill in the demo code { $code }
code-use-recovery = Use a recovery code
code-use-app = Use the authenticator app

stepup-why-code = What comes next binds you or shows confidential records. Enter a code from your authenticator app; this holds for five minutes.

common-account = My account

account-title = My account
account-must-title = Set up your second factor
account-must-why = You prepare or lead meetings, read the audit log, or manage accounts. For that, a password alone is not enough: set up an authenticator app once, then everything else opens.
account-must-done = Continue

account-factor-title = Second factor
account-factor-on = In use
account-factor-off = Not set up
account-factor-on-text = When you sign in or confirm something, you are asked for a code from your authenticator app.
account-factor-off-text = You sign in with your password alone. With an authenticator app, nobody can get in who only knows the password.
account-factor-since = Set up on
account-factor-enrol = Set up an authenticator app
account-factor-replace = Move to another device
account-factor-replace-text = The old device works until the new one has given its first code. Your old recovery codes are void afterwards.
account-factor-remove = Remove the second factor
account-factor-remove-text = From then on your password alone opens your account. Your recovery codes are void.
account-factor-removed = The second factor has been removed.
account-factor-enforced = Your duties require a second factor. You can move it to another device, but not remove it.

account-enrol-what = You need an authenticator app on your phone: any app for time-based one-time codes works. It takes two minutes.
account-enrol-begin = Begin
account-enrol-scan = Scan this picture with the app.
account-qr = QR code for the authenticator app
account-enrol-type = Or type this key into the app:
account-enrol-code = Enter the code that the app shows now
account-enrol-code-hint = Six digits, new every 30 seconds.
account-enrol-confirm = Confirm
account-enrol-done = Done

account-recovery-title = Recovery codes
account-recovery-once = Put these codes away now
account-recovery-what = They are shown only this once. If your phone is lost or broken, each of them lets you in once instead of a code from the app. Keep them where you keep important papers, not on the phone.
account-recovery-file = Plenum: recovery codes, each works once
account-recovery-download = Download
account-recovery-print = Print
account-recovery-kept = I have put the codes away safely
account-recovery-left = { $left ->
    [0] No recovery code is left.
    [one] One recovery code is left.
   *[other] { $left } recovery codes are left.
  }
account-recovery-few = Make new ones soon.
account-recovery-renew = Make new codes
account-recovery-renew-text = New codes make all older ones void.
account-recovery-used = You used a recovery code. { $left ->
    [0] None is left: make new ones in your account now.
    [one] One is left: make new ones in your account.
   *[other] { $left } are left.
  }

account-sessions-title = Where you are signed in
account-sessions-text = If you do not recognise one, end it and change your password.
account-sessions-this = This one
account-sessions-since = Signed in
account-sessions-used = last used
account-sessions-end = End
account-sessions-end-named = End the session: { $device }
account-sessions-end-title = End this session?
account-sessions-end-text = It ends at once, with everything that is open there. Unsaved text there is lost.
account-sessions-end-others = End all others
account-sessions-end-others-text = You stay signed in only here.
account-sessions-ended = Ended.
account-device = { $browser } on { $system }
account-device-unknown = Unknown device
account-place = { $site } ({ $address })
account-place-unknown = Address { $address }

account-password-title = Password
account-password-text = Afterwards you are signed out everywhere but here.
account-password-current = Present password
account-password-next = New password
account-password-hint = At least { $length } characters: several words that nobody connects with you make a good password. { $barred ->
    [one] Not your present one.
   *[other] Not one of your last { $barred }.
  }
account-password-missing = Enter your present password.
account-password-wrong = This is not your present password.
account-password-short = Choose a password of at least { $length } characters.
account-password-show = Show the passwords
account-password-submit = Change the password
account-password-changed = Your password has been changed.
