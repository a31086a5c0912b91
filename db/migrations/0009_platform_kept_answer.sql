-- What was answered to a request that carries a key (Idempotency-Key, or a form's token), for 24 hours. Id is a fingerprint of who asked and of
-- the key, Request one of what was asked. Sealed is the answer, readable only with the key, which is not stored.
CREATE TABLE platform_KeptAnswer (
    Id BINARY(16) NOT NULL,
    Request BINARY(32) NOT NULL,
    Sealed {LONGTEXT} NOT NULL,
    ExpiresAt DATETIME2(3) NOT NULL,
    CONSTRAINT PK_platform_KeptAnswer PRIMARY KEY (Id)
);

CREATE INDEX IX_platform_KeptAnswer_ExpiresAt ON platform_KeptAnswer (ExpiresAt, Id);
