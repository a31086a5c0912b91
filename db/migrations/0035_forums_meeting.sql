-- How a forum meets unless a meeting says otherwise, and for whom it is: ages stand in AgeRanges, job roles in a table of their own; none means all.
ALTER TABLE forums_Series ADD Mode NVARCHAR(12) NOT NULL CONSTRAINT DF_forums_Series_Mode DEFAULT 'InPerson' CONSTRAINT CK_forums_Series_Mode CHECK (Mode IN ('InPerson', 'LiveOnline'));

-- How many of one setting may say that they come to a meeting; empty for as many as like.
ALTER TABLE forums_Series ADD PlacesPerSetting INT NULL CONSTRAINT CK_forums_Series_Places CHECK (PlacesPerSetting > 0);

-- Whether the minutes that somebody attends become CPD hours.
ALTER TABLE forums_Series ADD CountsHours BIT NOT NULL CONSTRAINT DF_forums_Series_Hours DEFAULT 1;

ALTER TABLE forums_Series ADD TermsOfReference NVARCHAR(4000) NOT NULL CONSTRAINT DF_forums_Series_Terms DEFAULT '';

CREATE TABLE forums_SeriesAudience (
    SeriesId BINARY(16) NOT NULL,
    JobRole NVARCHAR(30) NOT NULL,
    CONSTRAINT PK_forums_SeriesAudience PRIMARY KEY (SeriesId, JobRole),
    CONSTRAINT FK_forums_SeriesAudience_Series FOREIGN KEY (SeriesId) REFERENCES forums_Series (Id)
);

-- Authorities that take part besides the series' own. Each member and participant keeps the authority that they come from.
CREATE TABLE forums_SeriesAuthority (
    SeriesId BINARY(16) NOT NULL,
    AuthorityId BINARY(16) NOT NULL,
    CONSTRAINT PK_forums_SeriesAuthority PRIMARY KEY (SeriesId, AuthorityId),
    CONSTRAINT FK_forums_SeriesAuthority_Series FOREIGN KEY (SeriesId) REFERENCES forums_Series (Id)
);

CREATE INDEX IX_forums_SeriesAuthority_Authority ON forums_SeriesAuthority (AuthorityId, SeriesId);

-- A member is invited to every published meeting of the series until they leave it. AuthorityId and SettingId say where they came from when they
-- joined; Role is what they count as in the quorum. Left memberships stay.
CREATE TABLE forums_Member (
    Id BINARY(16) NOT NULL,
    SeriesId BINARY(16) NOT NULL,
    PersonId BINARY(16) NOT NULL,
    AuthorityId BINARY(16) NOT NULL,
    SettingId BINARY(16) NULL,
    Role NVARCHAR(20) NOT NULL,
    Since DATETIME2(3) NOT NULL,
    Until DATETIME2(3) NULL,
    AddedBy BINARY(16) NOT NULL,
    CONSTRAINT PK_forums_Member PRIMARY KEY (Id),
    CONSTRAINT FK_forums_Member_Series FOREIGN KEY (SeriesId) REFERENCES forums_Series (Id),
    CONSTRAINT CK_forums_Member_Role CHECK (Role IN ('Practitioner', 'Manager', 'Childminder', 'Parent', 'Volunteer', 'Officer', 'Partner')),
    CONSTRAINT CK_forums_Member_Until CHECK (Until IS NULL OR Until >= Since)
);

CREATE UNIQUE INDEX UQ_forums_Member_Live ON forums_Member (SeriesId, PersonId) WHERE Until IS NULL;

CREATE INDEX IX_forums_Member_Series ON forums_Member (SeriesId, Id);

CREATE INDEX IX_forums_Member_Person ON forums_Member (PersonId, SeriesId);

CREATE INDEX IX_forums_Member_Setting ON forums_Member (SettingId) WHERE SettingId IS NOT NULL;

-- The table of meetings is made anew: two of a series never begin at the same time unless one is called off, and SQLite can't take a constraint away.
CREATE TABLE forums_MeetingBefore (
    Id BINARY(16) NOT NULL,
    SeriesId BINARY(16) NOT NULL,
    StartsAt DATETIME2(3) NOT NULL,
    EndsAt DATETIME2(3) NOT NULL,
    Venue NVARCHAR(300) NOT NULL,
    Topics NVARCHAR(1000) NOT NULL,
    CONSTRAINT PK_forums_MeetingBefore PRIMARY KEY (Id)
);

INSERT INTO forums_MeetingBefore (Id, SeriesId, StartsAt, EndsAt, Venue, Topics)
SELECT Id, SeriesId, StartsAt, EndsAt, Venue, Topics
FROM forums_Meeting;

DROP TABLE forums_Meeting;

-- Term is what the authority calls the term it was proposed for; empty where nobody proposed it. ChairId is a person. What its calendar entry was
-- told how often stands in platform_Appointment, by the meeting's id. Everybody sees published and cancelled ones, officers also drafts.
CREATE TABLE forums_Meeting (
    Id BINARY(16) NOT NULL,
    SeriesId BINARY(16) NOT NULL,
    StartsAt DATETIME2(3) NOT NULL,
    EndsAt DATETIME2(3) NOT NULL,
    Mode NVARCHAR(12) NOT NULL,
    Venue NVARCHAR(300) NOT NULL,
    JoiningLink NVARCHAR(500) NOT NULL,
    Topics NVARCHAR(1000) NOT NULL,
    Term NVARCHAR(60) NOT NULL,
    ChairId BINARY(16) NULL,
    State NVARCHAR(10) NOT NULL,
    CancelReason NVARCHAR(500) NOT NULL,
    CancelledAt DATETIME2(3) NULL,
    RegisterClosedAt DATETIME2(3) NULL,
    Version INT NOT NULL,
    CONSTRAINT PK_forums_Meeting PRIMARY KEY (Id),
    CONSTRAINT FK_forums_Meeting_Series FOREIGN KEY (SeriesId) REFERENCES forums_Series (Id),
    CONSTRAINT CK_forums_Meeting_Mode CHECK (Mode IN ('InPerson', 'LiveOnline')),
    CONSTRAINT CK_forums_Meeting_State CHECK (State IN ('Draft', 'Published', 'Cancelled')),
    CONSTRAINT CK_forums_Meeting_Cancelled CHECK ((State = 'Cancelled' AND CancelledAt IS NOT NULL) OR (State <> 'Cancelled' AND CancelledAt IS NULL)),
    CONSTRAINT CK_forums_Meeting_Times CHECK (EndsAt > StartsAt)
);

INSERT INTO forums_Meeting (Id, SeriesId, StartsAt, EndsAt, Mode, Venue, JoiningLink, Topics, Term, State, CancelReason, Version)
SELECT Id, SeriesId, StartsAt, EndsAt, 'InPerson', Venue, '', Topics, '', 'Published', '', 1
FROM forums_MeetingBefore;

DROP TABLE forums_MeetingBefore;

CREATE UNIQUE INDEX UQ_forums_Meeting_Start ON forums_Meeting (SeriesId, StartsAt) WHERE State <> 'Cancelled';

CREATE INDEX IX_forums_Meeting_When ON forums_Meeting (StartsAt, SeriesId);

-- Whoever has answered the invitation to a meeting or is on its register, one row a person. A member without a row is invited and has said nothing.
-- AuthorityId, SettingId and Role are those of the moment the row was made, and stay. A guest was no member of the series then (a walk-in, a speaker).
-- Reply is the member's; the register writes Attendance with the times in and out, the minutes that follow, and a revision that rises with each telling.
CREATE TABLE forums_Participant (
    Id BINARY(16) NOT NULL,
    MeetingId BINARY(16) NOT NULL,
    PersonId BINARY(16) NOT NULL,
    IsGuest BIT NOT NULL,
    AuthorityId BINARY(16) NOT NULL,
    SettingId BINARY(16) NULL,
    Role NVARCHAR(20) NOT NULL,
    Reply NVARCHAR(10) NULL,
    ReplyReason NVARCHAR(500) NOT NULL,
    RepliedAt DATETIME2(3) NULL,
    Attendance NVARCHAR(14) NULL,
    CameAt DATETIME2(3) NULL,
    LeftAt DATETIME2(3) NULL,
    Minutes INT NOT NULL,
    Revision INT NOT NULL,
    CONSTRAINT PK_forums_Participant PRIMARY KEY (Id),
    CONSTRAINT UQ_forums_Participant_Person UNIQUE (MeetingId, PersonId),
    CONSTRAINT FK_forums_Participant_Meeting FOREIGN KEY (MeetingId) REFERENCES forums_Meeting (Id),
    CONSTRAINT CK_forums_Participant_Role CHECK (Role IN ('Practitioner', 'Manager', 'Childminder', 'Parent', 'Volunteer', 'Officer', 'Partner')),
    CONSTRAINT CK_forums_Participant_Reply CHECK (Reply IS NULL OR (Reply IN ('Coming', 'Apologies') AND RepliedAt IS NOT NULL)),
    CONSTRAINT CK_forums_Participant_Attendance CHECK (Attendance IS NULL OR Attendance IN ('Attended', 'Part', 'DidNotAttend')),
    CONSTRAINT CK_forums_Participant_Minutes CHECK (Minutes >= 0),
    CONSTRAINT CK_forums_Participant_Times CHECK (LeftAt IS NULL OR LeftAt >= CameAt)
);

CREATE INDEX IX_forums_Participant_Person ON forums_Participant (PersonId, MeetingId);

CREATE INDEX IX_forums_Participant_Setting ON forums_Participant (SettingId, MeetingId) WHERE SettingId IS NOT NULL;
