-- Schemes, the CPD ledger and certificates. Courses, sessions, people and organisations are other modules' and stand here by id.
-- AgeRanges is a set: 1 birth to two, 2 two to three, 4 three to five.
CREATE TABLE accreditation_Scheme (
    Id BINARY(16) NOT NULL,
    AccreditorId BINARY(16) NOT NULL,
    Name NVARCHAR(200) NOT NULL,
    NameKey NVARCHAR(200) NOT NULL,
    Description NVARCHAR(2000) NOT NULL,
    State NVARCHAR(10) NOT NULL,
    Version INT NOT NULL,
    CONSTRAINT PK_accreditation_Scheme PRIMARY KEY (Id),
    CONSTRAINT UQ_accreditation_Scheme_Name UNIQUE (AccreditorId, NameKey),
    CONSTRAINT CK_accreditation_Scheme_State CHECK (State IN ('Open', 'Closed'))
);

-- Valid on a day from ValidFrom to ValidTo (both included) that is before EndedOn. A certificate issued under it is valid for
-- CertificateMonths from the session's last day; for ever when that is null.
CREATE TABLE accreditation_AccreditedCourse (
    Id BINARY(16) NOT NULL,
    SchemeId BINARY(16) NOT NULL,
    CourseId BINARY(16) NOT NULL,
    CourseTitle NVARCHAR(300) NOT NULL,
    TrainingProviderId BINARY(16) NULL,
    Reference NVARCHAR(50) NOT NULL,
    ValidFrom DATE NOT NULL,
    ValidTo DATE NOT NULL,
    CertificateMonths INT NULL,
    EndedOn DATE NULL,
    EndedReason NVARCHAR(500) NULL,
    CONSTRAINT PK_accreditation_AccreditedCourse PRIMARY KEY (Id),
    CONSTRAINT FK_accreditation_AccreditedCourse_Scheme FOREIGN KEY (SchemeId) REFERENCES accreditation_Scheme (Id),
    CONSTRAINT CK_accreditation_AccreditedCourse_Valid CHECK (ValidTo >= ValidFrom)
);

CREATE UNIQUE INDEX UQ_accreditation_AccreditedCourse_Live ON accreditation_AccreditedCourse (SchemeId, CourseId, ValidFrom) WHERE EndedOn IS NULL;

CREATE INDEX IX_accreditation_AccreditedCourse_Course ON accreditation_AccreditedCourse (CourseId, ValidFrom);

-- The CPD ledger: what a person has done, once for each cause. A cause that came to nothing stays as a withdrawn row, so that an
-- older revision that arrives late finds that it is too late.
CREATE TABLE accreditation_Entry (
    Id BINARY(16) NOT NULL,
    PersonId BINARY(16) NOT NULL,
    CauseKind NVARCHAR(20) NOT NULL,
    CauseId BINARY(16) NOT NULL,
    Revision INT NOT NULL,
    Title NVARCHAR(300) NOT NULL,
    Source NVARCHAR(200) NOT NULL,
    HappenedOn DATE NOT NULL,
    Minutes INT NOT NULL,
    ParticipatoryMinutes INT NOT NULL,
    AgeRanges INT NOT NULL,
    Mode NVARCHAR(20) NOT NULL,
    SettingId BINARY(16) NULL,
    AuthorityId BINARY(16) NULL,
    TrainingProviderId BINARY(16) NULL,
    CourseId BINARY(16) NULL,
    SessionId BINARY(16) NULL,
    Reflection {LONGTEXT} NULL,
    Evidence NVARCHAR(500) NULL,
    WithdrawnAt DATETIME2(3) NULL,
    RecordedAt DATETIME2(3) NOT NULL,
    Version INT NOT NULL,
    CONSTRAINT PK_accreditation_Entry PRIMARY KEY (Id),
    CONSTRAINT UQ_accreditation_Entry_Cause UNIQUE (CauseKind, CauseId),
    CONSTRAINT CK_accreditation_Entry_CauseKind CHECK (CauseKind IN ('Attendance', 'Own')),
    CONSTRAINT CK_accreditation_Entry_Mode CHECK (Mode IN ('InPerson', 'LiveOnline', 'SelfStudy')),
    CONSTRAINT CK_accreditation_Entry_AgeRanges CHECK (AgeRanges BETWEEN 0 AND 7),
    CONSTRAINT CK_accreditation_Entry_Minutes CHECK (ParticipatoryMinutes BETWEEN 0 AND Minutes)
);

CREATE INDEX IX_accreditation_Entry_Person ON accreditation_Entry (PersonId, HappenedOn, Id);

CREATE INDEX IX_accreditation_Entry_TrainingProvider ON accreditation_Entry (TrainingProviderId, HappenedOn, Id);

-- Says what was true when it was issued and is never changed: a correction revokes it and issues another. Only RevokedAt,
-- RevokedReason and ReplacedBy are ever updated.
CREATE TABLE accreditation_Certificate (
    Id BINARY(16) NOT NULL,
    Number NVARCHAR(14) NOT NULL,
    PersonId BINARY(16) NOT NULL,
    CauseId BINARY(16) NOT NULL,
    Revision INT NOT NULL,
    LearnerName NVARCHAR(200) NOT NULL,
    CourseId BINARY(16) NOT NULL,
    CourseTitle NVARCHAR(300) NOT NULL,
    LearningOutcomes {LONGTEXT} NOT NULL,
    IssuerName NVARCHAR(200) NOT NULL,
    AuthorityId BINARY(16) NOT NULL,
    TrainingProviderId BINARY(16) NULL,
    AccreditorId BINARY(16) NULL,
    AccreditorName NVARCHAR(200) NULL,
    AccreditationReference NVARCHAR(50) NULL,
    HappenedOn DATE NOT NULL,
    StartsAt DATETIME2(3) NOT NULL,
    EndsAt DATETIME2(3) NOT NULL,
    Mode NVARCHAR(20) NOT NULL,
    Minutes INT NOT NULL,
    ParticipatoryMinutes INT NOT NULL,
    TrainerName NVARCHAR(200) NULL,
    IssuedAt DATETIME2(3) NOT NULL,
    ValidUntil DATE NULL,
    RevokedAt DATETIME2(3) NULL,
    RevokedReason NVARCHAR(500) NULL,
    ReplacedBy BINARY(16) NULL,
    CONSTRAINT PK_accreditation_Certificate PRIMARY KEY (Id),
    CONSTRAINT UQ_accreditation_Certificate_Number UNIQUE (Number),
    CONSTRAINT UQ_accreditation_Certificate_Cause UNIQUE (CauseId, Revision),
    CONSTRAINT CK_accreditation_Certificate_Mode CHECK (Mode IN ('InPerson', 'LiveOnline', 'SelfStudy'))
);

-- Of one cause at most one certificate stands.
CREATE UNIQUE INDEX UQ_accreditation_Certificate_Standing ON accreditation_Certificate (CauseId) WHERE RevokedAt IS NULL;

CREATE INDEX IX_accreditation_Certificate_Person ON accreditation_Certificate (PersonId, HappenedOn, Id);

CREATE INDEX IX_accreditation_Certificate_TrainingProvider ON accreditation_Certificate (TrainingProviderId, HappenedOn, Id);

CREATE INDEX IX_accreditation_Certificate_Accreditor ON accreditation_Certificate (AccreditorId, HappenedOn, Id);
