CREATE TABLE platform_Outbox (
    Id BINARY(16) NOT NULL,
    Type NVARCHAR(200) NOT NULL,
    Payload {LONGTEXT} NOT NULL,
    OccurredAt DATETIME2(3) NOT NULL,
    NextAttemptAt DATETIME2(3) NOT NULL,
    Attempts INT NOT NULL,
    ClaimedUntil DATETIME2(3) NULL,
    ClaimedBy BINARY(16) NULL,
    DeliveredAt DATETIME2(3) NULL,
    ParkedAt DATETIME2(3) NULL,
    Error NVARCHAR(1000) NULL,
    CONSTRAINT PK_platform_Outbox PRIMARY KEY (Id)
);

CREATE INDEX IX_platform_Outbox_Due ON platform_Outbox (Id) WHERE DeliveredAt IS NULL AND ParkedAt IS NULL;

CREATE TABLE platform_OutboxDelivery (
    EventId BINARY(16) NOT NULL,
    Handler NVARCHAR(200) NOT NULL,
    DeliveredAt DATETIME2(3) NOT NULL,
    CONSTRAINT PK_platform_OutboxDelivery PRIMARY KEY (EventId, Handler)
);
