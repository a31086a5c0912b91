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
    ProviderType NVARCHAR(200) NOT NULL,
    Subtype NVARCHAR(200) NOT NULL,
    Status NVARCHAR(200) NOT NULL,
    Places INT NULL,
    Address NVARCHAR(620) NOT NULL,
    Town NVARCHAR(200) NOT NULL,
    Postcode NVARCHAR(10) NOT NULL,
    RegisteredOn DATE NULL,
    ClosedOn DATE NULL,
    Version INT NOT NULL,
    CONSTRAINT PK_people_Setting PRIMARY KEY (Id),
    CONSTRAINT UQ_people_Setting_Urn UNIQUE (Urn),
    CONSTRAINT FK_people_Setting_Authority FOREIGN KEY (AuthorityId) REFERENCES people_Authority (Id),
    CONSTRAINT CK_people_Setting_UrnKind CHECK (UrnKind IN ('Ofsted', 'Gias', 'ChildminderAgency'))
);

CREATE INDEX IX_people_Setting_Authority ON people_Setting (AuthorityId, NameKey, Id);

-- AuthorityId is the authority whose officer added it, and whose officers may give roles at it; empty when an administrator did.
CREATE TABLE people_Organisation (
    Id BINARY(16) NOT NULL,
    AuthorityId BINARY(16) NULL,
    Kind NVARCHAR(20) NOT NULL,
    Name NVARCHAR(200) NOT NULL,
    NameKey NVARCHAR(200) NOT NULL,
    Email NVARCHAR(320) NULL,
    Website NVARCHAR(300) NULL,
    Version INT NOT NULL,
    CONSTRAINT PK_people_Organisation PRIMARY KEY (Id),
    CONSTRAINT UQ_people_Organisation_Name UNIQUE (Kind, NameKey),
    CONSTRAINT FK_people_Organisation_Authority FOREIGN KEY (AuthorityId) REFERENCES people_Authority (Id),
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

-- People whom an authority works with besides the staff of its settings: trainers, providers' officers, hosts, students.
CREATE TABLE people_Contact (
    AuthorityId BINARY(16) NOT NULL,
    PersonId BINARY(16) NOT NULL,
    AddedAt DATETIME2(3) NOT NULL,
    CONSTRAINT PK_people_Contact PRIMARY KEY (AuthorityId, PersonId),
    CONSTRAINT FK_people_Contact_Authority FOREIGN KEY (AuthorityId) REFERENCES people_Authority (Id),
    CONSTRAINT FK_people_Contact_Person FOREIGN KEY (PersonId) REFERENCES people_Person (Id)
);

CREATE INDEX IX_people_Contact_Person ON people_Contact (PersonId);

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

-- The link with which an account's password is set: one an account, so that a newer one takes the place of the older.
CREATE TABLE people_AccountLink (
    AccountId BINARY(16) NOT NULL,
    Kind NVARCHAR(12) NOT NULL,
    SecretHash BINARY(32) NOT NULL,
    CreatedAt DATETIME2(3) NOT NULL,
    ExpiresAt DATETIME2(3) NOT NULL,
    CONSTRAINT PK_people_AccountLink PRIMARY KEY (AccountId),
    CONSTRAINT UQ_people_AccountLink_Secret UNIQUE (SecretHash),
    CONSTRAINT FK_people_AccountLink_Account FOREIGN KEY (AccountId) REFERENCES people_Account (Id),
    CONSTRAINT CK_people_AccountLink_Kind CHECK (Kind IN ('Invitation', 'Reset'))
);

-- Failed sign-ins of an address (known or not) from a network. The address is kept as a hash: strangers type what they like.
CREATE TABLE people_SignInDelay (
    EmailHash BINARY(32) NOT NULL,
    Network NVARCHAR(45) NOT NULL,
    Failures INT NOT NULL,
    LastAt DATETIME2(3) NOT NULL,
    DelayedUntil DATETIME2(3) NOT NULL,
    CONSTRAINT PK_people_SignInDelay PRIMARY KEY (EmailHash, Network)
);

CREATE INDEX IX_people_SignInDelay_LastAt ON people_SignInDelay (LastAt);

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

-- Terms and closed days are the authority's own to change. SchoolYear is the calendar year in which it begins.
CREATE TABLE people_Term (
    Id BINARY(16) NOT NULL,
    AuthorityId BINARY(16) NOT NULL,
    SchoolYear INT NOT NULL,
    Label NVARCHAR(60) NOT NULL,
    StartsOn DATE NOT NULL,
    EndsOn DATE NOT NULL,
    CONSTRAINT PK_people_Term PRIMARY KEY (Id),
    CONSTRAINT UQ_people_Term_Start UNIQUE (AuthorityId, StartsOn),
    CONSTRAINT FK_people_Term_Authority FOREIGN KEY (AuthorityId) REFERENCES people_Authority (Id),
    CONSTRAINT CK_people_Term_Ends CHECK (EndsOn > StartsOn)
);

CREATE TABLE people_ClosedDay (
    Id BINARY(16) NOT NULL,
    AuthorityId BINARY(16) NOT NULL,
    ClosedOn DATE NOT NULL,
    Label NVARCHAR(100) NOT NULL,
    CONSTRAINT PK_people_ClosedDay PRIMARY KEY (Id),
    CONSTRAINT UQ_people_ClosedDay_Day UNIQUE (AuthorityId, ClosedOn),
    CONSTRAINT FK_people_ClosedDay_Authority FOREIGN KEY (AuthorityId) REFERENCES people_Authority (Id)
);

-- An uploaded list of settings on its way into people_Setting. AuthorityId is empty when it may touch every authority.
CREATE TABLE people_SettingImport (
    Id BINARY(16) NOT NULL,
    AuthorityId BINARY(16) NULL,
    StartedBy BINARY(16) NOT NULL,
    FileName NVARCHAR(200) NOT NULL,
    AsAt DATE NOT NULL,
    State NVARCHAR(12) NOT NULL,
    Problem NVARCHAR(500) NULL,
    RowsStaged INT NOT NULL,
    StartedAt DATETIME2(3) NOT NULL,
    ClaimedUntil DATETIME2(3) NULL,
    ClaimedBy BINARY(16) NULL,
    CommittedAt DATETIME2(3) NULL,
    CommittedBy BINARY(16) NULL,
    CONSTRAINT PK_people_SettingImport PRIMARY KEY (Id),
    CONSTRAINT FK_people_SettingImport_Authority FOREIGN KEY (AuthorityId) REFERENCES people_Authority (Id),
    CONSTRAINT CK_people_SettingImport_State CHECK (State IN ('Uploading', 'Waiting', 'Checked', 'Committed', 'Discarded', 'Failed'))
);

CREATE INDEX IX_people_SettingImport_Open ON people_SettingImport (StartedAt, Id) WHERE State IN ('Uploading', 'Waiting');

-- A row of the file. What the file leaves blank is empty until the check fills it in from the setting that is known.
-- SettingId is the setting it changes or, when it is new, will become. Cells is the row as written, kept of refused rows only.
CREATE TABLE people_SettingImportRow (
    ImportId BINARY(16) NOT NULL,
    Number INT NOT NULL,
    Verdict NVARCHAR(12) NOT NULL,
    Urn NVARCHAR(20) NULL,
    UrnKind NVARCHAR(20) NULL,
    Name NVARCHAR(200) NULL,
    NameKey NVARCHAR(200) NULL,
    ProviderType NVARCHAR(200) NULL,
    Subtype NVARCHAR(200) NULL,
    Status NVARCHAR(200) NULL,
    Places INT NULL,
    Address NVARCHAR(620) NULL,
    Town NVARCHAR(200) NULL,
    Postcode NVARCHAR(10) NULL,
    RegisteredOn DATE NULL,
    AuthorityLabel NVARCHAR(200) NULL,
    AuthorityId BINARY(16) NULL,
    SettingId BINARY(16) NULL,
    SettingVersion INT NULL,
    ClosedOn DATE NULL,
    Changes NVARCHAR(300) NULL,
    Reasons NVARCHAR(2000) NULL,
    Cells {LONGTEXT} NULL,
    CONSTRAINT PK_people_SettingImportRow PRIMARY KEY (ImportId, Number),
    CONSTRAINT FK_people_SettingImportRow_Import FOREIGN KEY (ImportId) REFERENCES people_SettingImport (Id),
    CONSTRAINT CK_people_SettingImportRow_Verdict CHECK (Verdict IN ('Staged', 'New', 'Changed', 'Unchanged', 'Closed', 'Refused', 'Elsewhere', 'Unknown'))
);

CREATE INDEX IX_people_SettingImportRow_Verdict ON people_SettingImportRow (ImportId, Verdict, Number);

CREATE INDEX IX_people_SettingImportRow_Urn ON people_SettingImportRow (ImportId, Urn, Number);

CREATE INDEX IX_people_SettingImportRow_Setting ON people_SettingImportRow (ImportId, SettingId);

-- Settings that are known and that the file no longer has.
CREATE TABLE people_SettingImportMissing (
    ImportId BINARY(16) NOT NULL,
    SettingId BINARY(16) NOT NULL,
    SettingVersion INT NOT NULL,
    CONSTRAINT PK_people_SettingImportMissing PRIMARY KEY (ImportId, SettingId),
    CONSTRAINT FK_people_SettingImportMissing_Import FOREIGN KEY (ImportId) REFERENCES people_SettingImport (Id)
);
