-- What an authority says in all its messages; Version guards the form in which officers change it.
CREATE TABLE people_Letterhead (
    AuthorityId BINARY(16) NOT NULL,
    Introduction NVARCHAR(500) NULL,
    Closing NVARCHAR(500) NULL,
    Contact NVARCHAR(300) NULL,
    SignOff NVARCHAR(200) NULL,
    Version INT NOT NULL,
    CONSTRAINT PK_people_Letterhead PRIMARY KEY (AuthorityId),
    CONSTRAINT FK_people_Letterhead_Authority FOREIGN KEY (AuthorityId) REFERENCES people_Authority (Id)
);

-- What it adds to messages of one kind.
CREATE TABLE people_LetterAddition (
    AuthorityId BINARY(16) NOT NULL,
    Kind NVARCHAR(60) NOT NULL,
    Words NVARCHAR(500) NOT NULL,
    CONSTRAINT PK_people_LetterAddition PRIMARY KEY (AuthorityId, Kind),
    CONSTRAINT FK_people_LetterAddition_Authority FOREIGN KEY (AuthorityId) REFERENCES people_Authority (Id)
);

-- The picture over its messages: small, base64, readable by everyone. Apart from the words, which are read with every batch of messages.
CREATE TABLE people_Logo (
    AuthorityId BINARY(16) NOT NULL,
    ContentType NVARCHAR(20) NOT NULL,
    Width INT NOT NULL,
    Height INT NOT NULL,
    Content {LONGTEXT} NOT NULL,
    ChangedAt DATETIME2(3) NOT NULL,
    CONSTRAINT PK_people_Logo PRIMARY KEY (AuthorityId),
    CONSTRAINT FK_people_Logo_Authority FOREIGN KEY (AuthorityId) REFERENCES people_Authority (Id)
);
