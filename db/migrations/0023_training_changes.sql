-- Changing a booking: handing the place to a colleague, moving to another date, cancelling and what that costs, and warnings before one books.
-- What an authority says of it; without a row, the defaults of the program hold. Hours are counted back from the start of the session.
CREATE TABLE training_ChangeRule (
    AuthorityId BINARY(16) NOT NULL,
    LateHours INT NOT NULL,
    SubstituteHours INT NOT NULL,
    SelfSubstitutes BIT NOT NULL,
    ReleasePercent INT NOT NULL,
    Version INT NOT NULL,
    CONSTRAINT PK_training_ChangeRule PRIMARY KEY (AuthorityId),
    CONSTRAINT CK_training_ChangeRule_Hours CHECK (LateHours >= 0 AND SubstituteHours >= 0),
    CONSTRAINT CK_training_ChangeRule_Release CHECK (ReleasePercent BETWEEN 1 AND 100)
);

-- From which share of its staff on one day a setting is warned; empty for what its authority says.
ALTER TABLE training_SettingRule ADD ReleasePercent INT NULL;

-- Whoever had the booking until this act gave it to a colleague.
ALTER TABLE training_BookingHistory ADD InsteadOf BINARY(16) NULL;

-- Which of the listed reasons; empty for what ended by itself or with its session.
ALTER TABLE training_Booking ADD CancelCause NVARCHAR(20) NULL;

-- Given up after the authority's cut-off.
ALTER TABLE training_Booking ADD IsLate BIT NOT NULL CONSTRAINT DF_training_Booking_IsLate DEFAULT 0;

-- MovesFrom: the booking at another date that is given up as soon as this one has a place. MovedTo: the booking that came of it.
ALTER TABLE training_Booking ADD MovesFrom BINARY(16) NULL;

ALTER TABLE training_Booking ADD MovedTo BINARY(16) NULL;

CREATE INDEX IX_training_Booking_MovesFrom ON training_Booking (MovesFrom) WHERE MovesFrom IS NOT NULL;

-- What cancelling late or not coming costs, for whoever is booked from a day on, until the day of the next table. Never changed.
CREATE TABLE training_ChargeTable (
    Id BINARY(16) NOT NULL,
    AuthorityId BINARY(16) NOT NULL,
    ValidFrom DATE NOT NULL,
    NoShowPence INT NOT NULL,
    MadeAt DATETIME2(3) NOT NULL,
    MadeBy BINARY(16) NOT NULL,
    CONSTRAINT PK_training_ChargeTable PRIMARY KEY (Id),
    CONSTRAINT UQ_training_ChargeTable_From UNIQUE (AuthorityId, ValidFrom),
    CONSTRAINT CK_training_ChargeTable_NoShow CHECK (NoShowPence >= 0)
);

CREATE TABLE training_ChargeStep (
    TableId BINARY(16) NOT NULL,
    HoursBefore INT NOT NULL,
    Pence INT NOT NULL,
    CONSTRAINT PK_training_ChargeStep PRIMARY KEY (TableId, HoursBefore),
    CONSTRAINT FK_training_ChargeStep_Table FOREIGN KEY (TableId) REFERENCES training_ChargeTable (Id),
    CONSTRAINT CK_training_ChargeStep_Amount CHECK (HoursBefore > 0 AND Pence > 0)
);

-- At most one charge a booking. The amount and whom it concerns never change; an officer waives it, and a corrected register lets it lapse.
CREATE TABLE training_Charge (
    Id BINARY(16) NOT NULL,
    BookingId BINARY(16) NOT NULL,
    SessionId BINARY(16) NOT NULL,
    AuthorityId BINARY(16) NOT NULL,
    SettingId BINARY(16) NULL,
    PersonId BINARY(16) NOT NULL,
    Kind NVARCHAR(20) NOT NULL,
    Pence INT NOT NULL,
    State NVARCHAR(10) NOT NULL,
    MadeAt DATETIME2(3) NOT NULL,
    ChangedAt DATETIME2(3) NULL,
    ChangedBy BINARY(16) NULL,
    Reason NVARCHAR(500) NOT NULL,
    CONSTRAINT PK_training_Charge PRIMARY KEY (Id),
    CONSTRAINT UQ_training_Charge_Booking UNIQUE (BookingId),
    CONSTRAINT FK_training_Charge_Booking FOREIGN KEY (BookingId) REFERENCES training_Booking (Id),
    CONSTRAINT CK_training_Charge_Kind CHECK (Kind IN ('LateCancellation', 'NoShow')),
    CONSTRAINT CK_training_Charge_State CHECK (State IN ('Due', 'Waived', 'Lapsed')),
    CONSTRAINT CK_training_Charge_Pence CHECK (Pence > 0)
);

CREATE INDEX IX_training_Charge_Authority ON training_Charge (AuthorityId, MadeAt, Id);

CREATE INDEX IX_training_Charge_Setting ON training_Charge (SettingId, MadeAt, Id);
