-- What whoever comes to a meeting asks to have arranged (access, food, a crèche). It is removed 30 days after the meeting, and read by officers only.
CREATE TABLE forums_Need (
    MeetingId BINARY(16) NOT NULL,
    PersonId BINARY(16) NOT NULL,
    Words NVARCHAR(500) NOT NULL,
    SaidAt DATETIME2(3) NOT NULL,
    CONSTRAINT PK_forums_Need PRIMARY KEY (MeetingId, PersonId),
    CONSTRAINT FK_forums_Need_Meeting FOREIGN KEY (MeetingId) REFERENCES forums_Meeting (Id)
);
