# The administrator's pages, and the page of a welcome link.
admin-title = Administration
admin-lead = The people, halls and places of this organisation, and how the installation is set up.
admin-not-administrator = Only administrators may use these pages.
admin-nav-overview = Overview
admin-nav-people = People
admin-nav-rooms = Halls
admin-nav-sites = Sites and units
admin-nav-import = Import
admin-nav-policies = Policies
admin-saved = Saved.
admin-create = Create the account

admin-count-active = can sign in
admin-count-waiting = have no password yet
admin-count-disabled = disabled
admin-count-halls = halls
admin-count-units = units
admin-count-sites = sites
admin-first-title = Where to begin
admin-first-text = Import everybody from a list, or add people one by one. Each gets a link with which they choose their own password. Add a second administrator early: nobody can change the own rights.
admin-warning-certificate = The certificate { $name } ends on { $date } and should have been renewed. Restart the hub; if this stays, look at its messages.
admin-warning-relay = The relay { $name } is not connected. Meetings on it have no sound and picture.
admin-warning-no-relay = No relay is connected: meetings have no sound and picture.
admin-warning-storage = The disk is nearly full. When it is full, nothing can be recorded any more.

admin-search = Search
admin-search-hint = Name, username or title
admin-all = All
admin-clear = Show everybody
admin-found = { $count ->
    [one] One found
   *[other] { $count } found
  }
admin-none = Nobody matches
admin-pages = Pages
admin-page = { $page } of { $pages }
admin-page-before = Previous page
admin-page-next = Next page

admin-name = Name
admin-name-missing = Enter a name.
admin-username = Username
admin-username-hint = For signing in: letters, digits and signs without spaces. Capitals make no difference.
admin-username-missing = Enter a username.
admin-person-title = Title
admin-email = E-mail address
admin-unit = Unit
admin-site = Site
admin-place = Unit and site
admin-no-place = None
admin-locale = Language
admin-state = State
admin-state-active = Active
admin-state-waiting = No password yet
admin-state-disabled = Disabled
admin-role = Role
admin-role-member = Member
admin-role-member-hint = Takes part in the meetings to which they are invited.
admin-role-secretary = Secretary
admin-role-secretary-hint = Also prepares and convenes meetings. Needs a second factor.
admin-role-security_officer = Security officer
admin-role-security_officer-hint = Reads the audit log, and no meetings or papers. Needs a second factor.
admin-role-administrator = Administrator
admin-role-administrator-hint = Manages accounts and reads neither papers nor the log. Needs a second factor.
admin-role-room = Hall
admin-role-room-hint = The camera and screen of a room: no person and no vote.
admin-clearance = Clearance
admin-clearance-hint = The highest classification that may be read.
admin-no-content = This role opens no meetings and no papers, whatever they are classified as.

admin-add-person = Add a person
admin-add-hall = Add a hall
admin-hall-name = Name of the hall
admin-hall-site-missing = A hall needs a site. Add one under “Sites and units” if there is none.
admin-rooms-lead = A hall signs in on the computer of the room and shows the meeting on its screen.
admin-rooms-none = No halls yet
admin-rooms-none-text = Add a hall for each room with its own camera and screen.

admin-person = Person
admin-details = Details
admin-rights = Role and clearance
admin-own = This is your own account. Another administrator changes its rights.
admin-rights-save = Change the rights
admin-rights-confirm = Change the rights of { $name }?
admin-rights-role = Role: { $old } → { $new }
admin-rights-clearance = Clearance: { $old } → { $new }
admin-rights-ends = They are signed out everywhere at once, also from a meeting that is in session, and can sign in again with the new rights.
admin-rights-grows = The new rights hold at once.

admin-access = Signing in
admin-fact-created = Account made on { $at }
admin-fact-disabled = Disabled since { $at }
admin-fact-password = Has a password
admin-fact-no-password = Has no password yet
admin-fact-link = A welcome link is valid until { $at }
admin-fact-factor = Has a second factor
admin-fact-no-factor = Has no second factor
admin-fact-sessions = { $count ->
    [0] Not signed in anywhere
    [one] Signed in once
   *[other] Signed in { $count } times
  }
admin-link-new = New welcome link
admin-link-new-confirm = New welcome link for { $name }?
admin-link-new-text = With the link the person chooses a password. It works once, for seven days; an older link stops working.
admin-password-reset = Reset the password
admin-password-reset-confirm = Reset the password of { $name }?
admin-password-reset-text = You get a link with which the person chooses a new password. It works once, for one day. The present password works until then, and all sessions end when the new one is set.
admin-link-end = Withdraw the link
admin-link-end-confirm = Withdraw the link of { $name }?
admin-link-end-text = The link stops working. The account and its password stay as they are.
admin-link-end-done = The link is withdrawn.
admin-sessions-end = Sign out everywhere
admin-sessions-end-confirm = Sign { $name } out everywhere?
admin-sessions-end-text = All windows and devices of this person are signed out at once, also in a meeting that is in session. They can sign in again.
admin-sessions-end-done = All sessions have ended.
admin-factor-reset = Reset the second factor
admin-factor-reset-confirm = Reset the second factor of { $name }?
admin-factor-reset-text = Make sure that it is really this person who asks. Authenticator and recovery codes stop working, all sessions end, and who needs a second factor has to set up a new one after signing in.
admin-factor-reset-done = The second factor is reset.
admin-disable = Disable
admin-disable-confirm = Disable the account of { $name }?
admin-disable-text = The person is signed out everywhere at once, also from a meeting that is in session, and cannot sign in any more. What they did stays on record.
admin-disable-done = The account is disabled.
admin-enable = Enable
admin-enable-confirm = Enable the account of { $name }?
admin-enable-text = The person can sign in again with the password they had.
admin-enable-done = The account is enabled.

admin-link = Welcome link
admin-link-title = Welcome link for { $name }
admin-link-once = This link is shown only now. Give it to the person directly, by a way that nobody else reads.
admin-link-until = Works once, until { $at }.
admin-link-copy = Copy
admin-link-copied = Copied
admin-link-print = Print a slip
admin-slip-title = Your access to Plenum
admin-slip-person = { $name } – username: { $username }
admin-slip-text = Open this address and choose your password. It works once, until { $at }.
admin-slip-secret = Until then keep this slip to yourself, and destroy it afterwards. Nobody will ever ask you for your password.

admin-places-lead = Sites are where people sit; units are how the organisation is divided.
admin-sites = Sites
admin-units = Units
admin-add-site = Add a site
admin-add-unit = Add a unit
admin-no-sites = No sites yet
admin-no-units = No units yet
admin-site-name = Name of the site
admin-unit-name = Name of the unit
admin-unit-above = Belongs to unit
admin-ranges = Network addresses
admin-ranges-hint = Networks such as 10.1.0.0/16, one a line: by them people see from which site somebody signed in.
admin-place-people = { $count ->
    [0] no accounts
    [one] one account
   *[other] { $count } accounts
  }
admin-place-edit = Edit { $name }
admin-place-remove = Delete { $name }
admin-place-remove-text = This works only while nothing belongs to it. Meetings that have been held there keep it.
admin-place-removed = Deleted.

admin-import-lead = Add and change many accounts with a table. You see what would happen before anything does.
admin-import-file = The table
admin-import-choose = CSV file
admin-import-hint = From any spreadsheet, saved as CSV (UTF-8). At most 20,000 rows and 5 MiB. An empty cell leaves what is there.
admin-import-units = Make units that are in the table and not here yet
admin-import-sites = Make sites that are in the table and not here yet
admin-import-reading = Reading the table…
admin-import-template = Template
admin-export = Export everybody
admin-import-apply = { $count ->
    [one] Do this for one row
   *[other] Do this for { $count } rows
  }
admin-import-confirm = Import
admin-import-confirm-text = Accounts made: { $created }. Accounts changed: { $changed }. Whoever gets another role or less clearance is signed out at once.
admin-import-left-out = { $count ->
    [one] One row is left out; correct it in the table and import again.
   *[other] { $count } rows are left out; correct them in the table and import again.
  }
admin-import-done = Imported
admin-import-done-text = Accounts made: { $created }. Accounts changed: { $changed }.
admin-import-links-once = The welcome links can be downloaded only now. Whoever has a link can choose the password of its account: keep the file to yourself and delete it when the links are handed out.
admin-import-links = { $count ->
    [one] Download one welcome link
   *[other] Download { $count } welcome links
  }
admin-plan = What would happen
admin-plan-text = Nothing has been written yet.
admin-plan-show = Show
admin-plan-all = All: { $count }
admin-plan-create = New: { $count }
admin-plan-change = Changed: { $count }
admin-plan-unchanged = Unchanged: { $count }
admin-plan-refused = Refused: { $count }
admin-plan-no-rows = There are no such rows.
admin-plan-nothing = There is nothing to do: everything is as in the table.
admin-plan-more = Show more ({ $count })
admin-plan-units = New units: { $names }
admin-plan-sites = New sites: { $names }
admin-plan-ignored = Columns that mean nothing here: { $names }
admin-plan-row = Row
admin-plan-act = Result
admin-plan-what = Details
admin-act-create = New
admin-act-change = Changed
admin-act-unchanged = Unchanged
admin-act-refused = Refused
admin-column-username = Username
admin-column-name = Name
admin-column-title = Title
admin-column-email = E-mail
admin-column-unit = Unit
admin-column-site = Site
admin-column-roles = Roles
admin-column-clearance = Clearance
admin-column-locale = Language
admin-reason-username_invalid = “{ $cell }” cannot be a username: 1 to 64 characters without spaces.
admin-reason-username_twice = { $cell } is in the table more than once. Keep one row.
admin-reason-name_missing = The name is missing.
admin-reason-email_invalid = “{ $cell }” is not an e-mail address.
admin-reason-unit_unknown = There is no unit “{ $cell }”. Correct it, or tick the box above to make new units.
admin-reason-site_unknown = There is no site “{ $cell }”. Correct it, or tick the box above to make new sites.
admin-reason-role_unknown = “{ $cell }” is not a role: member, secretary, security_officer, administrator or room.
admin-reason-role_conflict = These roles do not go together: administrators, security officers and halls have no other role.
admin-reason-clearance_unknown = “{ $cell }” is not a classification.
admin-reason-label_above_ceiling = This installation is not approved for “{ $cell }”.
admin-reason-locale_unknown = “{ $cell }” is not a language of the product: vi or en.
admin-reason-hall_without_site = A hall needs a site.
admin-reason-account_disabled = This account is disabled. Enable it first.
admin-reason-own_account = This is your own account. Another administrator changes its rights.
admin-reason-formula = “{ $cell }” looks like a formula. Put an apostrophe before it if it is meant as text.
admin-reason-control_characters = There is a line break or an invisible character in { $cell }.
admin-reason-too_long = A cell has more than 200 characters.
admin-file-empty = The file is empty.
admin-file-not_utf8 = The file is not UTF-8 text (near row { $row }). In the spreadsheet choose “CSV UTF-8” when saving.
admin-file-broken = The table cannot be read from row { $row } on: a quotation mark is not closed or in the wrong place.
admin-file-too_many_rows = The table has more than 20,000 rows. Split it.
admin-file-column_twice = A column is there twice. Keep one.
admin-file-username_missing = The column “username” is missing. Take the names of the columns from the template.
admin-file-name_missing = The column “name” is missing. Take the names of the columns from the template.

admin-policies-lead = To read here. Whoever runs the installation sets them as the variables named beside them, at its start.
admin-policy-fixed = cannot be changed
admin-policy-organisation = Organisation
admin-policy-address = Address
admin-policy-label_ceiling = Highest classification
admin-policy-upload_limit = Largest paper
admin-policy-presence_grace_s = A lost connection ends presence after
admin-policy-presence_grace_s-value = { $value ->
    [one] one second
   *[other] { $value } seconds
  }
admin-policy-chat_retention_days = The chat of an archived meeting is erased after
admin-policy-chat_retention_days-value = { $value ->
    [one] one day
   *[other] { $value } days
  }
admin-policy-session_policy = Profile of the sign-in rules
admin-policy-session_idle_minutes = Unused sessions end after
admin-policy-session_idle_minutes-value = { $value } minutes
admin-policy-session_administrator_idle_minutes = Unused sessions of administrators end after
admin-policy-session_administrator_idle_minutes-value = { $value } minutes
admin-policy-session_absolute_hours = Every session ends after
admin-policy-session_absolute_hours-value = { $value } hours
admin-policy-sign_in_delay_minutes = Longest delay after failed attempts to sign in
admin-policy-sign_in_delay_minutes-value = { $value } minutes
admin-policy-passwords_barred = A new password must differ from
admin-policy-passwords_barred-value = { $value ->
    [one] the present one
   *[other] the last { $value }
  }
admin-policy-password_length = Shortest password
admin-policy-password_length-value = { $value } characters
admin-policy-second_factor = Second factor
admin-policy-second_factor-value = Required of secretaries, security officers, administrators, and whoever chairs a meeting or keeps its minutes; open to everybody
admin-mebibytes = { $size } MiB
admin-gibibytes = { $size } GiB
admin-certificates = Certificates
admin-certificate-root = Root authority
admin-certificate-issuing = Issuing authority
admin-certificate-hub = Hub
admin-certificate-relay = Relay { $name }
admin-certificate-until = until { $date }
admin-certificate-due = Renew
admin-relays = Relays
admin-relay-connected = Connected
admin-relay-away = Not connected
admin-relay-load = { $count ->
    [0] carries no media
    [one] carries one connection
   *[other] carries { $count } connections
  }
admin-storage = Storage and version
admin-storage-used = Used by this installation
admin-storage-free = Free on the disk
admin-storage-of = { $free } of { $total }
admin-version = Version

welcome-title = Choose a password
welcome-hello = Welcome, { $name }
welcome-again = { $name }, choose a new password
welcome-text = Only you will know this password. Nobody will ever ask you for it.
welcome-password = New password
welcome-hint = At least 12 characters. Several words that do not belong together are easy to remember and hard to guess.
welcome-repeat = The same once more
welcome-too-short = Use at least 12 characters.
welcome-differs = The two are not the same.
welcome-submit = Set the password
welcome-done = The password is set
welcome-done-text = Sign in with your username { $username } and the new password. This link does not work any more.
welcome-other = { $name } is signed in in this browser. Sign out before you go on.
