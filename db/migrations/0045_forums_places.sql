-- How many a meeting takes in all; empty for as many as like. A forum has the number with which the form of a meeting begins.
ALTER TABLE forums_Series ADD Places INT NULL CONSTRAINT CK_forums_Series_Room CHECK (Places > 0);

ALTER TABLE forums_Meeting ADD Places INT NULL CONSTRAINT CK_forums_Meeting_Places CHECK (Places > 0);

-- The table of participants is made anew: a member may also wait for a place, and SQLite can't change a check.
CREATE TABLE forums_ParticipantBefore (
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
    CONSTRAINT PK_forums_ParticipantBefore PRIMARY KEY (Id)
);

INSERT INTO forums_ParticipantBefore (Id, MeetingId, PersonId, IsGuest, AuthorityId, SettingId, Role, Reply, ReplyReason, RepliedAt, Attendance, CameAt, LeftAt, Minutes, Revision)
SELECT Id, MeetingId, PersonId, IsGuest, AuthorityId, SettingId, Role, Reply, ReplyReason, RepliedAt, Attendance, CameAt, LeftAt, Minutes, Revision
FROM forums_Participant;

DROP TABLE forums_Participant;

-- Whoever has answered the invitation to a meeting or is on its register, one row a person. A member without a row is invited and has said nothing.
-- AuthorityId, SettingId and Role are those of the moment the row was made, and stay. A guest was no member of the series then (a walk-in, a speaker).
-- Reply is what became of the member's: who wants to come when all places are taken waits, and WaitNumber is their order among those who do. The register
-- writes Attendance with the times in and out, the minutes that follow, and a revision that rises with each telling.
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
    WaitNumber INT NULL,
    Attendance NVARCHAR(14) NULL,
    CameAt DATETIME2(3) NULL,
    LeftAt DATETIME2(3) NULL,
    Minutes INT NOT NULL,
    Revision INT NOT NULL,
    CONSTRAINT PK_forums_Participant PRIMARY KEY (Id),
    CONSTRAINT UQ_forums_Participant_Person UNIQUE (MeetingId, PersonId),
    CONSTRAINT FK_forums_Participant_Meeting FOREIGN KEY (MeetingId) REFERENCES forums_Meeting (Id),
    CONSTRAINT CK_forums_Participant_Role CHECK (Role IN ('Practitioner', 'Manager', 'Childminder', 'Parent', 'Volunteer', 'Officer', 'Partner')),
    CONSTRAINT CK_forums_Participant_Reply CHECK (Reply IS NULL OR (Reply IN ('Coming', 'Apologies', 'Waiting') AND RepliedAt IS NOT NULL)),
    CONSTRAINT CK_forums_Participant_Waiting CHECK ((WaitNumber IS NULL AND (Reply IS NULL OR Reply <> 'Waiting')) OR (WaitNumber IS NOT NULL AND Reply IS NOT NULL AND Reply = 'Waiting')),
    CONSTRAINT CK_forums_Participant_Attendance CHECK (Attendance IS NULL OR Attendance IN ('Attended', 'Part', 'DidNotAttend')),
    CONSTRAINT CK_forums_Participant_Minutes CHECK (Minutes >= 0),
    CONSTRAINT CK_forums_Participant_Times CHECK (LeftAt IS NULL OR LeftAt >= CameAt)
);

INSERT INTO forums_Participant (Id, MeetingId, PersonId, IsGuest, AuthorityId, SettingId, Role, Reply, ReplyReason, RepliedAt, Attendance, CameAt, LeftAt, Minutes, Revision)
SELECT Id, MeetingId, PersonId, IsGuest, AuthorityId, SettingId, Role, Reply, ReplyReason, RepliedAt, Attendance, CameAt, LeftAt, Minutes, Revision
FROM forums_ParticipantBefore;

DROP TABLE forums_ParticipantBefore;

CREATE INDEX IX_forums_Participant_Person ON forums_Participant (PersonId, MeetingId);

CREATE INDEX IX_forums_Participant_Setting ON forums_Participant (SettingId, MeetingId) WHERE SettingId IS NOT NULL;

CREATE UNIQUE INDEX UQ_forums_Participant_Wait ON forums_Participant (MeetingId, WaitNumber) WHERE WaitNumber IS NOT NULL;
