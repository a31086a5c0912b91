-- Universities, colleges and employers send students on placements: a kind of organisation of its own, with a role held at it.
-- A CHECK cannot be changed where it stands, so both tables are written anew with all their rows.
CREATE TABLE people_OrganisationBefore (
    Id BINARY(16) NOT NULL,
    AuthorityId BINARY(16) NULL,
    Kind NVARCHAR(20) NOT NULL,
    Name NVARCHAR(200) NOT NULL,
    NameKey NVARCHAR(200) NOT NULL,
    Email NVARCHAR(320) NULL,
    Website NVARCHAR(300) NULL,
    Version INT NOT NULL,
    CONSTRAINT PK_people_OrganisationBefore PRIMARY KEY (Id)
);

INSERT INTO people_OrganisationBefore (Id, AuthorityId, Kind, Name, NameKey, Email, Website, Version)
SELECT Id, AuthorityId, Kind, Name, NameKey, Email, Website, Version
FROM people_Organisation;

DROP TABLE people_Organisation;

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
    CONSTRAINT CK_people_Organisation_Kind CHECK (Kind IN ('TrainingProvider', 'Accreditor', 'PlacementHost', 'Institution'))
);

INSERT INTO people_Organisation (Id, AuthorityId, Kind, Name, NameKey, Email, Website, Version)
SELECT Id, AuthorityId, Kind, Name, NameKey, Email, Website, Version
FROM people_OrganisationBefore;

DROP TABLE people_OrganisationBefore;

CREATE TABLE people_GrantBefore (
    Id BINARY(16) NOT NULL,
    PersonId BINARY(16) NOT NULL,
    Role NVARCHAR(30) NOT NULL,
    Kind NVARCHAR(20) NOT NULL,
    OrganisationId BINARY(16) NOT NULL,
    GrantedAt DATETIME2(3) NOT NULL,
    GrantedBy BINARY(16) NULL,
    EndedAt DATETIME2(3) NULL,
    CONSTRAINT PK_people_GrantBefore PRIMARY KEY (Id)
);

INSERT INTO people_GrantBefore (Id, PersonId, Role, Kind, OrganisationId, GrantedAt, GrantedBy, EndedAt)
SELECT Id, PersonId, Role, Kind, OrganisationId, GrantedAt, GrantedBy, EndedAt
FROM people_Grant;

DROP TABLE people_Grant;

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
    CONSTRAINT CK_people_Grant_Kind CHECK (Kind IN ('None', 'Authority', 'Setting', 'TrainingProvider', 'Accreditor', 'PlacementHost', 'Institution'))
);

INSERT INTO people_Grant (Id, PersonId, Role, Kind, OrganisationId, GrantedAt, GrantedBy, EndedAt)
SELECT Id, PersonId, Role, Kind, OrganisationId, GrantedAt, GrantedBy, EndedAt
FROM people_GrantBefore;

DROP TABLE people_GrantBefore;

CREATE UNIQUE INDEX UQ_people_Grant_Live ON people_Grant (PersonId, Role, OrganisationId) WHERE EndedAt IS NULL;

CREATE INDEX IX_people_Grant_Organisation ON people_Grant (OrganisationId);
