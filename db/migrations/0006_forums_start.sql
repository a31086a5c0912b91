-- A series is what practitioners know as "the birth-to-three forum"; it meets once a term.
CREATE TABLE forums_Series (
    Id BINARY(16) NOT NULL,
    AuthorityId BINARY(16) NOT NULL,
    Name NVARCHAR(200) NOT NULL,
    Summary NVARCHAR(1000) NOT NULL,
    AgeRanges INT NOT NULL,
    CreatedAt DATETIME2(3) NOT NULL,
    Version INT NOT NULL,
    CONSTRAINT PK_forums_Series PRIMARY KEY (Id),
    CONSTRAINT UQ_forums_Series_Name UNIQUE (AuthorityId, Name),
    CONSTRAINT CK_forums_Series_AgeRanges CHECK (AgeRanges BETWEEN 0 AND 7)
);

CREATE TABLE forums_Meeting (
    Id BINARY(16) NOT NULL,
    SeriesId BINARY(16) NOT NULL,
    StartsAt DATETIME2(3) NOT NULL,
    EndsAt DATETIME2(3) NOT NULL,
    Venue NVARCHAR(300) NOT NULL,
    Topics NVARCHAR(1000) NOT NULL,
    CONSTRAINT PK_forums_Meeting PRIMARY KEY (Id),
    CONSTRAINT FK_forums_Meeting_Series FOREIGN KEY (SeriesId) REFERENCES forums_Series (Id),
    CONSTRAINT UQ_forums_Meeting_Start UNIQUE (SeriesId, StartsAt),
    CONSTRAINT CK_forums_Meeting_Times CHECK (EndsAt > StartsAt)
);
