-- Organisations, people and accounts. Names are searched by a key made in the program (lower case, no accents), never by collation.
CREATE TABLE people_Authority (
    Id BINARY(16) NOT NULL,
    OnsCode NVARCHAR(9) NOT NULL,
    DfeNumber NVARCHAR(3) NOT NULL,
    Name NVARCHAR(100) NOT NULL,
    OfficialName NVARCHAR(200) NOT NULL,
    Kind NVARCHAR(60) NOT NULL,
    Region NVARCHAR(60) NOT NULL,
    FromOn DATE NULL,
    ToOn DATE NULL,
    CONSTRAINT PK_people_Authority PRIMARY KEY (Id),
    CONSTRAINT UQ_people_Authority_OnsCode UNIQUE (OnsCode)
);

CREATE TABLE people_Setting (
    Id BINARY(16) NOT NULL,
    AuthorityId BINARY(16) NOT NULL,
    Urn NVARCHAR(20) NOT NULL,
    UrnKind NVARCHAR(20) NOT NULL,
    Name NVARCHAR(200) NOT NULL,
    NameKey NVARCHAR(200) NOT NULL,
    ProviderType NVARCHAR(100) NOT NULL,
    Subtype NVARCHAR(100) NOT NULL,
    Status NVARCHAR(40) NOT NULL,
    Places INT NULL,
    Address NVARCHAR(500) NOT NULL,
    Town NVARCHAR(100) NOT NULL,
    Postcode NVARCHAR(10) NOT NULL,
    RegisteredOn DATE NULL,
    Version INT NOT NULL,
    CONSTRAINT PK_people_Setting PRIMARY KEY (Id),
    CONSTRAINT UQ_people_Setting_Urn UNIQUE (Urn),
    CONSTRAINT FK_people_Setting_Authority FOREIGN KEY (AuthorityId) REFERENCES people_Authority (Id),
    CONSTRAINT CK_people_Setting_UrnKind CHECK (UrnKind IN ('Ofsted', 'Gias', 'ChildminderAgency'))
);

CREATE INDEX IX_people_Setting_Authority ON people_Setting (AuthorityId, NameKey, Id);

CREATE TABLE people_Organisation (
    Id BINARY(16) NOT NULL,
    Kind NVARCHAR(20) NOT NULL,
    Name NVARCHAR(200) NOT NULL,
    NameKey NVARCHAR(200) NOT NULL,
    Email NVARCHAR(320) NULL,
    Website NVARCHAR(300) NULL,
    Version INT NOT NULL,
    CONSTRAINT PK_people_Organisation PRIMARY KEY (Id),
    CONSTRAINT UQ_people_Organisation_Name UNIQUE (Kind, NameKey),
    CONSTRAINT CK_people_Organisation_Kind CHECK (Kind IN ('TrainingProvider', 'Accreditor', 'PlacementHost'))
);

CREATE TABLE people_Person (
    Id BINARY(16) NOT NULL,
    Name NVARCHAR(200) NOT NULL,
    NameKey NVARCHAR(200) NOT NULL,
    Email NVARCHAR(320) NULL,
    EmailKey NVARCHAR(320) NULL,
    CreatedAt DATETIME2(3) NOT NULL,
    Version INT NOT NULL,
    CONSTRAINT PK_people_Person PRIMARY KEY (Id)
);

CREATE UNIQUE INDEX UQ_people_Person_Email ON people_Person (EmailKey) WHERE EmailKey IS NOT NULL;

CREATE INDEX IX_people_Person_Name ON people_Person (NameKey, Id);

-- Who works where, and when. AgeRanges is a set: 1 birth to two, 2 two to three, 4 three to five.
CREATE TABLE people_Membership (
    Id BINARY(16) NOT NULL,
    PersonId BINARY(16) NOT NULL,
    SettingId BINARY(16) NOT NULL,
    JobRole NVARCHAR(30) NOT NULL,
    AgeRanges INT NOT NULL,
    JoinedOn DATE NOT NULL,
    LeftOn DATE NULL,
    CONSTRAINT PK_people_Membership PRIMARY KEY (Id),
    CONSTRAINT FK_people_Membership_Person FOREIGN KEY (PersonId) REFERENCES people_Person (Id),
    CONSTRAINT FK_people_Membership_Setting FOREIGN KEY (SettingId) REFERENCES people_Setting (Id),
    CONSTRAINT CK_people_Membership_AgeRanges CHECK (AgeRanges BETWEEN 0 AND 7),
    CONSTRAINT CK_people_Membership_Left CHECK (LeftOn IS NULL OR LeftOn >= JoinedOn)
);

CREATE UNIQUE INDEX UQ_people_Membership_Current ON people_Membership (SettingId, PersonId) WHERE LeftOn IS NULL;

CREATE INDEX IX_people_Membership_Person ON people_Membership (PersonId);

CREATE INDEX IX_people_Membership_Setting ON people_Membership (SettingId, PersonId);

-- A role that a person holds. OrganisationId is all zeros for roles that are held nowhere in particular.
CREATE TABLE people_Grant (
    Id BINARY(16) NOT NULL,
    PersonId BINARY(16) NOT NULL,
    Role NVARCHAR(30) NOT NULL,
    Kind NVARCHAR(20) NOT NULL,
    OrganisationId BINARY(16) NOT NULL,
    GrantedAt DATETIME2(3) NOT NULL,
    GrantedBy BINARY(16) NULL,
    EndedAt DATETIME2(3) NULL,
    CONSTRAINT PK_people_Grant PRIMARY KEY (Id),
    CONSTRAINT FK_people_Grant_Person FOREIGN KEY (PersonId) REFERENCES people_Person (Id),
    CONSTRAINT CK_people_Grant_Kind CHECK (Kind IN ('None', 'Authority', 'Setting', 'TrainingProvider', 'Accreditor', 'PlacementHost'))
);

CREATE UNIQUE INDEX UQ_people_Grant_Live ON people_Grant (PersonId, Role, OrganisationId) WHERE EndedAt IS NULL;

CREATE INDEX IX_people_Grant_Organisation ON people_Grant (OrganisationId);

CREATE TABLE people_Account (
    Id BINARY(16) NOT NULL,
    PersonId BINARY(16) NOT NULL,
    EmailKey NVARCHAR(320) NOT NULL,
    PasswordHash NVARCHAR(200) NULL,
    State NVARCHAR(10) NOT NULL,
    Failures INT NOT NULL,
    DelayedUntil DATETIME2(3) NULL,
    CreatedAt DATETIME2(3) NOT NULL,
    CONSTRAINT PK_people_Account PRIMARY KEY (Id),
    CONSTRAINT UQ_people_Account_Person UNIQUE (PersonId),
    CONSTRAINT UQ_people_Account_Email UNIQUE (EmailKey),
    CONSTRAINT FK_people_Account_Person FOREIGN KEY (PersonId) REFERENCES people_Person (Id),
    CONSTRAINT CK_people_Account_State CHECK (State IN ('Invited', 'Active', 'Disabled'))
);

-- A sign-in that is alive. The cookie holds the key; the table holds only its hash.
CREATE TABLE people_Session (
    Id BINARY(16) NOT NULL,
    KeyHash BINARY(32) NOT NULL,
    AccountId BINARY(16) NOT NULL,
    StartedAt DATETIME2(3) NOT NULL,
    SeenAt DATETIME2(3) NOT NULL,
    CONSTRAINT PK_people_Session PRIMARY KEY (Id),
    CONSTRAINT UQ_people_Session_Key UNIQUE (KeyHash),
    CONSTRAINT FK_people_Session_Account FOREIGN KEY (AccountId) REFERENCES people_Account (Id)
);

CREATE INDEX IX_people_Session_Account ON people_Session (AccountId);

CREATE TABLE people_AccountLink (
    Id BINARY(16) NOT NULL,
    AccountId BINARY(16) NOT NULL,
    SecretHash BINARY(32) NOT NULL,
    CreatedAt DATETIME2(3) NOT NULL,
    ExpiresAt DATETIME2(3) NOT NULL,
    UsedAt DATETIME2(3) NULL,
    CONSTRAINT PK_people_AccountLink PRIMARY KEY (Id),
    CONSTRAINT UQ_people_AccountLink_Secret UNIQUE (SecretHash),
    CONSTRAINT FK_people_AccountLink_Account FOREIGN KEY (AccountId) REFERENCES people_Account (Id)
);

CREATE INDEX IX_people_AccountLink_Account ON people_AccountLink (AccountId);

-- A key acts as one role of the person it was made for.
CREATE TABLE people_ApiKey (
    Id BINARY(16) NOT NULL,
    Name NVARCHAR(100) NOT NULL,
    KeyHash BINARY(32) NOT NULL,
    PersonId BINARY(16) NOT NULL,
    Role NVARCHAR(30) NOT NULL,
    Kind NVARCHAR(20) NOT NULL,
    OrganisationId BINARY(16) NOT NULL,
    CreatedAt DATETIME2(3) NOT NULL,
    ExpiresAt DATETIME2(3) NOT NULL,
    EndedAt DATETIME2(3) NULL,
    CONSTRAINT PK_people_ApiKey PRIMARY KEY (Id),
    CONSTRAINT UQ_people_ApiKey_Key UNIQUE (KeyHash),
    CONSTRAINT FK_people_ApiKey_Person FOREIGN KEY (PersonId) REFERENCES people_Person (Id)
);

CREATE INDEX IX_people_ApiKey_Person ON people_ApiKey (PersonId);
