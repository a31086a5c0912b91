-- E-mail addresses of which a mail server has said that they do not exist, and since when. The key is the address without blanks around it and in lower case.
CREATE TABLE platform_DeadAddress (
    AddressKey NVARCHAR(320) NOT NULL,
    FoundAt DATETIME2(3) NOT NULL,
    CONSTRAINT PK_platform_DeadAddress PRIMARY KEY (AddressKey)
);
