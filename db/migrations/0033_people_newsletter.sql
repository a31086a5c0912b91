-- What an authority writes to many at once. It is on its way from the moment it is sent until nothing of it is due any more, which the due table knows.
CREATE TABLE people_Newsletter (
    Id BINARY(16) NOT NULL,
    AuthorityId BINARY(16) NOT NULL,
    Subject NVARCHAR(150) NOT NULL,
    Words {LONGTEXT} NOT NULL,
    State NVARCHAR(10) NOT NULL,
    CreatedAt DATETIME2(3) NOT NULL,
    CreatedBy BINARY(16) NOT NULL,
    SentAt DATETIME2(3) NULL,
    SentBy BINARY(16) NULL,
    Version INT NOT NULL,
    CONSTRAINT PK_people_Newsletter PRIMARY KEY (Id),
    CONSTRAINT FK_people_Newsletter_Authority FOREIGN KEY (AuthorityId) REFERENCES people_Authority (Id),
    CONSTRAINT CK_people_Newsletter_State CHECK (State IN ('Draft', 'Sent', 'Cancelled'))
);

CREATE INDEX IX_people_Newsletter_Authority ON people_Newsletter (AuthorityId, Id);

-- To whom: staff of these job roles (at settings of these types, where some are named), and holders of these roles.
CREATE TABLE people_NewsletterAudience (
    NewsletterId BINARY(16) NOT NULL,
    Kind NVARCHAR(12) NOT NULL,
    Value NVARCHAR(200) NOT NULL,
    CONSTRAINT PK_people_NewsletterAudience PRIMARY KEY (NewsletterId, Kind, Value),
    CONSTRAINT FK_people_NewsletterAudience_Newsletter FOREIGN KEY (NewsletterId) REFERENCES people_Newsletter (Id),
    CONSTRAINT CK_people_NewsletterAudience_Kind CHECK (Kind IN ('JobRole', 'SettingType', 'Role'))
);
