-- An uploaded list of staff on its way into people_Person and people_Membership. It is its uploader's own.
CREATE TABLE people_StaffImport (
    Id BINARY(16) NOT NULL,
    StartedBy BINARY(16) NOT NULL,
    FileName NVARCHAR(200) NOT NULL,
    State NVARCHAR(12) NOT NULL,
    StartedAt DATETIME2(3) NOT NULL,
    CommittedAt DATETIME2(3) NULL,
    CONSTRAINT PK_people_StaffImport PRIMARY KEY (Id),
    CONSTRAINT FK_people_StaffImport_Person FOREIGN KEY (StartedBy) REFERENCES people_Person (Id),
    CONSTRAINT CK_people_StaffImport_State CHECK (State IN ('Uploading', 'Checked', 'Committed', 'Discarded', 'Failed'))
);

CREATE INDEX IX_people_StaffImport_Started ON people_StaffImport (StartedAt, State);

-- A row of the file. PersonKey is equal where two rows mean one person: the e-mail address, or else the setting's number with the name.
-- NewPersonId and MembershipId are what the row would make; PersonId is whom it means. Cells is the row as written, kept of refused rows only.
CREATE TABLE people_StaffImportRow (
    ImportId BINARY(16) NOT NULL,
    Number INT NOT NULL,
    Verdict NVARCHAR(12) NOT NULL,
    Urn NVARCHAR(20) NULL,
    SettingId BINARY(16) NULL,
    Name NVARCHAR(200) NULL,
    NameKey NVARCHAR(200) NULL,
    Email NVARCHAR(320) NULL,
    EmailKey NVARCHAR(320) NULL,
    PersonKey NVARCHAR(320) NULL,
    JobRole NVARCHAR(30) NULL,
    AgeRanges INT NULL,
    JoinedOn DATE NULL,
    NewPersonId BINARY(16) NULL,
    MembershipId BINARY(16) NULL,
    PersonId BINARY(16) NULL,
    Reasons NVARCHAR(2000) NULL,
    Cells {LONGTEXT} NULL,
    CONSTRAINT PK_people_StaffImportRow PRIMARY KEY (ImportId, Number),
    CONSTRAINT FK_people_StaffImportRow_Import FOREIGN KEY (ImportId) REFERENCES people_StaffImport (Id),
    CONSTRAINT CK_people_StaffImportRow_Verdict CHECK (Verdict IN ('Staged', 'New', 'Joins', 'Unchanged', 'Refused'))
);

CREATE INDEX IX_people_StaffImportRow_Verdict ON people_StaffImportRow (ImportId, Verdict, Number);

CREATE INDEX IX_people_StaffImportRow_Person ON people_StaffImportRow (ImportId, PersonKey, Number);
