-- The due table: every message, said at once or planned for a moment, in one place. It is made anew, because a planned message is unique with its
-- moment and SQLite can't take a constraint away.
CREATE TABLE platform_MessageBefore (
    Id BINARY(16) NOT NULL,
    Kind NVARCHAR(60) NOT NULL,
    CauseId BINARY(16) NOT NULL,
    Recipient NVARCHAR(320) NOT NULL,
    Subject NVARCHAR(300) NOT NULL,
    Body {LONGTEXT} NOT NULL,
    Calendar {LONGTEXT} NULL,
    CalendarMethod NVARCHAR(10) NULL,
    DueAt DATETIME2(3) NOT NULL,
    State NVARCHAR(12) NOT NULL,
    Attempts INT NOT NULL,
    ClaimedUntil DATETIME2(3) NULL,
    ClaimedBy BINARY(16) NULL,
    SentAt DATETIME2(3) NULL,
    Error NVARCHAR(1000) NULL,
    CONSTRAINT PK_platform_MessageBefore PRIMARY KEY (Id)
);

INSERT INTO platform_MessageBefore (Id, Kind, CauseId, Recipient, Subject, Body, Calendar, CalendarMethod, DueAt, State, Attempts, ClaimedUntil, ClaimedBy, SentAt, Error)
SELECT Id, Kind, CauseId, Recipient, Subject, Body, Calendar, CalendarMethod, DueAt, State, Attempts, ClaimedUntil, ClaimedBy, SentAt, Error
FROM platform_Message;

DROP TABLE platform_Message;

-- What was said at once holds its words and the address, and is unique by (Kind, CauseId, Recipient). What is planned (PlannedFor) has no words
-- until it is sent and is unique by (Kind, CauseId, RecipientId, PlannedFor); RecipientId is a person, or zeros for a round, which becomes a message
-- for each of those whom it concerns. DueAt is when it is tried next, GoodUntil when it is too late. AboutId is what the moment follows from.
-- AuthorityId is whose officers see it when it can't be sent. Priority: the lowest goes first.
CREATE TABLE platform_Message (
    Id BINARY(16) NOT NULL,
    Kind NVARCHAR(60) NOT NULL,
    CauseId BINARY(16) NOT NULL,
    AboutId BINARY(16) NULL,
    AuthorityId BINARY(16) NULL,
    RecipientId BINARY(16) NULL,
    Recipient NVARCHAR(320) NOT NULL,
    Subject NVARCHAR(300) NOT NULL,
    Body {LONGTEXT} NOT NULL,
    Calendar {LONGTEXT} NULL,
    CalendarMethod NVARCHAR(10) NULL,
    Priority INT NOT NULL CONSTRAINT DF_platform_Message_Priority DEFAULT 1,
    PlannedFor DATETIME2(3) NULL,
    GoodUntil DATETIME2(3) NULL,
    DueAt DATETIME2(3) NOT NULL,
    State NVARCHAR(12) NOT NULL,
    Attempts INT NOT NULL,
    ClaimedUntil DATETIME2(3) NULL,
    ClaimedBy BINARY(16) NULL,
    SentAt DATETIME2(3) NULL,
    Error NVARCHAR(1000) NULL,
    CONSTRAINT PK_platform_Message PRIMARY KEY (Id),
    CONSTRAINT CK_platform_Message_State CHECK (State IN ('Due', 'Sent', 'Parked', 'Cancelled')),
    CONSTRAINT CK_platform_Message_Priority CHECK (Priority BETWEEN 0 AND 3)
);

INSERT INTO platform_Message (Id, Kind, CauseId, Recipient, Subject, Body, Calendar, CalendarMethod, Priority, DueAt, State, Attempts, ClaimedUntil, ClaimedBy, SentAt, Error)
SELECT Id, Kind, CauseId, Recipient, Subject, Body, Calendar, CalendarMethod, 1, DueAt, State, Attempts, ClaimedUntil, ClaimedBy, SentAt, Error
FROM platform_MessageBefore;

DROP TABLE platform_MessageBefore;

CREATE UNIQUE INDEX UQ_platform_Message_Said ON platform_Message (Kind, CauseId, Recipient) WHERE PlannedFor IS NULL;

CREATE UNIQUE INDEX UQ_platform_Message_Planned ON platform_Message (Kind, CauseId, RecipientId, PlannedFor) WHERE PlannedFor IS NOT NULL AND RecipientId IS NOT NULL;

CREATE INDEX IX_platform_Message_Due ON platform_Message (Priority, DueAt, Id) WHERE State = 'Due';

CREATE INDEX IX_platform_Message_About ON platform_Message (AboutId, Kind) WHERE AboutId IS NOT NULL;

CREATE INDEX IX_platform_Message_Parked ON platform_Message (DueAt, Id) WHERE State = 'Parked';

-- How many messages a channel was given in a minute and on a day, where it is limited. All hosts count here.
CREATE TABLE platform_ChannelUse (
    Channel NVARCHAR(20) NOT NULL,
    Span NVARCHAR(10) NOT NULL,
    StartsAt DATETIME2(3) NOT NULL,
    Used INT NOT NULL,
    CONSTRAINT PK_platform_ChannelUse PRIMARY KEY (Channel, Span, StartsAt),
    CONSTRAINT CK_platform_ChannelUse_Span CHECK (Span IN ('Minute', 'Day')),
    CONSTRAINT CK_platform_ChannelUse_Used CHECK (Used >= 0)
);
