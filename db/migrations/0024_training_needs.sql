-- What an organiser asks those who are booked, and what people answer: it may tell of their health. Answers for a session go 30 days after it;
-- what someone lets the service remember for later sessions stays until they erase it.
CREATE TABLE training_SessionQuestion (
    SessionId BINARY(16) NOT NULL,
    Kind NVARCHAR(10) NOT NULL,
    Question NVARCHAR(200) NOT NULL,
    CONSTRAINT PK_training_SessionQuestion PRIMARY KEY (SessionId, Kind),
    CONSTRAINT FK_training_SessionQuestion_Session FOREIGN KEY (SessionId) REFERENCES training_Session (Id),
    CONSTRAINT CK_training_SessionQuestion_Kind CHECK (Kind IN ('Access', 'Dietary', 'Creche', 'Own'))
);

-- An empty answer says that there is nothing this time, whatever is remembered.
CREATE TABLE training_BookingAnswer (
    BookingId BINARY(16) NOT NULL,
    Kind NVARCHAR(10) NOT NULL,
    Answer NVARCHAR(500) NOT NULL,
    AnsweredAt DATETIME2(3) NOT NULL,
    AnsweredBy BINARY(16) NOT NULL,
    CONSTRAINT PK_training_BookingAnswer PRIMARY KEY (BookingId, Kind),
    CONSTRAINT FK_training_BookingAnswer_Booking FOREIGN KEY (BookingId) REFERENCES training_Booking (Id)
);

CREATE TABLE training_PersonNeed (
    PersonId BINARY(16) NOT NULL,
    Kind NVARCHAR(10) NOT NULL,
    Answer NVARCHAR(500) NOT NULL,
    SavedAt DATETIME2(3) NOT NULL,
    CONSTRAINT PK_training_PersonNeed PRIMARY KEY (PersonId, Kind),
    CONSTRAINT CK_training_PersonNeed_Kind CHECK (Kind IN ('Access', 'Dietary', 'Creche'))
);
