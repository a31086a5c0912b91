-- Courses, their sessions, bookings and registers. TitleKey and SearchKey are made in the program (a space before each word), never by collation.
CREATE TABLE training_Course (
    Id BINARY(16) NOT NULL,
    AuthorityId BINARY(16) NOT NULL,
    TrainingProviderId BINARY(16) NULL,
    Title NVARCHAR(200) NOT NULL,
    TitleKey NVARCHAR(250) NOT NULL,
    SearchKey NVARCHAR(2000) NOT NULL,
    Summary NVARCHAR(1000) NOT NULL,
    LearningOutcomes {LONGTEXT} NOT NULL,
    AgeRanges INT NOT NULL,
    Mode NVARCHAR(12) NOT NULL,
    Minutes INT NOT NULL,
    ParticipatoryMinutes INT NOT NULL,
    PricePence INT NOT NULL,
    State NVARCHAR(10) NOT NULL,
    CreatedAt DATETIME2(3) NOT NULL,
    CreatedBy BINARY(16) NOT NULL,
    PublishedAt DATETIME2(3) NULL,
    CancelledAt DATETIME2(3) NULL,
    Version INT NOT NULL,
    CONSTRAINT PK_training_Course PRIMARY KEY (Id),
    CONSTRAINT CK_training_Course_AgeRanges CHECK (AgeRanges BETWEEN 0 AND 7),
    CONSTRAINT CK_training_Course_Mode CHECK (Mode IN ('InPerson', 'LiveOnline', 'SelfStudy')),
    CONSTRAINT CK_training_Course_Minutes CHECK (Minutes > 0 AND ParticipatoryMinutes BETWEEN 0 AND Minutes),
    CONSTRAINT CK_training_Course_Price CHECK (PricePence >= 0),
    CONSTRAINT CK_training_Course_State CHECK (State IN ('Draft', 'Published', 'Cancelled'))
);

CREATE INDEX IX_training_Course_Authority ON training_Course (AuthorityId, State, TitleKey, Id);

CREATE INDEX IX_training_Course_Title ON training_Course (State, TitleKey, Id);

CREATE TABLE training_CourseAudience (
    CourseId BINARY(16) NOT NULL,
    JobRole NVARCHAR(30) NOT NULL,
    CONSTRAINT PK_training_CourseAudience PRIMARY KEY (CourseId, JobRole),
    CONSTRAINT FK_training_CourseAudience_Course FOREIGN KEY (CourseId) REFERENCES training_Course (Id)
);

CREATE TABLE training_CourseTopic (
    CourseId BINARY(16) NOT NULL,
    Topic NVARCHAR(60) NOT NULL,
    TopicKey NVARCHAR(80) NOT NULL,
    CONSTRAINT PK_training_CourseTopic PRIMARY KEY (CourseId, TopicKey),
    CONSTRAINT FK_training_CourseTopic_Course FOREIGN KEY (CourseId) REFERENCES training_Course (Id)
);

CREATE INDEX IX_training_CourseTopic_Key ON training_CourseTopic (TopicKey, CourseId);

-- StartsAt is the beginning of its first date and EndsAt the end of its last. PlacesTaken counts booked places (walk-ins are
-- extra); WaitingTail is the highest number ever given to someone who waits. A free place means that nobody waits.
CREATE TABLE training_Session (
    Id BINARY(16) NOT NULL,
    CourseId BINARY(16) NOT NULL,
    AuthorityId BINARY(16) NOT NULL,
    StartsAt DATETIME2(3) NOT NULL,
    EndsAt DATETIME2(3) NOT NULL,
    Places INT NOT NULL,
    PlacesTaken INT NOT NULL,
    WaitingCount INT NOT NULL,
    WaitingTail INT NOT NULL,
    OpensAt DATETIME2(3) NULL,
    ClosesAt DATETIME2(3) NULL,
    VenueName NVARCHAR(200) NOT NULL,
    VenueAddress NVARCHAR(500) NOT NULL,
    JoiningLink NVARCHAR(500) NOT NULL,
    TrainerPersonId BINARY(16) NULL,
    State NVARCHAR(10) NOT NULL,
    CancelReason NVARCHAR(500) NOT NULL,
    CancelledAt DATETIME2(3) NULL,
    RegisterClosedAt DATETIME2(3) NULL,
    CreatedAt DATETIME2(3) NOT NULL,
    CreatedBy BINARY(16) NOT NULL,
    Version INT NOT NULL,
    CONSTRAINT PK_training_Session PRIMARY KEY (Id),
    CONSTRAINT FK_training_Session_Course FOREIGN KEY (CourseId) REFERENCES training_Course (Id),
    CONSTRAINT CK_training_Session_Places CHECK (PlacesTaken >= 0 AND PlacesTaken <= Places),
    CONSTRAINT CK_training_Session_Waiting CHECK (WaitingCount >= 0 AND WaitingCount <= WaitingTail),
    CONSTRAINT CK_training_Session_Times CHECK (EndsAt > StartsAt),
    CONSTRAINT CK_training_Session_State CHECK (State IN ('Draft', 'Published', 'Cancelled'))
);

CREATE INDEX IX_training_Session_Upcoming ON training_Session (State, StartsAt, CourseId);

CREATE INDEX IX_training_Session_Course ON training_Session (CourseId, StartsAt);

CREATE INDEX IX_training_Session_Trainer ON training_Session (TrainerPersonId, StartsAt);

CREATE TABLE training_SessionDate (
    SessionId BINARY(16) NOT NULL,
    StartsAt DATETIME2(3) NOT NULL,
    EndsAt DATETIME2(3) NOT NULL,
    CONSTRAINT PK_training_SessionDate PRIMARY KEY (SessionId, StartsAt),
    CONSTRAINT FK_training_SessionDate_Session FOREIGN KEY (SessionId) REFERENCES training_Session (Id),
    CONSTRAINT CK_training_SessionDate_Times CHECK (EndsAt > StartsAt)
);

-- SettingId and AuthorityId say where the person worked when they were booked; both are empty for people of no setting.
CREATE TABLE training_Booking (
    Id BINARY(16) NOT NULL,
    SessionId BINARY(16) NOT NULL,
    PersonId BINARY(16) NOT NULL,
    SettingId BINARY(16) NULL,
    AuthorityId BINARY(16) NULL,
    State NVARCHAR(10) NOT NULL,
    Reference NVARCHAR(20) NOT NULL,
    BookedAt DATETIME2(3) NOT NULL,
    BookedBy BINARY(16) NOT NULL,
    WaitingNumber INT NULL,
    PromotedAt DATETIME2(3) NULL,
    CancelledAt DATETIME2(3) NULL,
    CancelledBy BINARY(16) NULL,
    CancelReason NVARCHAR(500) NOT NULL,
    Attendance NVARCHAR(14) NULL,
    MinutesAttended INT NOT NULL,
    IsWalkIn BIT NOT NULL,
    Revision INT NOT NULL,
    CONSTRAINT PK_training_Booking PRIMARY KEY (Id),
    CONSTRAINT UQ_training_Booking_Reference UNIQUE (Reference),
    CONSTRAINT FK_training_Booking_Session FOREIGN KEY (SessionId) REFERENCES training_Session (Id),
    CONSTRAINT CK_training_Booking_State CHECK (State IN ('Booked', 'Waiting', 'Cancelled')),
    CONSTRAINT CK_training_Booking_Cancelled CHECK ((State = 'Cancelled' AND CancelledAt IS NOT NULL) OR (State <> 'Cancelled' AND CancelledAt IS NULL)),
    CONSTRAINT CK_training_Booking_Waiting CHECK (State <> 'Waiting' OR WaitingNumber IS NOT NULL),
    CONSTRAINT CK_training_Booking_Attendance CHECK (Attendance IS NULL OR Attendance IN ('Attended', 'Part', 'DidNotAttend'))
);

CREATE UNIQUE INDEX UQ_training_Booking_Live ON training_Booking (SessionId, PersonId) WHERE CancelledAt IS NULL;

CREATE INDEX IX_training_Booking_Waiting ON training_Booking (SessionId, WaitingNumber) WHERE State = 'Waiting';

CREATE INDEX IX_training_Booking_Session ON training_Booking (SessionId, Id);

CREATE INDEX IX_training_Booking_Person ON training_Booking (PersonId, Id);

CREATE INDEX IX_training_Booking_Setting ON training_Booking (SettingId, Id);

CREATE INDEX IX_training_Booking_Authority ON training_Booking (AuthorityId, Id);

-- Who did what with a booking, and when. Rows are only ever added.
CREATE TABLE training_BookingHistory (
    Id BINARY(16) NOT NULL,
    BookingId BINARY(16) NOT NULL,
    At DATETIME2(3) NOT NULL,
    PersonId BINARY(16) NOT NULL,
    Act NVARCHAR(20) NOT NULL,
    Detail NVARCHAR(500) NOT NULL,
    CONSTRAINT PK_training_BookingHistory PRIMARY KEY (Id),
    CONSTRAINT FK_training_BookingHistory_Booking FOREIGN KEY (BookingId) REFERENCES training_Booking (Id)
);

CREATE INDEX IX_training_BookingHistory_Booking ON training_BookingHistory (BookingId, Id);
