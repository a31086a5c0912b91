-- What the channel has heard of a message since it took it, and when. Empty where nothing was heard: most mail servers never say.
ALTER TABLE platform_Message ADD Delivery NVARCHAR(20) NULL CONSTRAINT CK_platform_Message_Delivery CHECK (Delivery IN ('Delivered', 'TemporaryFailure', 'PermanentFailure', 'TechnicalFailure'));

ALTER TABLE platform_Message ADD DeliveryAt DATETIME2(3) NULL;

-- When the channel is asked next what became of it; empty once it is settled, and for a channel that can't be asked.
ALTER TABLE platform_Message ADD AskAt DATETIME2(3) NULL;

CREATE INDEX IX_platform_Message_Ask ON platform_Message (AskAt, Id) WHERE AskAt IS NOT NULL;
