-- How places are given out: what is kept for whom and until when, by which rules, and why. Ruled: limits or quotas may apply, so that a
-- booking must look at them. DueAt: when time alone may change who has a place (a hold ends, a limit falls away); empty while nobody waits.
ALTER TABLE training_Session ADD Ruled BIT NOT NULL CONSTRAINT DF_training_Session_Ruled DEFAULT 0;

ALTER TABLE training_Session ADD DueAt DATETIME2(3) NULL;

-- Fewer people than this by DecideAt: officers are warned once, and decide.
ALTER TABLE training_Session ADD LeastPeople INT NULL;

ALTER TABLE training_Session ADD DecideAt DATETIME2(3) NULL;

ALTER TABLE training_Session ADD WarnedAt DATETIME2(3) NULL;

CREATE INDEX IX_training_Session_Due ON training_Session (DueAt, Id) WHERE DueAt IS NOT NULL;

CREATE INDEX IX_training_Session_Decide ON training_Session (DecideAt, Id) WHERE DecideAt IS NOT NULL;

-- The job role with which the person was booked; empty for people of no setting.
ALTER TABLE training_Booking ADD JobRole NVARCHAR(30) NULL;

-- Those of one group wait together: all of them get places at once, or none.
ALTER TABLE training_Booking ADD GroupId BINARY(16) NULL;

-- Asked or Given; empty where nobody needs to approve.
ALTER TABLE training_Booking ADD Approval NVARCHAR(10) NULL;

-- When the person was told that free places are open to whoever comes first.
ALTER TABLE training_Booking ADD LastCallAt DATETIME2(3) NULL;

-- Passes counts how often a free place went past the group because it needed more of them.
CREATE TABLE training_BookingGroup (
    Id BINARY(16) NOT NULL,
    SessionId BINARY(16) NOT NULL,
    MadeAt DATETIME2(3) NOT NULL,
    MadeBy BINARY(16) NOT NULL,
    Passes INT NOT NULL,
    CONSTRAINT PK_training_BookingGroup PRIMARY KEY (Id),
    CONSTRAINT FK_training_BookingGroup_Session FOREIGN KEY (SessionId) REFERENCES training_Session (Id)
);

CREATE INDEX IX_training_BookingGroup_Session ON training_BookingGroup (SessionId, Id);

-- A place kept for someone who waits, for a set time; it counts in PlacesTaken until it ends. Offer: the person is to accept it. Approval:
-- the manager is to approve. Kept: one of several places that a group needs.
CREATE TABLE training_Hold (
    Id BINARY(16) NOT NULL,
    SessionId BINARY(16) NOT NULL,
    BookingId BINARY(16) NOT NULL,
    Kind NVARCHAR(10) NOT NULL,
    MadeAt DATETIME2(3) NOT NULL,
    ExpiresAt DATETIME2(3) NOT NULL,
    EndedAt DATETIME2(3) NULL,
    Ending NVARCHAR(10) NULL,
    CONSTRAINT PK_training_Hold PRIMARY KEY (Id),
    CONSTRAINT FK_training_Hold_Session FOREIGN KEY (SessionId) REFERENCES training_Session (Id),
    CONSTRAINT FK_training_Hold_Booking FOREIGN KEY (BookingId) REFERENCES training_Booking (Id),
    CONSTRAINT CK_training_Hold_Kind CHECK (Kind IN ('Offer', 'Approval', 'Kept')),
    CONSTRAINT CK_training_Hold_Ending CHECK ((EndedAt IS NULL AND Ending IS NULL) OR (EndedAt IS NOT NULL AND Ending IN ('Taken', 'Declined', 'Lapsed', 'Ended')))
);

CREATE UNIQUE INDEX UQ_training_Hold_Open ON training_Hold (BookingId) WHERE EndedAt IS NULL;

CREATE INDEX IX_training_Hold_Session ON training_Hold (SessionId, BookingId) WHERE EndedAt IS NULL;

-- At most so many places a setting, of one job role or ('') of all, until a time or without end.
CREATE TABLE training_PlaceLimit (
    SessionId BINARY(16) NOT NULL,
    JobRole NVARCHAR(30) NOT NULL,
    Most INT NOT NULL,
    Until DATETIME2(3) NULL,
    CONSTRAINT PK_training_PlaceLimit PRIMARY KEY (SessionId, JobRole),
    CONSTRAINT FK_training_PlaceLimit_Session FOREIGN KEY (SessionId) REFERENCES training_Session (Id),
    CONSTRAINT CK_training_PlaceLimit_Most CHECK (Most > 0)
);

-- Places set aside for people of an authority until they are released to everyone.
CREATE TABLE training_Quota (
    SessionId BINARY(16) NOT NULL,
    AuthorityId BINARY(16) NOT NULL,
    Places INT NOT NULL,
    ReleasesAt DATETIME2(3) NOT NULL,
    CONSTRAINT PK_training_Quota PRIMARY KEY (SessionId, AuthorityId),
    CONSTRAINT FK_training_Quota_Session FOREIGN KEY (SessionId) REFERENCES training_Session (Id),
    CONSTRAINT CK_training_Quota_Places CHECK (Places > 0)
);

-- How an authority gives out free places; without a row, the defaults of the program hold. Hours are working hours of the
-- authority; DayStarts and DayEnds are minutes after midnight in London.
CREATE TABLE training_BookingRule (
    AuthorityId BINARY(16) NOT NULL,
    Offers BIT NOT NULL,
    OfferHours INT NOT NULL,
    LastHours INT NOT NULL,
    DayStarts INT NOT NULL,
    DayEnds INT NOT NULL,
    PassLimit INT NOT NULL,
    AsksApproval BIT NOT NULL,
    ApprovalHours INT NOT NULL,
    Version INT NOT NULL,
    CONSTRAINT PK_training_BookingRule PRIMARY KEY (AuthorityId),
    CONSTRAINT CK_training_BookingRule_Hours CHECK (OfferHours > 0 AND LastHours >= 0 AND ApprovalHours > 0),
    CONSTRAINT CK_training_BookingRule_Day CHECK (DayStarts >= 0 AND DayEnds <= 1440 AND DayStarts < DayEnds)
);

CREATE TABLE training_SettingRule (
    SettingId BINARY(16) NOT NULL,
    AsksApproval BIT NOT NULL,
    ChangedAt DATETIME2(3) NOT NULL,
    ChangedBy BINARY(16) NOT NULL,
    CONSTRAINT PK_training_SettingRule PRIMARY KEY (SettingId)
);

-- Priority bands of an authority, first to last, each with the reason that people read. Whoever is in none comes after them all.
CREATE TABLE training_Band (
    Id BINARY(16) NOT NULL,
    AuthorityId BINARY(16) NOT NULL,
    Rank INT NOT NULL,
    Name NVARCHAR(100) NOT NULL,
    Reason NVARCHAR(300) NOT NULL,
    Kind NVARCHAR(20) NOT NULL,
    SettingType NVARCHAR(200) NULL,
    CONSTRAINT PK_training_Band PRIMARY KEY (Id),
    CONSTRAINT CK_training_Band_Kind CHECK (Kind IN ('NoPlaceThisYear', 'SettingType', 'SettingList'))
);

CREATE INDEX IX_training_Band_Authority ON training_Band (AuthorityId, Rank, Id);

CREATE TABLE training_BandSetting (
    BandId BINARY(16) NOT NULL,
    SettingId BINARY(16) NOT NULL,
    CONSTRAINT PK_training_BandSetting PRIMARY KEY (BandId, SettingId),
    CONSTRAINT FK_training_BandSetting_Band FOREIGN KEY (BandId) REFERENCES training_Band (Id)
);

-- Each time that free places were given out: who got one and who did not, and why. Behind is how many waited after all the free
-- places were gone; they have no line.
CREATE TABLE training_Decision (
    Id BINARY(16) NOT NULL,
    SessionId BINARY(16) NOT NULL,
    At DATETIME2(3) NOT NULL,
    MadeBy BINARY(16) NOT NULL,
    Cause NVARCHAR(60) NOT NULL,
    FreeBefore INT NOT NULL,
    FreeAfter INT NOT NULL,
    Behind INT NOT NULL,
    CONSTRAINT PK_training_Decision PRIMARY KEY (Id),
    CONSTRAINT FK_training_Decision_Session FOREIGN KEY (SessionId) REFERENCES training_Session (Id)
);

CREATE INDEX IX_training_Decision_Session ON training_Decision (SessionId, Id);

CREATE TABLE training_DecisionLine (
    DecisionId BINARY(16) NOT NULL,
    Number INT NOT NULL,
    BookingId BINARY(16) NOT NULL,
    Band NVARCHAR(100) NULL,
    Verdict NVARCHAR(12) NOT NULL,
    Why NVARCHAR(300) NOT NULL,
    CONSTRAINT PK_training_DecisionLine PRIMARY KEY (DecisionId, Number),
    CONSTRAINT FK_training_DecisionLine_Decision FOREIGN KEY (DecisionId) REFERENCES training_Decision (Id),
    CONSTRAINT FK_training_DecisionLine_Booking FOREIGN KEY (BookingId) REFERENCES training_Booking (Id)
);

CREATE INDEX IX_training_DecisionLine_Booking ON training_DecisionLine (BookingId, DecisionId);

-- What the nightly check of places found wrong at a session, until a later check finds it right.
CREATE TABLE training_PlaceFault (
    Id BINARY(16) NOT NULL,
    SessionId BINARY(16) NOT NULL,
    FoundAt DATETIME2(3) NOT NULL,
    Fault NVARCHAR(300) NOT NULL,
    ClearedAt DATETIME2(3) NULL,
    CONSTRAINT PK_training_PlaceFault PRIMARY KEY (Id),
    CONSTRAINT FK_training_PlaceFault_Session FOREIGN KEY (SessionId) REFERENCES training_Session (Id)
);

CREATE INDEX IX_training_PlaceFault_Session ON training_PlaceFault (SessionId, FoundAt);
