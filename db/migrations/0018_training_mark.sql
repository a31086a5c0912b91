-- What was seen at the door, one row for each mark that somebody made. A booking's attendance follows from its marks in the order in which they were
-- made (MadeAt, then Number). Nonce comes from whoever made the mark, so that the same mark counts once however often it is sent.
CREATE TABLE training_Mark (
    Nonce BINARY(16) NOT NULL,
    SessionId BINARY(16) NOT NULL,
    Number INT NOT NULL,
    BookingId BINARY(16) NOT NULL,
    Kind NVARCHAR(8) NOT NULL,
    At DATETIME2(3) NULL,
    Until DATETIME2(3) NULL,
    Attendance NVARCHAR(14) NULL,
    Minutes INT NULL,
    Undoes BINARY(16) NULL,
    Source NVARCHAR(8) NOT NULL,
    MadeAt DATETIME2(3) NOT NULL,
    MadeBy BINARY(16) NOT NULL,
    ReceivedAt DATETIME2(3) NOT NULL,
    CONSTRAINT PK_training_Mark PRIMARY KEY (Nonce),
    CONSTRAINT UQ_training_Mark_Number UNIQUE (SessionId, Number),
    CONSTRAINT FK_training_Mark_Session FOREIGN KEY (SessionId) REFERENCES training_Session (Id),
    CONSTRAINT FK_training_Mark_Booking FOREIGN KEY (BookingId) REFERENCES training_Booking (Id),
    CONSTRAINT CK_training_Mark_Kind CHECK (Kind IN ('Came', 'Left', 'Times', 'Absent', 'Clear', 'Whole', 'Undo')),
    CONSTRAINT CK_training_Mark_Source CHECK (Source IN ('Door', 'Scan', 'Link', 'Paper', 'List'))
);

CREATE TABLE training_RegisterRule (
    AuthorityId BINARY(16) NOT NULL,
    Tolerance INT NOT NULL,
    Version INT NOT NULL,
    CONSTRAINT PK_training_RegisterRule PRIMARY KEY (AuthorityId),
    CONSTRAINT CK_training_RegisterRule_Tolerance CHECK (Tolerance BETWEEN 0 AND 60)
);
