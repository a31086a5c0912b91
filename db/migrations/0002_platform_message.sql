-- Messages that are due. A row is written in the transaction of its cause; (Kind, CauseId, Recipient) keeps it single.
CREATE TABLE platform_Message (
    Id BINARY(16) NOT NULL,
    Kind NVARCHAR(60) NOT NULL,
    CauseId BINARY(16) NOT NULL,
    Recipient NVARCHAR(320) NOT NULL,
    Subject NVARCHAR(300) NOT NULL,
    Body {LONGTEXT} NOT NULL,
    DueAt DATETIME2(3) NOT NULL,
    State NVARCHAR(12) NOT NULL,
    Attempts INT NOT NULL,
    ClaimedUntil DATETIME2(3) NULL,
    ClaimedBy BINARY(16) NULL,
    SentAt DATETIME2(3) NULL,
    Error NVARCHAR(1000) NULL,
    CONSTRAINT PK_platform_Message PRIMARY KEY (Id),
    CONSTRAINT UQ_platform_Message_Cause UNIQUE (Kind, CauseId, Recipient),
    CONSTRAINT CK_platform_Message_State CHECK (State IN ('Due', 'Sent', 'Parked', 'Cancelled'))
);

CREATE INDEX IX_platform_Message_Due ON platform_Message (DueAt, Id) WHERE State = 'Due';
