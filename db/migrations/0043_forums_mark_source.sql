-- The table of marks is made anew: a mark may also come from a scan at the door or from a person's own joining link, and SQLite can't change a check.
CREATE TABLE forums_MarkBefore (
    Nonce BINARY(16) NOT NULL,
    MeetingId BINARY(16) NOT NULL,
    Number INT NOT NULL,
    PersonId BINARY(16) NOT NULL,
    Kind NVARCHAR(8) NOT NULL,
    At DATETIME2(3) NULL,
    Until DATETIME2(3) NULL,
    Undoes BINARY(16) NULL,
    Source NVARCHAR(8) NOT NULL,
    MadeAt DATETIME2(3) NOT NULL,
    MadeBy BINARY(16) NOT NULL,
    CONSTRAINT PK_forums_MarkBefore PRIMARY KEY (Nonce)
);

INSERT INTO forums_MarkBefore (Nonce, MeetingId, Number, PersonId, Kind, At, Until, Undoes, Source, MadeAt, MadeBy)
SELECT Nonce, MeetingId, Number, PersonId, Kind, At, Until, Undoes, Source, MadeAt, MadeBy
FROM forums_Mark;

DROP TABLE forums_Mark;

-- What was noted of somebody on the register, as training_Mark has it; a member has marks before they are a participant.
CREATE TABLE forums_Mark (
    Nonce BINARY(16) NOT NULL,
    MeetingId BINARY(16) NOT NULL,
    Number INT NOT NULL,
    PersonId BINARY(16) NOT NULL,
    Kind NVARCHAR(8) NOT NULL,
    At DATETIME2(3) NULL,
    Until DATETIME2(3) NULL,
    Undoes BINARY(16) NULL,
    Source NVARCHAR(8) NOT NULL,
    MadeAt DATETIME2(3) NOT NULL,
    MadeBy BINARY(16) NOT NULL,
    CONSTRAINT PK_forums_Mark PRIMARY KEY (Nonce),
    CONSTRAINT UQ_forums_Mark_Number UNIQUE (MeetingId, Number),
    CONSTRAINT FK_forums_Mark_Meeting FOREIGN KEY (MeetingId) REFERENCES forums_Meeting (Id),
    CONSTRAINT CK_forums_Mark_Kind CHECK (Kind IN ('Came', 'Left', 'Times', 'Absent', 'Clear', 'Undo')),
    CONSTRAINT CK_forums_Mark_Source CHECK (Source IN ('Door', 'Scan', 'Link', 'Paper'))
);

INSERT INTO forums_Mark (Nonce, MeetingId, Number, PersonId, Kind, At, Until, Undoes, Source, MadeAt, MadeBy)
SELECT Nonce, MeetingId, Number, PersonId, Kind, At, Until, Undoes, Source, MadeAt, MadeBy
FROM forums_MarkBefore;

DROP TABLE forums_MarkBefore;
