-- Who wants no more messages of a kind.
CREATE TABLE platform_Refusal (
    PersonId BINARY(16) NOT NULL,
    Kind NVARCHAR(60) NOT NULL,
    RefusedAt DATETIME2(3) NOT NULL,
    CONSTRAINT PK_platform_Refusal PRIMARY KEY (PersonId, Kind)
);
