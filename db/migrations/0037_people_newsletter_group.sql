-- A newsletter may also go to groups of people that other modules know (the members of a forum), by their ids. The table is made anew, because SQLite can't change
-- a constraint.
CREATE TABLE people_NewsletterAudienceBefore (
    NewsletterId BINARY(16) NOT NULL,
    Kind NVARCHAR(12) NOT NULL,
    Value NVARCHAR(200) NOT NULL,
    CONSTRAINT PK_people_NewsletterAudienceBefore PRIMARY KEY (NewsletterId, Kind, Value)
);

INSERT INTO people_NewsletterAudienceBefore (NewsletterId, Kind, Value)
SELECT NewsletterId, Kind, Value
FROM people_NewsletterAudience;

DROP TABLE people_NewsletterAudience;

CREATE TABLE people_NewsletterAudience (
    NewsletterId BINARY(16) NOT NULL,
    Kind NVARCHAR(12) NOT NULL,
    Value NVARCHAR(200) NOT NULL,
    CONSTRAINT PK_people_NewsletterAudience PRIMARY KEY (NewsletterId, Kind, Value),
    CONSTRAINT FK_people_NewsletterAudience_Newsletter FOREIGN KEY (NewsletterId) REFERENCES people_Newsletter (Id),
    CONSTRAINT CK_people_NewsletterAudience_Kind CHECK (Kind IN ('JobRole', 'SettingType', 'Role', 'Group'))
);

INSERT INTO people_NewsletterAudience (NewsletterId, Kind, Value)
SELECT NewsletterId, Kind, Value
FROM people_NewsletterAudienceBefore;

DROP TABLE people_NewsletterAudienceBefore;
