-- The places where an authority holds sessions, with their rooms. A session in a room keeps the words it is shown with (VenueName, VenueAddress);
-- sessions without one keep what was typed.
CREATE TABLE training_Venue (
    Id BINARY(16) NOT NULL,
    AuthorityId BINARY(16) NOT NULL,
    Name NVARCHAR(100) NOT NULL,
    NameKey NVARCHAR(200) NOT NULL,
    Address NVARCHAR(500) NOT NULL,
    MapLink NVARCHAR(500) NOT NULL,
    AccessNotes NVARCHAR(1000) NOT NULL,
    CreatedAt DATETIME2(3) NOT NULL,
    CreatedBy BINARY(16) NOT NULL,
    Version INT NOT NULL,
    CONSTRAINT PK_training_Venue PRIMARY KEY (Id)
);

CREATE INDEX IX_training_Venue_Authority ON training_Venue (AuthorityId, NameKey, Id);

CREATE TABLE training_Room (
    Id BINARY(16) NOT NULL,
    VenueId BINARY(16) NOT NULL,
    Name NVARCHAR(90) NOT NULL,
    Capacity INT NOT NULL,
    Number INT NOT NULL,
    EndedAt DATETIME2(3) NULL,
    CONSTRAINT PK_training_Room PRIMARY KEY (Id),
    CONSTRAINT FK_training_Room_Venue FOREIGN KEY (VenueId) REFERENCES training_Venue (Id),
    CONSTRAINT CK_training_Room_Capacity CHECK (Capacity > 0)
);

CREATE INDEX IX_training_Room_Venue ON training_Room (VenueId, Number);

ALTER TABLE training_Session ADD RoomId BINARY(16) NULL;

CREATE INDEX IX_training_Session_Room ON training_Session (RoomId, StartsAt) WHERE RoomId IS NOT NULL;
