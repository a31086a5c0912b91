-- The keys with which cookies and the tokens of forms are protected, so that every host reads what another has written. Element is the
-- framework's own XML of a key or of a revocation; it may be encrypted (Keys:Certificate).
CREATE TABLE platform_SharedKey (
    Id BINARY(16) NOT NULL,
    Name NVARCHAR(200) NOT NULL,
    Element {LONGTEXT} NOT NULL,
    StoredAt DATETIME2(3) NOT NULL,
    CONSTRAINT PK_platform_SharedKey PRIMARY KEY (Id),
    CONSTRAINT UQ_platform_SharedKey_Name UNIQUE (Name)
);
