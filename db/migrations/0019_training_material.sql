-- What goes with a session: links, and files in parts of at most half a megabyte, base64, so that no statement moves a whole file.
CREATE TABLE training_Material (
    Id BINARY(16) NOT NULL,
    SessionId BINARY(16) NOT NULL,
    Title NVARCHAR(200) NOT NULL,
    Link NVARCHAR(500) NULL,
    FileName NVARCHAR(150) NULL,
    Size INT NOT NULL,
    AddedAt DATETIME2(3) NOT NULL,
    AddedBy BINARY(16) NOT NULL,
    CONSTRAINT PK_training_Material PRIMARY KEY (Id),
    CONSTRAINT FK_training_Material_Session FOREIGN KEY (SessionId) REFERENCES training_Session (Id),
    CONSTRAINT CK_training_Material_Kind CHECK ((Link IS NULL AND FileName IS NOT NULL) OR (Link IS NOT NULL AND FileName IS NULL))
);

CREATE INDEX IX_training_Material_Session ON training_Material (SessionId, Id);

CREATE TABLE training_MaterialPart (
    MaterialId BINARY(16) NOT NULL,
    Number INT NOT NULL,
    Content {LONGTEXT} NOT NULL,
    CONSTRAINT PK_training_MaterialPart PRIMARY KEY (MaterialId, Number),
    CONSTRAINT FK_training_MaterialPart_Material FOREIGN KEY (MaterialId) REFERENCES training_Material (Id)
);
