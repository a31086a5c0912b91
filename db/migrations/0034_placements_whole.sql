-- Placements in full. A programme opens on days of the week (OpensOn: a set, 1 Monday, 2 Tuesday … 64 Sunday) in part-days, and is closed on its authority's
-- closed days (People's) and its own days off. All days and times of day are London's; StartsAt and EndsAt of a slot are UTC.
-- InductionRegister: the professional register that whoever gives the induction stands on, checked; 'None' when anyone may. ProjectRegister: the same for all
-- slots in projects. MovesADay: at most so many changes of project within one student's day; null when it does not matter.
-- AlternativeCourseId: Training's course for students without a placement.
ALTER TABLE placements_Programme ADD OpensOn INT NOT NULL CONSTRAINT DF_placements_Programme_OpensOn DEFAULT 31 CONSTRAINT CK_placements_Programme_OpensOn CHECK (OpensOn BETWEEN 1 AND 127);

ALTER TABLE placements_Programme ADD InductionRegister NVARCHAR(20) NOT NULL CONSTRAINT DF_placements_Programme_InductionRegister DEFAULT 'None' CONSTRAINT CK_placements_Programme_InductionRegister CHECK (InductionRegister IN ('None', 'Nmc', 'Hcpc', 'SocialWorkEngland'));

ALTER TABLE placements_Programme ADD ProjectRegister NVARCHAR(20) NOT NULL CONSTRAINT DF_placements_Programme_ProjectRegister DEFAULT 'None' CONSTRAINT CK_placements_Programme_ProjectRegister CHECK (ProjectRegister IN ('None', 'Nmc', 'Hcpc', 'SocialWorkEngland'));

ALTER TABLE placements_Programme ADD MovesADay INT NULL CONSTRAINT CK_placements_Programme_MovesADay CHECK (MovesADay >= 0);

ALTER TABLE placements_Programme ADD AlternativeCourseId BINARY(16) NULL;

-- The parts of a day in which slots lie, in order and without overlap. Starts and Ends are minutes after midnight in London; a slot of the timetable fills its
-- whole part-day, so Ends - Starts are its minutes.
CREATE TABLE placements_DayPart (
    ProgrammeId BINARY(16) NOT NULL,
    Number INT NOT NULL,
    Name NVARCHAR(50) NOT NULL,
    Starts INT NOT NULL,
    Ends INT NOT NULL,
    CONSTRAINT PK_placements_DayPart PRIMARY KEY (ProgrammeId, Number),
    CONSTRAINT FK_placements_DayPart_Programme FOREIGN KEY (ProgrammeId) REFERENCES placements_Programme (Id),
    CONSTRAINT CK_placements_DayPart_Times CHECK (Starts >= 0 AND Ends > Starts AND Ends <= 1440)
);

-- Days on which this programme is closed besides the closed days of its authority.
CREATE TABLE placements_DayOff (
    ProgrammeId BINARY(16) NOT NULL,
    OffOn DATE NOT NULL,
    Reason NVARCHAR(200) NOT NULL,
    CONSTRAINT PK_placements_DayOff PRIMARY KEY (ProgrammeId, OffOn),
    CONSTRAINT FK_placements_DayOff_Programme FOREIGN KEY (ProgrammeId) REFERENCES placements_Programme (Id)
);

-- What must be seen and confirmed of each student before the first slot after the induction ("DBS check", "Occupational health").
CREATE TABLE placements_EntryCheck (
    Id BINARY(16) NOT NULL,
    ProgrammeId BINARY(16) NOT NULL,
    Number INT NOT NULL,
    Name NVARCHAR(100) NOT NULL,
    CONSTRAINT PK_placements_EntryCheck PRIMARY KEY (Id),
    CONSTRAINT UQ_placements_EntryCheck_Name UNIQUE (ProgrammeId, Name),
    CONSTRAINT FK_placements_EntryCheck_Programme FOREIGN KEY (ProgrammeId) REFERENCES placements_Programme (Id)
);

-- What every student must meet. ByInduction: the induction itself meets it; every other theme is met by a slot in a project that covers it.
CREATE TABLE placements_Theme (
    Id BINARY(16) NOT NULL,
    ProgrammeId BINARY(16) NOT NULL,
    Number INT NOT NULL,
    Name NVARCHAR(200) NOT NULL,
    ByInduction BIT NOT NULL,
    CONSTRAINT PK_placements_Theme PRIMARY KEY (Id),
    CONSTRAINT UQ_placements_Theme_Name UNIQUE (ProgrammeId, Name),
    CONSTRAINT FK_placements_Theme_Programme FOREIGN KEY (ProgrammeId) REFERENCES placements_Programme (Id)
);

-- A row of placements_ProgrammeHost is a project of a host: "ProjectId" elsewhere. A host is asked and answers with interest or refuses with a reason; only
-- projects whose host has accepted are planned with. Capacity counts in each part-day unless placements_Room says otherwise.
ALTER TABLE placements_ProgrammeHost ADD State NVARCHAR(10) NOT NULL CONSTRAINT DF_placements_ProgrammeHost_State DEFAULT 'Accepted' CONSTRAINT CK_placements_ProgrammeHost_State CHECK (State IN ('Asked', 'Accepted', 'Refused'));

ALTER TABLE placements_ProgrammeHost ADD Reason NVARCHAR(500) NULL;

ALTER TABLE placements_ProgrammeHost ADD AnsweredAt DATETIME2(3) NULL;

ALTER TABLE placements_ProgrammeHost ADD AnsweredBy BINARY(16) NULL;

ALTER TABLE placements_ProgrammeHost ADD GivesInduction BIT NOT NULL CONSTRAINT DF_placements_ProgrammeHost_GivesInduction DEFAULT 0;

ALTER TABLE placements_ProgrammeHost ADD Version INT NOT NULL CONSTRAINT DF_placements_ProgrammeHost_Version DEFAULT 1;

CREATE TABLE placements_ProjectTheme (
    ProjectId BINARY(16) NOT NULL,
    ThemeId BINARY(16) NOT NULL,
    CONSTRAINT PK_placements_ProjectTheme PRIMARY KEY (ProjectId, ThemeId),
    CONSTRAINT FK_placements_ProjectTheme_Project FOREIGN KEY (ProjectId) REFERENCES placements_ProgrammeHost (Id),
    CONSTRAINT FK_placements_ProjectTheme_Theme FOREIGN KEY (ThemeId) REFERENCES placements_Theme (Id)
);

-- How many students a project takes in one part-day of one weekday (1 Monday … 7 Sunday) where that differs from its Capacity; 0 is closed then.
CREATE TABLE placements_Room (
    ProjectId BINARY(16) NOT NULL,
    Weekday INT NOT NULL,
    DayPart INT NOT NULL,
    Capacity INT NOT NULL,
    CONSTRAINT PK_placements_Room PRIMARY KEY (ProjectId, Weekday, DayPart),
    CONSTRAINT FK_placements_Room_Project FOREIGN KEY (ProjectId) REFERENCES placements_ProgrammeHost (Id),
    CONSTRAINT CK_placements_Room_Weekday CHECK (Weekday BETWEEN 1 AND 7),
    CONSTRAINT CK_placements_Room_Capacity CHECK (Capacity >= 0)
);

-- Who looks after students in a programme and signs their hours. Someone on a register (a registrant) counts as one once the number has been checked.
-- Capacity: students at once. ProgrammeId and PersonId are unique together; OrganisationId is their host.
CREATE TABLE placements_Supervisor (
    Id BINARY(16) NOT NULL,
    ProgrammeId BINARY(16) NOT NULL,
    OrganisationId BINARY(16) NOT NULL,
    PersonId BINARY(16) NOT NULL,
    Name NVARCHAR(200) NOT NULL,
    Register NVARCHAR(20) NOT NULL,
    RegisterNumber NVARCHAR(30) NULL,
    CheckedOn DATE NULL,
    CheckedBy BINARY(16) NULL,
    Capacity INT NOT NULL,
    EndedAt DATETIME2(3) NULL,
    Version INT NOT NULL,
    CONSTRAINT PK_placements_Supervisor PRIMARY KEY (Id),
    CONSTRAINT UQ_placements_Supervisor_Person UNIQUE (ProgrammeId, PersonId),
    CONSTRAINT FK_placements_Supervisor_Programme FOREIGN KEY (ProgrammeId) REFERENCES placements_Programme (Id),
    CONSTRAINT CK_placements_Supervisor_Register CHECK (Register IN ('None', 'Nmc', 'Hcpc', 'SocialWorkEngland')),
    CONSTRAINT CK_placements_Supervisor_Capacity CHECK (Capacity > 0)
);

CREATE INDEX IX_placements_Supervisor_Person ON placements_Supervisor (PersonId);

-- The projects in which someone supervises; they may be of several hosts.
CREATE TABLE placements_SupervisorProject (
    SupervisorId BINARY(16) NOT NULL,
    ProjectId BINARY(16) NOT NULL,
    CONSTRAINT PK_placements_SupervisorProject PRIMARY KEY (SupervisorId, ProjectId),
    CONSTRAINT FK_placements_SupervisorProject_Supervisor FOREIGN KEY (SupervisorId) REFERENCES placements_Supervisor (Id),
    CONSTRAINT FK_placements_SupervisorProject_Project FOREIGN KEY (ProjectId) REFERENCES placements_ProgrammeHost (Id)
);

-- When someone is on duty: by day and part-day. Who has no row is not there.
CREATE TABLE placements_Duty (
    SupervisorId BINARY(16) NOT NULL,
    OnDay DATE NOT NULL,
    DayPart INT NOT NULL,
    CONSTRAINT PK_placements_Duty PRIMARY KEY (SupervisorId, OnDay, DayPart),
    CONSTRAINT FK_placements_Duty_Supervisor FOREIGN KEY (SupervisorId) REFERENCES placements_Supervisor (Id)
);

-- Students whom one institution (university, college, employer: OrganisationId, People's) sends to a programme, for days from StartsOn to EndsOn (both
-- included) and MinutesPerStudent each. Expected: how many it means to send.
CREATE TABLE placements_Cohort (
    Id BINARY(16) NOT NULL,
    ProgrammeId BINARY(16) NOT NULL,
    OrganisationId BINARY(16) NOT NULL,
    Name NVARCHAR(200) NOT NULL,
    StartsOn DATE NOT NULL,
    EndsOn DATE NOT NULL,
    MinutesPerStudent INT NOT NULL,
    Expected INT NOT NULL,
    CreatedAt DATETIME2(3) NOT NULL,
    Version INT NOT NULL,
    CONSTRAINT PK_placements_Cohort PRIMARY KEY (Id),
    CONSTRAINT UQ_placements_Cohort_Name UNIQUE (ProgrammeId, Name),
    CONSTRAINT FK_placements_Cohort_Programme FOREIGN KEY (ProgrammeId) REFERENCES placements_Programme (Id),
    CONSTRAINT CK_placements_Cohort_Days CHECK (EndsOn >= StartsOn),
    CONSTRAINT CK_placements_Cohort_Minutes CHECK (MinutesPerStudent > 0),
    CONSTRAINT CK_placements_Cohort_Expected CHECK (Expected > 0)
);

CREATE INDEX IX_placements_Cohort_Organisation ON placements_Cohort (OrganisationId, Id);

-- A student in a cohort, as the institution sent them; PersonId is empty until People has said who they are. Their own days lie within the cohort's.
-- MinutesAllowed is what may be logged at most, MinutesLogged what is: raised by one guarded UPDATE, never above MinutesAllowed.
-- InductedOn is set when the induction slot is attended. Until then, and until all entry checks are confirmed, no other slot is attended or logged.
CREATE TABLE placements_Student (
    Id BINARY(16) NOT NULL,
    CohortId BINARY(16) NOT NULL,
    PersonId BINARY(16) NULL,
    Name NVARCHAR(200) NOT NULL,
    Email NVARCHAR(320) NOT NULL,
    EmailKey NVARCHAR(320) NOT NULL,
    Reference NVARCHAR(50) NULL,
    StartsOn DATE NOT NULL,
    EndsOn DATE NOT NULL,
    MinutesAllowed INT NOT NULL,
    MinutesLogged INT NOT NULL,
    InductedOn DATE NULL,
    State NVARCHAR(10) NOT NULL,
    AddedAt DATETIME2(3) NOT NULL,
    Version INT NOT NULL,
    CONSTRAINT PK_placements_Student PRIMARY KEY (Id),
    CONSTRAINT UQ_placements_Student_Email UNIQUE (CohortId, EmailKey),
    CONSTRAINT FK_placements_Student_Cohort FOREIGN KEY (CohortId) REFERENCES placements_Cohort (Id),
    CONSTRAINT CK_placements_Student_Days CHECK (EndsOn >= StartsOn),
    CONSTRAINT CK_placements_Student_Minutes CHECK (MinutesLogged >= 0 AND MinutesLogged <= MinutesAllowed),
    CONSTRAINT CK_placements_Student_State CHECK (State IN ('Active', 'Withdrawn'))
);

CREATE INDEX IX_placements_Student_Person ON placements_Student (PersonId);

CREATE TABLE placements_StudentCheck (
    StudentId BINARY(16) NOT NULL,
    CheckId BINARY(16) NOT NULL,
    ConfirmedAt DATETIME2(3) NOT NULL,
    ConfirmedBy BINARY(16) NOT NULL,
    CONSTRAINT PK_placements_StudentCheck PRIMARY KEY (StudentId, CheckId),
    CONSTRAINT FK_placements_StudentCheck_Student FOREIGN KEY (StudentId) REFERENCES placements_Student (Id),
    CONSTRAINT FK_placements_StudentCheck_Check FOREIGN KEY (CheckId) REFERENCES placements_EntryCheck (Id)
);

-- The timetable of a cohort in versions: at most one draft and one that is published. Publishing makes the published one 'Replaced'.
CREATE TABLE placements_Timetable (
    Id BINARY(16) NOT NULL,
    CohortId BINARY(16) NOT NULL,
    Number INT NOT NULL,
    State NVARCHAR(10) NOT NULL,
    MadeAt DATETIME2(3) NOT NULL,
    MadeBy BINARY(16) NOT NULL,
    PublishedAt DATETIME2(3) NULL,
    PublishedBy BINARY(16) NULL,
    Version INT NOT NULL,
    CONSTRAINT PK_placements_Timetable PRIMARY KEY (Id),
    CONSTRAINT UQ_placements_Timetable_Number UNIQUE (CohortId, Number),
    CONSTRAINT FK_placements_Timetable_Cohort FOREIGN KEY (CohortId) REFERENCES placements_Cohort (Id),
    CONSTRAINT CK_placements_Timetable_State CHECK (State IN ('Draft', 'Published', 'Replaced'))
);

CREATE UNIQUE INDEX UQ_placements_Timetable_Draft ON placements_Timetable (CohortId) WHERE State = 'Draft';

CREATE UNIQUE INDEX UQ_placements_Timetable_Published ON placements_Timetable (CohortId) WHERE State = 'Published';

-- Where a student is from StartsAt to EndsAt, with whom. TimetableId: the version that made it, empty when it was added by hand (shadowing, meetings, a missed
-- slot that is made good). Those in a part-day have its number and are an Induction or a Project slot with a ProjectId; Shadowing and Meeting have a Title and may
-- have times of their own and no project.
-- A published slot keeps its Id for ever, so that calendars and hours hang on it. A Draft row is what it will be: with DraftOf it takes that
-- slot's place when the timetable is published (its project, supervisor and times are then written into that slot, and the draft row goes); without
-- it becomes a slot itself. Published slots of the cohort that lie ahead and have no draft row are cancelled by publishing. Those attended, missed or logged stay as they are.
-- State: Draft, Published, then Attended, Missed or Cancelled (Reason says why). RescheduledFrom: the missed slot that this one makes good.
-- Hours: None, Logged by the student (LoggedMinutes, Reflection), Returned by the supervisor (Returned says why), Signed. Revision rises with each
-- sign-off and each taking back of one; the CPD ledger counts the highest.
CREATE TABLE placements_Slot (
    Id BINARY(16) NOT NULL,
    ProgrammeId BINARY(16) NOT NULL,
    CohortId BINARY(16) NOT NULL,
    StudentId BINARY(16) NOT NULL,
    TimetableId BINARY(16) NULL,
    ProjectId BINARY(16) NULL,
    SupervisorId BINARY(16) NOT NULL,
    OnDay DATE NOT NULL,
    DayPart INT NULL,
    StartsAt DATETIME2(3) NOT NULL,
    EndsAt DATETIME2(3) NOT NULL,
    Minutes INT NOT NULL,
    Kind NVARCHAR(10) NOT NULL,
    Title NVARCHAR(200) NULL,
    Pinned BIT NOT NULL,
    State NVARCHAR(10) NOT NULL,
    Reason NVARCHAR(500) NULL,
    DraftOf BINARY(16) NULL,
    RescheduledFrom BINARY(16) NULL,
    Hours NVARCHAR(10) NOT NULL,
    LoggedMinutes INT NULL,
    Reflection {LONGTEXT} NULL,
    LoggedAt DATETIME2(3) NULL,
    SignedAt DATETIME2(3) NULL,
    SignedBy BINARY(16) NULL,
    Returned NVARCHAR(500) NULL,
    Revision INT NOT NULL,
    Version INT NOT NULL,
    CONSTRAINT PK_placements_Slot PRIMARY KEY (Id),
    CONSTRAINT FK_placements_Slot_Programme FOREIGN KEY (ProgrammeId) REFERENCES placements_Programme (Id),
    CONSTRAINT FK_placements_Slot_Cohort FOREIGN KEY (CohortId) REFERENCES placements_Cohort (Id),
    CONSTRAINT FK_placements_Slot_Student FOREIGN KEY (StudentId) REFERENCES placements_Student (Id),
    CONSTRAINT FK_placements_Slot_Timetable FOREIGN KEY (TimetableId) REFERENCES placements_Timetable (Id),
    CONSTRAINT FK_placements_Slot_Project FOREIGN KEY (ProjectId) REFERENCES placements_ProgrammeHost (Id),
    CONSTRAINT FK_placements_Slot_Supervisor FOREIGN KEY (SupervisorId) REFERENCES placements_Supervisor (Id),
    CONSTRAINT CK_placements_Slot_Kind CHECK (Kind IN ('Induction', 'Project', 'Shadowing', 'Meeting')),
    CONSTRAINT CK_placements_Slot_State CHECK (State IN ('Draft', 'Published', 'Attended', 'Missed', 'Cancelled')),
    CONSTRAINT CK_placements_Slot_Hours CHECK (Hours IN ('None', 'Logged', 'Returned', 'Signed')),
    CONSTRAINT CK_placements_Slot_Times CHECK (EndsAt > StartsAt),
    CONSTRAINT CK_placements_Slot_Minutes CHECK (Minutes > 0),
    CONSTRAINT CK_placements_Slot_Place CHECK (ProjectId IS NOT NULL OR Title IS NOT NULL)
);

-- No student in two places: drafts among themselves, and what is published or worked among itself.
CREATE UNIQUE INDEX UQ_placements_Slot_Draft ON placements_Slot (StudentId, StartsAt) WHERE State = 'Draft';

CREATE UNIQUE INDEX UQ_placements_Slot_Live ON placements_Slot (StudentId, StartsAt) WHERE State IN ('Published', 'Attended');

-- A missed slot is made good once.
CREATE UNIQUE INDEX UQ_placements_Slot_Rescheduled ON placements_Slot (RescheduledFrom) WHERE RescheduledFrom IS NOT NULL AND State IN ('Published', 'Attended');

CREATE INDEX IX_placements_Slot_Supervisor ON placements_Slot (SupervisorId, OnDay);

CREATE INDEX IX_placements_Slot_Project ON placements_Slot (ProjectId, OnDay);

CREATE INDEX IX_placements_Slot_Cohort ON placements_Slot (CohortId, State, OnDay);

CREATE INDEX IX_placements_Slot_Programme ON placements_Slot (ProgrammeId, OnDay);
