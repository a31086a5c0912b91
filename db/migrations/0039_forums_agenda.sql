-- What an authority's forums and visits come back to ("key person"); an ended one is offered no more, and stays where it was cited.
CREATE TABLE forums_Theme (
    Id BINARY(16) NOT NULL,
    AuthorityId BINARY(16) NOT NULL,
    Name NVARCHAR(100) NOT NULL,
    NameKey NVARCHAR(100) NOT NULL,
    EndedAt DATETIME2(3) NULL,
    CONSTRAINT PK_forums_Theme PRIMARY KEY (Id),
    CONSTRAINT UQ_forums_Theme_Name UNIQUE (AuthorityId, NameKey)
);

-- From when on members may open the papers and are told so, once; and what the register came to when it was closed.
ALTER TABLE forums_Meeting ADD PapersReadyAt DATETIME2(3) NULL;

ALTER TABLE forums_Meeting ADD QuorumMet BIT NULL;

-- LeadId is a person the service knows; LeadName is what is read, whoever it is. Number is the order on the agenda; what is only proposed has none yet (0).
CREATE TABLE forums_AgendaItem (
    Id BINARY(16) NOT NULL,
    MeetingId BINARY(16) NOT NULL,
    Number INT NOT NULL,
    Kind NVARCHAR(12) NOT NULL,
    Title NVARCHAR(200) NOT NULL,
    Detail NVARCHAR(1000) NOT NULL,
    LeadId BINARY(16) NULL,
    LeadName NVARCHAR(200) NOT NULL,
    Minutes INT NULL,
    ThemeId BINARY(16) NULL,
    State NVARCHAR(10) NOT NULL,
    ProposedBy BINARY(16) NULL,
    DeclineReason NVARCHAR(500) NOT NULL,
    CONSTRAINT PK_forums_AgendaItem PRIMARY KEY (Id),
    CONSTRAINT FK_forums_AgendaItem_Meeting FOREIGN KEY (MeetingId) REFERENCES forums_Meeting (Id),
    CONSTRAINT FK_forums_AgendaItem_Theme FOREIGN KEY (ThemeId) REFERENCES forums_Theme (Id),
    CONSTRAINT CK_forums_AgendaItem_Kind CHECK (Kind IN ('Learning', 'OpenDialogue', 'Business')),
    CONSTRAINT CK_forums_AgendaItem_State CHECK (State IN ('Proposed', 'Accepted', 'Declined')),
    CONSTRAINT CK_forums_AgendaItem_Minutes CHECK (Minutes > 0)
);

CREATE INDEX IX_forums_AgendaItem_Meeting ON forums_AgendaItem (MeetingId, Number, Id);

-- Papers before a meeting and materials after it: links, and files in parts of at most half a megabyte, base64, so that no statement moves a whole file.
CREATE TABLE forums_Paper (
    Id BINARY(16) NOT NULL,
    MeetingId BINARY(16) NOT NULL,
    ItemId BINARY(16) NULL,
    Kind NVARCHAR(8) NOT NULL,
    Title NVARCHAR(200) NOT NULL,
    Link NVARCHAR(500) NULL,
    FileName NVARCHAR(150) NULL,
    Size INT NOT NULL,
    AddedAt DATETIME2(3) NOT NULL,
    AddedBy BINARY(16) NOT NULL,
    CONSTRAINT PK_forums_Paper PRIMARY KEY (Id),
    CONSTRAINT FK_forums_Paper_Meeting FOREIGN KEY (MeetingId) REFERENCES forums_Meeting (Id),
    CONSTRAINT FK_forums_Paper_Item FOREIGN KEY (ItemId) REFERENCES forums_AgendaItem (Id),
    CONSTRAINT CK_forums_Paper_Kind CHECK (Kind IN ('Paper', 'Material')),
    CONSTRAINT CK_forums_Paper_What CHECK ((Link IS NULL AND FileName IS NOT NULL) OR (Link IS NOT NULL AND FileName IS NULL))
);

CREATE INDEX IX_forums_Paper_Meeting ON forums_Paper (MeetingId, Id);

CREATE TABLE forums_PaperPart (
    PaperId BINARY(16) NOT NULL,
    Number INT NOT NULL,
    Content {LONGTEXT} NOT NULL,
    CONSTRAINT PK_forums_PaperPart PRIMARY KEY (PaperId, Number),
    CONSTRAINT FK_forums_PaperPart_Paper FOREIGN KEY (PaperId) REFERENCES forums_Paper (Id)
);

-- A question to those at a meeting. Who voted is kept apart from what was chosen: nothing says whose vote is whose.
CREATE TABLE forums_Poll (
    Id BINARY(16) NOT NULL,
    MeetingId BINARY(16) NOT NULL,
    Question NVARCHAR(300) NOT NULL,
    State NVARCHAR(6) NOT NULL,
    Votes INT NOT NULL,
    OpenedAt DATETIME2(3) NULL,
    ClosedAt DATETIME2(3) NULL,
    CONSTRAINT PK_forums_Poll PRIMARY KEY (Id),
    CONSTRAINT FK_forums_Poll_Meeting FOREIGN KEY (MeetingId) REFERENCES forums_Meeting (Id),
    CONSTRAINT CK_forums_Poll_State CHECK (State IN ('Ready', 'Open', 'Closed'))
);

CREATE INDEX IX_forums_Poll_Meeting ON forums_Poll (MeetingId, Id);

CREATE TABLE forums_PollChoice (
    PollId BINARY(16) NOT NULL,
    Number INT NOT NULL,
    Words NVARCHAR(200) NOT NULL,
    Votes INT NOT NULL,
    CONSTRAINT PK_forums_PollChoice PRIMARY KEY (PollId, Number),
    CONSTRAINT FK_forums_PollChoice_Poll FOREIGN KEY (PollId) REFERENCES forums_Poll (Id)
);

CREATE TABLE forums_PollVoter (
    PollId BINARY(16) NOT NULL,
    PersonId BINARY(16) NOT NULL,
    CONSTRAINT PK_forums_PollVoter PRIMARY KEY (PollId, PersonId),
    CONSTRAINT FK_forums_PollVoter_Poll FOREIGN KEY (PollId) REFERENCES forums_Poll (Id)
);

-- What the terms of reference ask for: at least so many of a forum role, or of anyone. Without a row every meeting may decide.
CREATE TABLE forums_QuorumRule (
    SeriesId BINARY(16) NOT NULL,
    Role NVARCHAR(20) NOT NULL,
    Least INT NOT NULL,
    CONSTRAINT PK_forums_QuorumRule PRIMARY KEY (SeriesId, Role),
    CONSTRAINT FK_forums_QuorumRule_Series FOREIGN KEY (SeriesId) REFERENCES forums_Series (Id),
    CONSTRAINT CK_forums_QuorumRule_Role CHECK (Role IN ('Anyone', 'Practitioner', 'Manager', 'Childminder', 'Parent', 'Volunteer', 'Officer', 'Partner')),
    CONSTRAINT CK_forums_QuorumRule_Least CHECK (Least BETWEEN 1 AND 1000)
);

-- What was asked for and who was there, as the register said when it was closed or last corrected.
CREATE TABLE forums_MeetingQuorum (
    MeetingId BINARY(16) NOT NULL,
    Role NVARCHAR(20) NOT NULL,
    Least INT NOT NULL,
    Present INT NOT NULL,
    CONSTRAINT PK_forums_MeetingQuorum PRIMARY KEY (MeetingId, Role),
    CONSTRAINT FK_forums_MeetingQuorum_Meeting FOREIGN KEY (MeetingId) REFERENCES forums_Meeting (Id)
);

-- What was noted of somebody on the register, as training_Mark has it; a member has marks before they are a participant.
CREATE TABLE forums_Mark (
    Nonce BINARY(16) NOT NULL,
    MeetingId BINARY(16) NOT NULL,
    Number INT NOT NULL,
    PersonId BINARY(16) NOT NULL,
    Kind NVARCHAR(8) NOT NULL,
    At DATETIME2(3) NULL,
    Until DATETIME2(3) NULL,
    Undoes BINARY(16) NULL,
    Source NVARCHAR(8) NOT NULL,
    MadeAt DATETIME2(3) NOT NULL,
    MadeBy BINARY(16) NOT NULL,
    CONSTRAINT PK_forums_Mark PRIMARY KEY (Nonce),
    CONSTRAINT UQ_forums_Mark_Number UNIQUE (MeetingId, Number),
    CONSTRAINT FK_forums_Mark_Meeting FOREIGN KEY (MeetingId) REFERENCES forums_Meeting (Id),
    CONSTRAINT CK_forums_Mark_Kind CHECK (Kind IN ('Came', 'Left', 'Times', 'Absent', 'Clear', 'Undo')),
    CONSTRAINT CK_forums_Mark_Source CHECK (Source IN ('Door', 'Paper'))
);

-- The text of a meeting's minutes. Until it is agreed the last row is written over; what changes after that is another row.
CREATE TABLE forums_MinutesText (
    MeetingId BINARY(16) NOT NULL,
    Number INT NOT NULL,
    Words {LONGTEXT} NOT NULL,
    Version INT NOT NULL,
    WrittenAt DATETIME2(3) NOT NULL,
    WrittenBy BINARY(16) NOT NULL,
    AgreedAt DATETIME2(3) NULL,
    AgreedBy NVARCHAR(8) NULL,
    PublishedAt DATETIME2(3) NULL,
    CONSTRAINT PK_forums_MinutesText PRIMARY KEY (MeetingId, Number),
    CONSTRAINT FK_forums_MinutesText_Meeting FOREIGN KEY (MeetingId) REFERENCES forums_Meeting (Id),
    CONSTRAINT CK_forums_MinutesText_Agreed CHECK ((AgreedAt IS NULL AND AgreedBy IS NULL AND PublishedAt IS NULL) OR (AgreedAt IS NOT NULL AND AgreedBy IN ('Meeting', 'Chair')))
);

-- What somebody has taken on at a meeting. It stands on the agenda of every later meeting until it is closed; OwnerName is what is read.
CREATE TABLE forums_Action (
    Id BINARY(16) NOT NULL,
    SeriesId BINARY(16) NOT NULL,
    MeetingId BINARY(16) NOT NULL,
    Words NVARCHAR(500) NOT NULL,
    OwnerId BINARY(16) NULL,
    OwnerName NVARCHAR(200) NOT NULL,
    DueOn DATE NOT NULL,
    ClosedAt DATETIME2(3) NULL,
    Outcome NVARCHAR(500) NOT NULL,
    Version INT NOT NULL,
    CONSTRAINT PK_forums_Action PRIMARY KEY (Id),
    CONSTRAINT FK_forums_Action_Series FOREIGN KEY (SeriesId) REFERENCES forums_Series (Id),
    CONSTRAINT FK_forums_Action_Meeting FOREIGN KEY (MeetingId) REFERENCES forums_Meeting (Id)
);

CREATE INDEX IX_forums_Action_Series ON forums_Action (SeriesId, DueOn, Id);

-- A forum's notice board: notices, and replies to them. What is hidden stays, with the reason.
CREATE TABLE forums_Notice (
    Id BINARY(16) NOT NULL,
    SeriesId BINARY(16) NOT NULL,
    NoticeId BINARY(16) NULL,
    WrittenBy BINARY(16) NOT NULL,
    Title NVARCHAR(200) NOT NULL,
    Words NVARCHAR(4000) NOT NULL,
    PostedAt DATETIME2(3) NOT NULL,
    HiddenAt DATETIME2(3) NULL,
    HiddenBy BINARY(16) NULL,
    HiddenReason NVARCHAR(500) NOT NULL,
    CONSTRAINT PK_forums_Notice PRIMARY KEY (Id),
    CONSTRAINT FK_forums_Notice_Series FOREIGN KEY (SeriesId) REFERENCES forums_Series (Id),
    CONSTRAINT FK_forums_Notice_Notice FOREIGN KEY (NoticeId) REFERENCES forums_Notice (Id)
);

CREATE INDEX IX_forums_Notice_Series ON forums_Notice (SeriesId, PostedAt, Id);

CREATE INDEX IX_forums_Notice_Notice ON forums_Notice (NoticeId, Id) WHERE NoticeId IS NOT NULL;

CREATE TABLE forums_NoticeReport (
    NoticeId BINARY(16) NOT NULL,
    PersonId BINARY(16) NOT NULL,
    Reason NVARCHAR(500) NOT NULL,
    ReportedAt DATETIME2(3) NOT NULL,
    CONSTRAINT PK_forums_NoticeReport PRIMARY KEY (NoticeId, PersonId),
    CONSTRAINT FK_forums_NoticeReport_Notice FOREIGN KEY (NoticeId) REFERENCES forums_Notice (Id)
);

-- How often somebody is told what is new on the notice boards of their forums: each day instead of each week.
CREATE TABLE forums_DailyReader (
    PersonId BINARY(16) NOT NULL,
    CONSTRAINT PK_forums_DailyReader PRIMARY KEY (PersonId)
);

-- Who may say what they thought of a meeting, until when, and whether they have. What they said is not here.
CREATE TABLE forums_Evaluation (
    MeetingId BINARY(16) NOT NULL,
    PersonId BINARY(16) NOT NULL,
    ClosesAt DATETIME2(3) NOT NULL,
    Answered BIT NOT NULL,
    WithdrawnAt DATETIME2(3) NULL,
    CONSTRAINT PK_forums_Evaluation PRIMARY KEY (MeetingId, PersonId),
    CONSTRAINT FK_forums_Evaluation_Meeting FOREIGN KEY (MeetingId) REFERENCES forums_Meeting (Id)
);

-- What was answered. ResponseId is random and holds no time, so that nothing here says whose answer it is.
CREATE TABLE forums_EvaluationAnswer (
    ResponseId BINARY(16) NOT NULL,
    QuestionId BINARY(16) NOT NULL,
    MeetingId BINARY(16) NOT NULL,
    Choice INT NULL,
    Words NVARCHAR(2000) NULL,
    CONSTRAINT PK_forums_EvaluationAnswer PRIMARY KEY (ResponseId, QuestionId),
    CONSTRAINT FK_forums_EvaluationAnswer_Meeting FOREIGN KEY (MeetingId) REFERENCES forums_Meeting (Id),
    CONSTRAINT CK_forums_EvaluationAnswer_Given CHECK (Choice IS NOT NULL OR Words IS NOT NULL)
);

CREATE INDEX IX_forums_EvaluationAnswer_Meeting ON forums_EvaluationAnswer (MeetingId, QuestionId, ResponseId);
