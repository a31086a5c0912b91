-- A programme places students of one academic year with host organisations. AcademicYear is the year in which it begins in September.
CREATE TABLE placements_Programme (
    Id BINARY(16) NOT NULL,
    AuthorityId BINARY(16) NOT NULL,
    Name NVARCHAR(200) NOT NULL,
    Summary NVARCHAR(1000) NOT NULL,
    AcademicYear INT NOT NULL,
    MinutesPerStudent INT NOT NULL,
    CreatedAt DATETIME2(3) NOT NULL,
    Version INT NOT NULL,
    CONSTRAINT PK_placements_Programme PRIMARY KEY (Id),
    CONSTRAINT UQ_placements_Programme_Name UNIQUE (AuthorityId, AcademicYear, Name),
    CONSTRAINT CK_placements_Programme_AcademicYear CHECK (AcademicYear BETWEEN 2000 AND 2100),
    CONSTRAINT CK_placements_Programme_Minutes CHECK (MinutesPerStudent > 0)
);

-- A host may take part with several projects; Capacity is how many students one project takes at once. The organisation is People's.
CREATE TABLE placements_ProgrammeHost (
    Id BINARY(16) NOT NULL,
    ProgrammeId BINARY(16) NOT NULL,
    OrganisationId BINARY(16) NOT NULL,
    Project NVARCHAR(200) NOT NULL,
    Capacity INT NOT NULL,
    JoinedAt DATETIME2(3) NOT NULL,
    CONSTRAINT PK_placements_ProgrammeHost PRIMARY KEY (Id),
    CONSTRAINT FK_placements_ProgrammeHost_Programme FOREIGN KEY (ProgrammeId) REFERENCES placements_Programme (Id),
    CONSTRAINT UQ_placements_ProgrammeHost_Project UNIQUE (ProgrammeId, OrganisationId, Project),
    CONSTRAINT CK_placements_ProgrammeHost_Capacity CHECK (Capacity > 0)
);

CREATE INDEX IX_placements_ProgrammeHost_Organisation ON placements_ProgrammeHost (OrganisationId, ProgrammeId);
