-- What an authority asks after its sessions, and for how long. Without a row the usual questions hold, which stand in the program.
CREATE TABLE training_EvaluationRule (
    AuthorityId BINARY(16) NOT NULL,
    OpenDays INT NOT NULL,
    Version INT NOT NULL,
    CONSTRAINT PK_training_EvaluationRule PRIMARY KEY (AuthorityId),
    CONSTRAINT CK_training_EvaluationRule_OpenDays CHECK (OpenDays BETWEEN 1 AND 90)
);

-- A question whose words change ends and another begins, so that an answer always stands under the words it was given to. A usual
-- question has the same id in every authority. Short is what the results say of a percentage ("would recommend it").
CREATE TABLE training_EvaluationQuestion (
    AuthorityId BINARY(16) NOT NULL,
    Id BINARY(16) NOT NULL,
    Number INT NOT NULL,
    Kind NVARCHAR(10) NOT NULL,
    Words NVARCHAR(200) NOT NULL,
    Short NVARCHAR(80) NOT NULL,
    EndedAt DATETIME2(3) NULL,
    CONSTRAINT PK_training_EvaluationQuestion PRIMARY KEY (AuthorityId, Id),
    CONSTRAINT CK_training_EvaluationQuestion_Kind CHECK (Kind IN ('YesNo', 'Agreement', 'Text'))
);

-- Who may answer, until when, and whether they have: one row for each booking that the register was settled for. What they answered is not
-- here. Who did not attend has a withdrawn row, so that an older revision that arrives late finds that it is too late.
CREATE TABLE training_Evaluation (
    BookingId BINARY(16) NOT NULL,
    SessionId BINARY(16) NOT NULL,
    PersonId BINARY(16) NOT NULL,
    Revision INT NOT NULL,
    ClosesAt DATETIME2(3) NOT NULL,
    Answered BIT NOT NULL,
    WithdrawnAt DATETIME2(3) NULL,
    CONSTRAINT PK_training_Evaluation PRIMARY KEY (BookingId),
    CONSTRAINT FK_training_Evaluation_Booking FOREIGN KEY (BookingId) REFERENCES training_Booking (Id),
    CONSTRAINT FK_training_Evaluation_Session FOREIGN KEY (SessionId) REFERENCES training_Session (Id)
);

CREATE INDEX IX_training_Evaluation_Session ON training_Evaluation (SessionId, BookingId);

-- What was answered. ResponseId is random and holds no time, so that nothing here says whose answer it is.
CREATE TABLE training_EvaluationAnswer (
    ResponseId BINARY(16) NOT NULL,
    QuestionId BINARY(16) NOT NULL,
    SessionId BINARY(16) NOT NULL,
    Choice INT NULL,
    Words NVARCHAR(2000) NULL,
    CONSTRAINT PK_training_EvaluationAnswer PRIMARY KEY (ResponseId, QuestionId),
    CONSTRAINT FK_training_EvaluationAnswer_Session FOREIGN KEY (SessionId) REFERENCES training_Session (Id),
    CONSTRAINT CK_training_EvaluationAnswer_Given CHECK (Choice IS NOT NULL OR Words IS NOT NULL)
);

CREATE INDEX IX_training_EvaluationAnswer_Session ON training_EvaluationAnswer (SessionId, QuestionId, ResponseId);
