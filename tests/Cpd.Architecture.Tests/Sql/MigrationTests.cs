namespace Cpd.Architecture.Tests.Sql;

public class MigrationTests {
    const string Person = "CREATE TABLE people_Person (\n    Id BINARY(16) NOT NULL,\n    Name NVARCHAR(200) NOT NULL,\n    CONSTRAINT PK_people_Person PRIMARY KEY (Id)\n);\n";

    [Fact]
    public void Migrations_Product_RunOnBothEngines() {
        var files = Product.Files("db/migrations", "*");
        Assert.NotEmpty(files);
        var read = Migrations.Read(files);
        Assert.NotEmpty(read.Schema.Tables);
        Expect.None(read.Problems);
    }

    [Fact]
    public void Migrations_ManyFiles_BuildOneSchema() {
        var read = Migrations.Read(new Dictionary<string, string> {
            ["db/migrations/0002_people_membership.sql"] = """
                -- Who works where; a comment with a semicolon;
                CREATE TABLE people_Membership (
                    Id BINARY(16) NOT NULL CONSTRAINT PK_people_Membership PRIMARY KEY,
                    PersonId BINARY(16) NOT NULL,
                    Role NVARCHAR(20) NOT NULL CONSTRAINT CK_people_Membership_Role CHECK (Role IN ('Setting', 'Self')),
                    Minutes BIGINT NOT NULL CONSTRAINT DF_people_Membership_Minutes DEFAULT 0,
                    IsMain BIT NOT NULL,
                    FromDay DATE NOT NULL,
                    UntilDay DATE NULL,
                    At DATETIME2(3) NOT NULL,
                    Notes {LONGTEXT} NULL,
                    CONSTRAINT FK_people_Membership_Person FOREIGN KEY (PersonId) REFERENCES people_Person (Id),
                    CONSTRAINT CK_people_Membership_Days CHECK (UntilDay IS NULL OR UntilDay >= FromDay)
                );
                CREATE UNIQUE INDEX UQ_people_Membership_Main ON people_Membership (PersonId) WHERE IsMain = 1;
                CREATE INDEX IX_people_Membership_Day ON people_Membership (FromDay DESC, Id);
                ALTER TABLE people_Person ADD EmailKey NVARCHAR(320) NULL;
                ALTER TABLE people_Person ADD Version INT NOT NULL CONSTRAINT DF_people_Person_Version DEFAULT 1;
                UPDATE people_Person SET EmailKey = LOWER(Name) WHERE EmailKey IS NULL;
                INSERT INTO people_Person (Id, Name) SELECT Id, Notes FROM people_Membership WHERE Notes IS NOT NULL;

                """,
            ["db/migrations/0001_people_person.sql"] = Person,
        });
        Expect.None(read.Problems);
        Assert.Equal(["people_Membership", "people_Person"], read.Schema.Tables.Select(t => t.Name).Order(StringComparer.Ordinal));
        Assert.Equal(["Id", "Name", "EmailKey", "Version"], read.Schema.Find("people_Person")!.Columns.Select(c => c.Name));
        Assert.Equal(new Column("Version", "INT", Nullable: false, HasDefault: true), read.Schema.Find("people_Person")!.Columns[3]);
        Assert.Equal(new Column("Notes", "NVARCHAR"), read.Schema.Find("people_Membership")!.Columns.Single(c => c.Name == "Notes"));
    }

    [Theory]
    [InlineData("CREATE TABLE people_Place (Id INT NOT NULL, CONSTRAINT Key1 PRIMARY KEY (Id));", "0002_people_more.sql:1: Key1: a constraint of people_Place is named PK_")]
    [InlineData("CREATE TABLE people_Place (Id INT NOT NULL PRIMARY KEY);", "a constraint of people_Place.Id has no name")]
    [InlineData("CREATE TABLE people_Place (Id INT NOT NULL DEFAULT 0);", "a constraint of people_Place.Id has no name")]
    [InlineData("CREATE TABLE people_Place (Id INT NOT NULL, CONSTRAINT PK_people_Person PRIMARY KEY (Id));", "PK_people_Person exists already in 0001_people_person.sql")]
    [InlineData("CREATE TABLE people_Place (Id INT NULL, CONSTRAINT PK_people_Place PRIMARY KEY (Id));", "people_Place.Id is a key and not NOT NULL")]
    [InlineData("CREATE TABLE people_Place (Id INT NOT NULL, CONSTRAINT PK_people_Place PRIMARY KEY (Idd));", "unknown column people_Place.Idd")]
    [InlineData("CREATE TABLE people_Place (Id INT NOT NULL, CONSTRAINT PK_people_Place PRIMARY KEY CLUSTERED (Id));", "CLUSTERED")]
    [InlineData("CREATE TABLE people_Places (Id INT NOT NULL);", "people_Places looks plural")]
    [InlineData("CREATE TABLE people_place (Id INT NOT NULL);", "people_place: a table is module_Noun")]
    [InlineData("CREATE TABLE training_Place (Id INT NOT NULL);", "training_Place is not a table of people_")]
    [InlineData("CREATE TABLE dbo.people_Place (Id INT NOT NULL);", "schema names")]
    [InlineData("CREATE TABLE people_Person (Id INT NOT NULL);", "people_Person is created twice")]
    [InlineData("CREATE TABLE people_Place (Id UNIQUEIDENTIFIER NOT NULL);", "people_Place.Id: UNIQUEIDENTIFIER is none of")]
    [InlineData("CREATE TABLE people_Place (Fee DECIMAL(9,2) NOT NULL);", "DECIMAL(9, 2) is none of")]
    [InlineData("CREATE TABLE people_Place (At DATETIME2 NOT NULL);", "DATETIME2 is none of")]
    [InlineData("CREATE TABLE people_Place (Name NVARCHAR(5000) NOT NULL);", "is none of", "not T-SQL")]
    [InlineData("CREATE TABLE people_Place (Name VARCHAR(50) NOT NULL);", "VARCHAR(50) is none of")]
    [InlineData("CREATE TABLE people_Place (Name NVARCHAR(MAX) NULL);", "write {LONGTEXT}")]
    [InlineData("CREATE TABLE people_Place (Id INT IDENTITY(1,1) NOT NULL);", "IDENTITY")]
    [InlineData("CREATE TABLE people_Place (Id INT NOT NULL, CONSTRAINT CK_people_Place CHECK (Idd > 0));", "unknown column Idd")]
    [InlineData("CREATE TABLE people_Place (Id INT NOT NULL, CONSTRAINT CK_people_Place CHECK (LEN(Id) > 0));", "LEN")]
    [InlineData("CREATE TABLE people_Place (Id BINARY(16) NOT NULL, CONSTRAINT FK_people_Place FOREIGN KEY (Id) REFERENCES training_Session (Id));", "people_Place has a foreign key to training_Session: none crosses")]
    [InlineData("CREATE TABLE people_Place (Id BINARY(16) NOT NULL, CONSTRAINT FK_people_Place FOREIGN KEY (Id) REFERENCES people_Person (Key_));", "unknown column people_Person.Key_")]
    [InlineData("CREATE TABLE people_Place (Id BINARY(16) NOT NULL, CONSTRAINT FK_people_Place FOREIGN KEY (Id) REFERENCES people_Persn (Id));", "people_Persn: unknown table")]
    [InlineData("CREATE INDEX people_Person_Name ON people_Person (Name);", "people_Person_Name: an index is named IX_")]
    [InlineData("CREATE INDEX IX_people_Person_Name ON people_Person (Nmae);", "unknown column people_Person.Nmae")]
    [InlineData("CREATE INDEX IX_people_Person_Name ON people_Person (Name) WHERE Nmae IS NOT NULL;", "unknown column Nmae")]
    [InlineData("CREATE INDEX IX_people_Person_Name ON people_Person (Name) INCLUDE (Id);", "INCLUDE")]
    [InlineData("CREATE TABLE people_Place (Name NVARCHAR(200));", "people_Place.Name says neither NULL nor NOT NULL")]
    [InlineData("CREATE TABLE people_Place (Name NVARCHAR(451) NOT NULL, CONSTRAINT PK_people_Place PRIMARY KEY (Name));", "PK_people_Place may be 902 bytes wide")]
    [InlineData("CREATE TABLE people_Place (Id BINARY(16) NOT NULL, Name NVARCHAR(843) NOT NULL, CONSTRAINT UQ_people_Place_Name UNIQUE (Id, Name));", "UQ_people_Place_Name may be 1702 bytes wide")]
    [InlineData("CREATE TABLE people_Place (Name NVARCHAR(20) NULL, CONSTRAINT UQ_people_Place_Name UNIQUE (Name));", "people_Place.Name may be NULL: SQL Server takes one NULL only")]
    [InlineData("CREATE TABLE people_Place (Notes {LONGTEXT} NOT NULL);\nCREATE INDEX IX_people_Place_Notes ON people_Place (Notes);", "people_Place.Notes is long text")]
    [InlineData("ALTER TABLE people_Person ADD Code NVARCHAR(9) NULL;\nCREATE UNIQUE INDEX UQ_people_Person_Code ON people_Person (Code);", "people_Person.Code may be NULL")]
    [InlineData("ALTER TABLE people_Person ADD Code NVARCHAR(9) NULL;\nCREATE UNIQUE INDEX UQ_people_Person_Code ON people_Person (Code) WHERE Name = 'x';", "add WHERE Code IS NOT NULL")]
    [InlineData("CREATE INDEX IX_people_Person_Name ON people_Person (Name) WHERE Name = 'a' OR Name = 'b';", "not T-SQL: Incorrect syntax near OR")]
    [InlineData("CREATE INDEX IX_people_Person_Name ON people_Person (Name) WHERE NOT Name = 'a';", "not T-SQL: Incorrect syntax near NOT")]
    [InlineData("CREATE TABLE people_Place (Id BINARY(16) NOT NULL, CONSTRAINT FK_people_Place FOREIGN KEY (Id) REFERENCES people_Person (Id) ON DELETE CASCADE);", "a foreign key that cascades")]
    [InlineData("CREATE TABLE people_Place ([Key] INT NOT NULL);", "[Key] is quoted")]
    [InlineData("ALTER TABLE people_Person ADD Version INT NOT NULL;", "people_Person.Version: a NOT NULL column added")]
    [InlineData("ALTER TABLE people_Person ADD A INT NULL, B INT NULL;", "adds exactly one column")]
    [InlineData("ALTER TABLE people_Person ADD CONSTRAINT UQ_people_Person_Name UNIQUE (Name);", "adds exactly one column")]
    [InlineData("ALTER TABLE people_Person ADD Name INT NULL;", "people_Person.Name exists already")]
    [InlineData("ALTER TABLE people_Person ADD COLUMN Age INT NULL;", "not T-SQL")]
    [InlineData("ALTER TABLE people_Person DROP COLUMN Name;", "AlterTableDropTableElementStatement")]
    [InlineData("DROP INDEX IX_people_Person_Name ON people_Person;", "DropIndexStatement")]
    [InlineData("DROP TABLE people_Persn;", "unknown table people_Persn")]
    [InlineData("DROP TABLE people_Person;", "people_Person is dropped and its rows are not copied first")]
    [InlineData("CREATE TABLE people_Old (Id BINARY(16) NOT NULL);\nINSERT INTO people_Old (Id) SELECT Id FROM people_Person;\nDROP TABLE IF EXISTS people_Person;", "DROP TABLE names one table")]
    [InlineData("CREATE TRIGGER people_T ON people_Person AFTER INSERT AS SELECT 1;", "CreateTriggerStatement")]
    [InlineData("DELETE FROM people_Person WHERE Name = 'x';", "DeleteStatement")]
    [InlineData("INSERT INTO people_Person (Id, Nmae) VALUES (NULL, 'x');", "people_Person has no column Nmae", "does not name people_Person.Name")]
    [InlineData("UPDATE people_Person SET Nmae = 'x' WHERE Id IS NOT NULL;", "people_Person has no column Nmae")]
    [InlineData("CREATE INDEX IX_people_Person_A ON people_Person (Name); CREATE INDEX IX_people_Person_B ON people_Person (Id);", "two statements before one semicolon")]
    [InlineData("-- first line\n\nCREATE INDEX IX_people_Person_A ON people_Person (Name);\nCREATE INDEX IX_people_Person_B\n    ON people_Person (Idd);", "0002_people_more.sql:4: unknown column people_Person.Idd")]
    public void Migrations_StatementIsNotAllowed_IsNamed(string sql, params string[] problems) {
        var found = Migrations.Read(new Dictionary<string, string> { ["0001_people_person.sql"] = Person, ["0002_people_more.sql"] = sql + "\n" }).Problems;
        Assert.NotEmpty(found);
        Assert.True(problems.Any(p => found.Any(f => f.Contains(p, StringComparison.Ordinal))), string.Join('\n', found));
        Assert.True(found.Count <= problems.Length, string.Join('\n', found));
    }

    [Fact]
    public void Migrations_TableIsMadeAnew_KeepsItsNames() {
        var read = Migrations.Read(new Dictionary<string, string> {
            ["0001_people_person.sql"] = Person,
            ["0002_people_anew.sql"] = """
                CREATE TABLE people_PersonBefore (Id BINARY(16) NOT NULL, CONSTRAINT PK_people_PersonBefore PRIMARY KEY (Id));
                INSERT INTO people_PersonBefore (Id) SELECT Id FROM people_Person;
                DROP TABLE people_Person;
                CREATE TABLE people_Person (Id BINARY(16) NOT NULL, Age INT NULL, CONSTRAINT PK_people_Person PRIMARY KEY (Id));
                INSERT INTO people_Person (Id) SELECT Id FROM people_PersonBefore;
                DROP TABLE people_PersonBefore;

                """,
        });
        Expect.None(read.Problems);
        Assert.Equal(["Id", "Age"], Assert.Single(read.Schema.Tables).Columns.Select(c => c.Name));
    }

    [Theory]
    [InlineData("0003_people_more.sql", "number 0002 comes here")]
    [InlineData("0001_people_zzz.sql", "number 0002 comes here")]
    [InlineData("2_people_more.sql", "not NNNN_module_what.sql")]
    [InlineData("0002_nobody_more.sql", "not NNNN_module_what.sql")]
    [InlineData("0002_people_More.sql", "not NNNN_module_what.sql")]
    [InlineData("0002_people.sql", "not NNNN_module_what.sql")]
    public void Migrations_FileIsMisnamed_IsNamed(string name, string problem) =>
        Expect.One(Migrations.Read(new Dictionary<string, string> { ["0001_people_person.sql"] = Person, [name] = "" }).Problems, name, problem);
}
