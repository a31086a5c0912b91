-- A message may carry an invitation for the reader's calendar: an iCalendar object, and its method (REQUEST or CANCEL). Wiped once sent.
ALTER TABLE platform_Message ADD Calendar {LONGTEXT} NULL;

ALTER TABLE platform_Message ADD CalendarMethod NVARCHAR(10) NULL;

-- How often something that stands in people's calendars (by the id of its owner's row) was told to them, and when last. Sequence only ever rises.
CREATE TABLE platform_Appointment (
    Id BINARY(16) NOT NULL,
    Sequence INT NOT NULL,
    ChangedAt DATETIME2(3) NOT NULL,
    CONSTRAINT PK_platform_Appointment PRIMARY KEY (Id),
    CONSTRAINT CK_platform_Appointment_Sequence CHECK (Sequence > 0)
);

-- The secret address at which somebody's calendar is read. Only a hash of the secret is kept. ContentAt: when what is read there last changed.
CREATE TABLE platform_CalendarFeed (
    Id BINARY(16) NOT NULL,
    PersonId BINARY(16) NOT NULL,
    SecretHash BINARY(32) NOT NULL,
    MadeAt DATETIME2(3) NOT NULL,
    EndedAt DATETIME2(3) NULL,
    ContentHash BINARY(32) NULL,
    ContentAt DATETIME2(3) NULL,
    ReadAt DATETIME2(3) NULL,
    CONSTRAINT PK_platform_CalendarFeed PRIMARY KEY (Id),
    CONSTRAINT UQ_platform_CalendarFeed_Secret UNIQUE (SecretHash)
);

CREATE UNIQUE INDEX UQ_platform_CalendarFeed_Person ON platform_CalendarFeed (PersonId) WHERE EndedAt IS NULL;
