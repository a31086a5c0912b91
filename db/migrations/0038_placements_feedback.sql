-- What a student says of the placement, and a host of the student: once each, and changed by saying it again. OrganisationId is the host's; all zeros for the student.
CREATE TABLE placements_Feedback (
    Id BINARY(16) NOT NULL,
    StudentId BINARY(16) NOT NULL,
    Side NVARCHAR(10) NOT NULL,
    OrganisationId BINARY(16) NOT NULL,
    Rating INT NOT NULL,
    Comment NVARCHAR(2000) NOT NULL,
    GivenBy BINARY(16) NOT NULL,
    GivenAt DATETIME2(3) NOT NULL,
    CONSTRAINT PK_placements_Feedback PRIMARY KEY (Id),
    CONSTRAINT UQ_placements_Feedback_Side UNIQUE (StudentId, Side, OrganisationId),
    CONSTRAINT FK_placements_Feedback_Student FOREIGN KEY (StudentId) REFERENCES placements_Student (Id),
    CONSTRAINT CK_placements_Feedback_Side CHECK (Side IN ('Student', 'Host')),
    CONSTRAINT CK_placements_Feedback_Rating CHECK (Rating BETWEEN 1 AND 5)
);
