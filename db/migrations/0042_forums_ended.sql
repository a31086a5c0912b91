-- When a forum came to its end, and why; both are empty while it lives, and again once it is opened again.
ALTER TABLE forums_Series ADD EndedAt DATETIME2(3) NULL;

ALTER TABLE forums_Series ADD EndReason NVARCHAR(500) NULL;

-- Who ended a membership: the member, or an officer; nobody where it ended with the forum, and of memberships that ended before this was kept.
ALTER TABLE forums_Member ADD EndedBy BINARY(16) NULL;
