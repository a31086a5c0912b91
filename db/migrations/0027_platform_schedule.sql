-- What runs by the clock: when each schedule is to run next, and how it went the last time. Failures counts those in a row.
CREATE TABLE platform_Schedule (
    Name NVARCHAR(100) NOT NULL,
    Cron NVARCHAR(100) NOT NULL,
    NextAt DATETIME2(3) NOT NULL,
    StartedAt DATETIME2(3) NULL,
    EndedAt DATETIME2(3) NULL,
    Failures INT NOT NULL,
    Error NVARCHAR(200) NULL,
    CONSTRAINT PK_platform_Schedule PRIMARY KEY (Name)
);

CREATE INDEX IX_platform_Outbox_Parked ON platform_Outbox (ParkedAt, Id) WHERE ParkedAt IS NOT NULL;
