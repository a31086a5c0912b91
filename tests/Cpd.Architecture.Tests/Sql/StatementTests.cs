namespace Cpd.Architecture.Tests.Sql;

public class StatementTests {
    static readonly Schema Schema = Build();

    static Schema Build() {
        var read = Migrations.Read(new Dictionary<string, string> {
            ["0001_training_start.sql"] = """
                CREATE TABLE training_Course (
                    Id BINARY(16) NOT NULL,
                    Title NVARCHAR(200) NOT NULL,
                    Minutes INT NOT NULL,
                    Notes {LONGTEXT} NULL,
                    CONSTRAINT PK_training_Course PRIMARY KEY (Id)
                );
                CREATE TABLE training_Session (
                    Id BINARY(16) NOT NULL,
                    CourseId BINARY(16) NOT NULL,
                    Title NVARCHAR(200) NOT NULL,
                    StartsAt DATETIME2(3) NOT NULL,
                    Day DATE NULL,
                    IsOnline BIT NULL,
                    Places INT NOT NULL,
                    PlacesTaken INT NOT NULL CONSTRAINT DF_training_Session_PlacesTaken DEFAULT 0,
                    CONSTRAINT PK_training_Session PRIMARY KEY (Id),
                    CONSTRAINT FK_training_Session_Course FOREIGN KEY (CourseId) REFERENCES training_Course (Id)
                );
                CREATE TABLE training_Booking (
                    Id BINARY(16) NOT NULL,
                    SessionId BINARY(16) NOT NULL,
                    PersonId BINARY(16) NOT NULL,
                    State NVARCHAR(20) NOT NULL,
                    BookedAt DATETIME2(3) NOT NULL,
                    CONSTRAINT PK_training_Booking PRIMARY KEY (Id)
                );
                ALTER TABLE training_Booking ADD Note NVARCHAR(400) NULL;
                """,
            ["0002_people_start.sql"] = "CREATE TABLE people_Person (Id BINARY(16) NOT NULL CONSTRAINT PK_people_Person PRIMARY KEY, Name NVARCHAR(200) NOT NULL);\n",
        });
        Expect.None(read.Problems);
        return read.Schema;
    }

    static IReadOnlyList<string> Problems(string sql) => Statements.Problems([new("Training", "Cpd.Training.BookPlace.Handler", sql)], Schema);

    [Fact]
    public void Sql_Product_ResolvesAndRunsOnBothEngines() {
        var literals = Product.Assemblies.SelectMany(a => Literals.In(Product.Read(a), a.Split('.')[1])).ToList();
        Assert.NotEmpty(literals);
        Assert.Contains(literals, l => l.Owner != "Platform");
        Expect.None(Statements.Problems(literals, Migrations.Read(Product.Files("db/migrations", "*.sql")).Schema));
    }

    [Fact]
    public void Sql_Product_IsNotGluedAtRunTime() {
        var types = Product.Assemblies.SelectMany(a => Product.Read(a).GetTypes()).ToList();
        Assert.NotEmpty(types);
        Expect.None(Literals.FragmentProblems(types));
    }

    [Theory]
    [InlineData("SELECT s.Id, s.Title AS Name FROM training_Session s WHERE s.Places > s.PlacesTaken ORDER BY Name, s.Id")]
    [InlineData("SELECT Id, Title FROM training_Session WHERE Id IN @Ids AND CourseId NOT IN @Others ORDER BY Id")]
    [InlineData("SELECT COUNT(*) FROM training_Session")]
    [InlineData("SELECT s.Id, (SELECT COUNT(*) FROM training_Booking b WHERE b.SessionId = s.Id AND b.State = 'Booked') AS Booked FROM training_Session s")]
    [InlineData("SELECT Id FROM training_Session WHERE EXISTS (SELECT 1 FROM training_Booking WHERE SessionId = training_Session.Id AND PersonId = @PersonId AND Places > 1)")]
    [InlineData("WITH open_ AS (SELECT Id, Title FROM training_Session), n (SessionId, Total) AS (SELECT SessionId, COUNT(*) FROM training_Booking GROUP BY SessionId) SELECT o.Title, n.Total FROM open_ o LEFT JOIN n ON n.SessionId = o.Id ORDER BY n.Total DESC, o.Id")]
    [InlineData("WITH r AS (SELECT Id, 0 AS Level FROM training_Session WHERE Id = @Id UNION ALL SELECT s.Id, r.Level + 1 FROM training_Session s JOIN r ON r.Id = s.CourseId) SELECT Id, Level FROM r")]
    [InlineData("SELECT x.SessionId, x.Total FROM (SELECT SessionId, COUNT(*) AS Total FROM training_Booking GROUP BY SessionId) x WHERE x.Total > 1")]
    [InlineData("SELECT x.S FROM (SELECT SessionId FROM training_Booking) AS x (S)")]
    [InlineData("UPDATE training_Session SET PlacesTaken = PlacesTaken + 1 WHERE Id = @SessionId AND PlacesTaken < Places")]
    [InlineData("UPDATE training_Session SET PlacesTaken = (SELECT COUNT(*) FROM training_Booking b WHERE b.SessionId = training_Session.Id) WHERE Id = @Id")]
    [InlineData("INSERT INTO training_Booking (Id, SessionId, PersonId, State, BookedAt) VALUES (@Id, @SessionId, @PersonId, 'Booked', @Now), (@Id2, @SessionId, @PersonId, 'Booked', @Now)")]
    [InlineData("INSERT INTO training_Booking (Id, SessionId, PersonId, State, BookedAt) SELECT @Id, s.Id, @PersonId, 'Booked', @Now FROM training_Session s WHERE NOT EXISTS (SELECT 1 FROM training_Booking b WHERE b.SessionId = s.Id)")]
    [InlineData("INSERT INTO training_Booking (Id, SessionId, PersonId, State, BookedAt) SELECT @Id, @SessionId, @PersonId, 'Booked', @Now WHERE NOT EXISTS (SELECT 1 FROM training_Booking)")]
    [InlineData("DELETE FROM training_Booking WHERE SessionId IN (SELECT Id FROM training_Session WHERE StartsAt < @Before)")]
    [InlineData("SELECT Id FROM training_Session UNION SELECT SessionId FROM training_Booking ORDER BY Id")]
    [InlineData("SELECT Id FROM training_Session EXCEPT SELECT SessionId FROM training_Booking")]
    [InlineData("SELECT SessionId, ROW_NUMBER() OVER (PARTITION BY SessionId ORDER BY BookedAt, Id) AS Position, COUNT(*) OVER (PARTITION BY SessionId) AS Total FROM training_Booking")]
    [InlineData("SELECT CourseId, SUM(CASE WHEN Places > PlacesTaken THEN 1 ELSE 0 END) AS OpenOnes, MAX(StartsAt) AS Last FROM training_Session GROUP BY CourseId HAVING COUNT(*) > 1 ORDER BY MAX(StartsAt), CourseId")]
    [InlineData("SELECT UPPER(s.Title) AS T, COUNT(*) AS N FROM training_Session s GROUP BY UPPER(s.Title) ORDER BY UPPER(s.Title)")]
    [InlineData("SELECT CONCAT(s.Title, ' - ', c.Title) AS Name, COALESCE(c.Notes, '') AS Notes, CAST(s.Places AS BIGINT) AS Places FROM training_Session s JOIN training_Course c ON c.Id = s.CourseId CROSS JOIN training_Booking b")]
    [InlineData("SELECT DISTINCT Title FROM training_Session ORDER BY Title")]
    [InlineData("-- why\nSELECT Id -- the key, not RETURNING\nFROM training_Session /* LIMIT */ WHERE Title <> 'LIMIT || +' AND (@Text IS NULL OR Title LIKE @Text ESCAPE '!')")]
    [InlineData("SELECT CourseId, SUM(CAST(Places AS BIGINT)) AS Places, MAX(CASE WHEN IsOnline = 1 THEN 1 ELSE 0 END) AS AnyOnline FROM training_Session GROUP BY CourseId ORDER BY SUM(CAST(Places AS BIGINT)), CourseId")]
    [InlineData("SELECT CAST(NULL AS NVARCHAR(10)) AS Note, Id FROM training_Session UNION ALL SELECT Note, Id FROM training_Booking ORDER BY Id")]
    [InlineData("SELECT Id FROM training_Session WHERE Title LIKE 'a%' AND IsOnline = 1 AND StartsAt BETWEEN @From AND @To ORDER BY CASE WHEN Id = @First THEN 0 ELSE 1 END, StartsAt, Id")]
    [InlineData("SELECT s.Id, b.Id AS BookingId FROM training_Session s JOIN training_Booking b ON b.SessionId = s.Id ORDER BY s.Id, BookingId")]
    [InlineData("DELETE FROM training_Booking WHERE Id = @Id; UPDATE training_Session SET PlacesTaken = 0 WHERE Id = @Id")]
    public void Sql_StatementIsPortable_Passes(string sql) => Expect.None(Problems(sql));

    [Theory]
    // Names
    [InlineData("SELECT s.Id, s.Titel FROM training_Session s", "unknown column s.Titel")]
    [InlineData("SELECT Titel FROM training_Session", "unknown column Titel")]
    [InlineData("SELECT title FROM training_Session", "unknown column title")]
    [InlineData("SELECT s.Id FROM training_Session s WHERE b.State = 'x'", "unknown alias b")]
    [InlineData("SELECT Id FROM training_Sesion", "unknown table training_Sesion")]
    [InlineData("SELECT Id FROM training_Session JOIN training_Booking b ON b.SessionId = training_Session.Id", "ambiguous column Id: training_Session and b")]
    [InlineData("SELECT s.Id FROM training_Session s JOIN training_Booking b ON b.SesionId = s.Id", "unknown column b.SesionId")]
    [InlineData("SELECT a.Id FROM training_Session a JOIN training_Course c ON c.Id = b.SessionId JOIN training_Booking b ON b.SessionId = a.Id", "unknown alias b")]
    [InlineData("SELECT s.Id FROM training_Session s JOIN training_Course s ON 1 = 1", "two sources are called s")]
    [InlineData("SELECT Id FROM training_Session WHERE EXISTS (SELECT 1 FROM training_Booking b WHERE b.SessionId = training_Session.Idd)", "unknown column training_Session.Idd")]
    [InlineData("SELECT b.Id FROM training_Booking b JOIN (SELECT s.Id FROM training_Session s WHERE s.Id = b.SessionId) x ON x.Id = b.Id", "unknown alias b")]
    [InlineData("SELECT Id FROM training_Session WHERE Id IN (SELECT b.SessionId FROM training_Booking b WHERE b.Stat = 'x')", "unknown column b.Stat")]
    [InlineData("WITH x AS (SELECT Id FROM training_Session) SELECT x.Title FROM x", "unknown column x.Title")]
    [InlineData("WITH x (A) AS (SELECT Id FROM training_Session) SELECT Id FROM x", "unknown column Id")]
    [InlineData("WITH x (A, B) AS (SELECT Id FROM training_Session) SELECT A FROM x", "x names 2 columns for 1")]
    [InlineData("SELECT x.Nope FROM (SELECT Id FROM training_Session) x", "unknown column x.Nope")]
    [InlineData("SELECT x.N FROM (SELECT COUNT(*) FROM training_Session) x", "a column of x has no name", "unknown column x.N")]
    [InlineData("SELECT Id FROM training_Session ORDER BY Titel", "unknown column Titel")]
    [InlineData("SELECT Id AS Title2 FROM training_Session ORDER BY CASE WHEN Title2 = @X THEN 0 ELSE 1 END", "unknown column Title2")]
    [InlineData("SELECT Id FROM training_Session UNION SELECT SessionId FROM training_Booking ORDER BY Title", "ORDER BY Title")]
    [InlineData("SELECT Id FROM training_Session UNION SELECT SessionId, Id FROM training_Booking", "Union of 1 and 2 columns")]
    [InlineData("SELECT ROW_NUMBER() OVER (ORDER BY BokedAt) AS N FROM training_Booking", "unknown column BokedAt")]
    [InlineData("UPDATE training_Session SET PlacesTken = 1 WHERE Id = @Id", "training_Session has no column PlacesTken")]
    [InlineData("UPDATE training_Session SET PlacesTaken = PlacesTken + 1 WHERE Id = @Id", "unknown column PlacesTken")]
    [InlineData("DELETE FROM training_Booking WHERE SesionId = @Id", "unknown column SesionId")]
    [InlineData("SELECT Id FROM training_Session WHERE Title = \"text\"", "unknown column text", "is quoted")]
    // INSERT
    [InlineData("INSERT INTO training_Course (Id, Title, Minuts) VALUES (@Id, @Title, 1)", "training_Course has no column Minuts", "does not name training_Course.Minutes")]
    [InlineData("INSERT INTO training_Course (Id, Title) VALUES (@Id, @Title)", "does not name training_Course.Minutes")]
    [InlineData("INSERT INTO training_Course (Id, Title, Minutes) VALUES (@Id, @Title)", "names 3 columns but gives 2 values")]
    [InlineData("INSERT INTO training_Course (Id, Title, Minutes) SELECT Id, Title FROM training_Session", "names 3 columns but gives 2 values")]
    [InlineData("INSERT INTO training_Course VALUES (@Id, @Title, 1, NULL)", "without a list of columns")]
    [InlineData("INSERT training_Course (Id, Title, Minutes) VALUES (@Id, @Title, 1)", "INSERT without INTO")]
    [InlineData("INSERT INTO training_Course (Id, Title, Minutes) VALUES (@Id, Title, 1)", "unknown column Title")]
    // Whose table
    [InlineData("SELECT p.Name FROM people_Person p", "people_Person is not a table of training_")]
    [InlineData("SELECT Id FROM training_Session WHERE Id IN (SELECT Id FROM people_Person)", "people_Person is not a table of training_")]
    [InlineData("DELETE FROM people_Person WHERE Id = @Id", "people_Person is not a table of training_")]
    [InlineData("SELECT s.Id FROM dbo.training_Session s", "schema names")]
    [InlineData("SELECT dbo.training_Session.Id FROM training_Session", "schema names")]
    // What one engine has
    [InlineData("SELECT Id FROM training_Session ORDER BY Id LIMIT 5", "LIMIT")]
    [InlineData("SELECT TOP 5 Id FROM training_Session", "TOP")]
    [InlineData("SELECT Id FROM training_Session ORDER BY Id OFFSET 0 ROWS FETCH NEXT 5 ROWS ONLY", "OFFSET")]
    [InlineData("DELETE FROM training_Booking WHERE Id = @Id RETURNING Id", "not T-SQL")]
    [InlineData("UPDATE training_Session SET Places = 1 OUTPUT inserted.Id WHERE Id = @Id", "OUTPUT")]
    [InlineData("INSERT INTO training_Course (Id, Title, Minutes) VALUES (@Id, 'x', 1) ON CONFLICT DO NOTHING", "not T-SQL")]
    [InlineData("WITH x AS (SELECT Id FROM training_Session) MERGE training_Course c USING x ON c.Id = x.Id WHEN MATCHED THEN DELETE;", "MergeStatement")]
    [InlineData("SELECT Title || 'x' AS T FROM training_Session", "not T-SQL")]
    [InlineData("SELECT Title + 'x' AS T FROM training_Session", "+ on text")]
    [InlineData("SELECT s.Title + s.Title AS T FROM training_Session s", "+ on text")]
    [InlineData("SELECT COALESCE(c.Notes, @A) + @B AS T FROM training_Course c", "+ on text")]
    [InlineData("SELECT x.T + x.T AS U FROM (SELECT UPPER(Title) AS T FROM training_Session) x", "+ on text")]
    [InlineData("SELECT StartsAt + 1 AS T FROM training_Session", "reckoned in C#")]
    [InlineData("SELECT Id FROM training_Session WHERE StartsAt > '2026-01-01T00:00:00'", "a time is compared with a parameter")]
    [InlineData("SELECT ISNULL(Notes, '') AS N FROM training_Course", "ISNULL")]
    [InlineData("SELECT IFNULL(Notes, '') AS N FROM training_Course", "IFNULL")]
    [InlineData("SELECT Id FROM training_Session WHERE StartsAt > GETDATE()", "GETDATE")]
    [InlineData("SELECT Id FROM training_Session WHERE StartsAt > SYSUTCDATETIME()", "SYSUTCDATETIME")]
    [InlineData("SELECT Id FROM training_Session WHERE StartsAt > DATEADD(day, 1, @Now)", "DATEADD", "unknown column day")]
    [InlineData("SELECT Id FROM training_Session WHERE StartsAt > DATETIME('now')", "DATETIME")]
    [InlineData("SELECT STRFTIME('%Y', StartsAt) AS Y FROM training_Session", "STRFTIME")]
    [InlineData("SELECT YEAR(StartsAt) AS Y FROM training_Session", "YEAR")]
    [InlineData("SELECT Id FROM training_Session WHERE StartsAt > CURRENT_TIMESTAMP", "CURRENT_TIMESTAMP")]
    [InlineData("SELECT LEN(Title) AS L FROM training_Session", "LEN")]
    [InlineData("SELECT LENGTH(Title) AS L FROM training_Session", "LENGTH")]
    [InlineData("SELECT Id FROM training_Session WHERE CHARINDEX('x', Title) > 0", "CHARINDEX")]
    [InlineData("SELECT Id FROM training_Session WHERE INSTR(Title, 'x') > 0", "INSTR")]
    [InlineData("SELECT JSON_VALUE(Notes, '$.a') AS A FROM training_Course", "JSON_VALUE")]
    [InlineData("SELECT * FROM training_Session", "SELECT *")]
    [InlineData("SELECT s.* FROM training_Session s", "SELECT *")]
    [InlineData("SELECT LEFT(Title, 3) AS T FROM training_Session", "LEFT")]
    [InlineData("SELECT CONVERT(NVARCHAR(10), StartsAt) AS T FROM training_Session", "CONVERT")]
    [InlineData("SELECT CAST(StartsAt AS DATE) AS T FROM training_Session", "CAST AS DATE")]
    [InlineData("SELECT AVG(Places) AS A FROM training_Session", "AVG")]
    [InlineData("SELECT MAX(Places, PlacesTaken) AS A FROM training_Session", "MAX of several")]
    [InlineData("SELECT Id FROM training_Session WHERE Title = N'x'", "N'…'")]
    [InlineData("SELECT Id FROM training_Session WHERE Id = 0x01", "0x01")]
    [InlineData("SELECT Id FROM training_Session WITH (NOLOCK)", "hints")]
    [InlineData("SELECT s.Id FROM training_Session s CROSS APPLY (SELECT b.Id AS B FROM training_Booking b) x", "CROSS APPLY")]
    [InlineData("UPDATE s SET Places = 1 FROM training_Session s", "UPDATE … FROM", "s is not a table of training_", "unknown table s")]
    [InlineData("UPDATE training_Session SET training_Session.Places = 1 WHERE Id = @Id", "qualified target")]
    [InlineData("UPDATE training_Session SET Places += 1 WHERE Id = @Id", "write Column = value")]
    [InlineData("SELECT v.A FROM (VALUES (1), (2)) AS v (A) WHERE v.A IN (SELECT Places FROM training_Session)", "VALUES as a table")]
    // What SQLite lets pass and SQL Server refuses
    [InlineData("SELECT Title, COUNT(*) AS N FROM training_Session", "Title is neither grouped by nor aggregated")]
    [InlineData("SELECT s.CourseId, s.Title FROM training_Session s GROUP BY s.CourseId", "s.Title is neither")]
    [InlineData("SELECT CourseId, COUNT(*) AS N FROM training_Session GROUP BY CourseId ORDER BY StartsAt", "StartsAt is neither")]
    [InlineData("SELECT x.Id FROM (SELECT Id FROM training_Session ORDER BY Id) x", "ORDER BY clause is not valid")]
    [InlineData("SELECT DISTINCT Title FROM training_Session ORDER BY StartsAt", "not among the DISTINCT columns")]
    [InlineData("SELECT Full_ = Places = 1 FROM training_Session", "not T-SQL")]
    [InlineData("SELECT Full_ = Places FROM training_Session", "a name on SQL Server, a comparison on SQLite")]
    [InlineData("SELECT ROW_NUMBER() OVER (PARTITION BY SessionId) AS N FROM training_Booking", "ROW_NUMBER needs OVER")]
    [InlineData("SELECT Id FROM training_Session WHERE Id IN (SELECT Id, CourseId FROM training_Session)", "gives 2 columns")]
    [InlineData("SELECT Id FROM training_Session ORDER BY Title, Id, Title", "ORDER BY names Title twice")]
    [InlineData("SELECT s.Id AS SessionId FROM training_Session s ORDER BY SessionId, s.Id", "ORDER BY names s.Id twice")]
    [InlineData("SELECT Id FROM training_Session ORDER BY @Column", "holds no column")]
    [InlineData("SELECT SUM(IsOnline) AS N FROM training_Session", "no SUM of BIT")]
    [InlineData("SELECT MAX(IsOnline) AS N FROM training_Session", "no MAX of BIT")]
    [InlineData("SELECT SUM(Places) AS N FROM training_Session", "SUM(CAST(Places AS BIGINT))")]
    [InlineData("SELECT COALESCE(SUM(s.Places - s.PlacesTaken), 0) AS N FROM training_Session s", "overflows")]
    [InlineData("SELECT SUM(CASE WHEN EXISTS (SELECT 1 FROM training_Booking b WHERE b.SessionId = s.Id) THEN 1 ELSE 0 END) AS N FROM training_Session s", "no sub-query and no aggregate")]
    [InlineData("SELECT CourseId, MAX(COUNT(*)) AS N FROM training_Session GROUP BY CourseId", "no sub-query and no aggregate")]
    [InlineData("SELECT COUNT(*) AS N FROM training_Session GROUP BY @Part", "GROUP BY @Part")]
    [InlineData("SELECT COUNT(*) AS N FROM training_Session s GROUP BY (SELECT COUNT(*) FROM training_Booking b WHERE b.SessionId = s.Id)", "no sub-query")]
    [InlineData("SELECT Id FROM training_Booking WHERE ROW_NUMBER() OVER (ORDER BY Id) < 5", "stands in SELECT or ORDER BY only")]
    [InlineData("SELECT COUNT(DISTINCT PersonId) OVER (PARTITION BY SessionId) AS N FROM training_Booking", "DISTINCT is not allowed for windowed")]
    // What both take, each in a sense of its own
    [InlineData("SELECT Id FROM training_Session WHERE Title = 5", "mixes text and numbers")]
    [InlineData("SELECT Id FROM training_Session WHERE Id = Title", "mixes bytes and text")]
    [InlineData("SELECT Id FROM training_Session WHERE Day < StartsAt", "mixes days and times")]
    [InlineData("SELECT Id FROM training_Session WHERE Title IN ('a', 1)", "mixes text and numbers")]
    [InlineData("SELECT Id FROM training_Session WHERE Places IN (SELECT State FROM training_Booking)", "mixes numbers and text")]
    [InlineData("SELECT Id FROM training_Session WHERE Places BETWEEN 1 AND 'x'", "mixes numbers and text")]
    [InlineData("SELECT CASE WHEN Places > 1 THEN 'many' ELSE 0 END AS N FROM training_Session", "mixes text and numbers")]
    [InlineData("SELECT CASE Places WHEN 'x' THEN 1 ELSE 0 END AS N FROM training_Session", "mixes text and numbers")]
    [InlineData("SELECT COALESCE(Day, 'never') AS D FROM training_Session", "mixes days and text")]
    [InlineData("SELECT Title FROM training_Session UNION SELECT Places FROM training_Session", "Union column Title mixes text and numbers")]
    [InlineData("SELECT NULL AS Note FROM training_Session UNION SELECT Note FROM training_Booking", "NULL in the first part of a union")]
    [InlineData("UPDATE training_Session SET Places = 'x' WHERE Id = @Id", "SET Places mixes numbers and text")]
    [InlineData("INSERT INTO training_Course (Id, Title, Minutes) VALUES (@Id, 5, 1)", "what goes into Title mixes text and numbers")]
    [InlineData("INSERT INTO training_Course (Id, Title, Minutes) SELECT Id, StartsAt, 1 FROM training_Session", "what goes into Title mixes text and times")]
    [InlineData("SELECT Id FROM training_Session WHERE Title LIKE @Text", "ESCAPE '!'")]
    [InlineData("SELECT Id FROM training_Session WHERE Title LIKE '[a-c]%'", "wildcards on SQL Server")]
    [InlineData("SELECT Id FROM training_Session WHERE Title = 'Zoë'", "not plain ASCII")]
    [InlineData("SELECT [Day] FROM training_Session", "is quoted")]
    [InlineData("SELECT Id FROM training_Session WHERE Title = @Title OR Places = @title", "one parameter on some servers")]
    [InlineData("(SELECT Id FROM training_Session) UNION (SELECT SessionId FROM training_Booking)", "parentheses", "parentheses")]
    public void Sql_StatementIsNotPortable_IsNamed(string sql, params string[] problems) {
        var found = Problems(sql);
        foreach (var problem in problems) Assert.True(found.Any(f => f.Contains(problem, StringComparison.Ordinal)), $"'{problem}' is not named in:\n{string.Join('\n', found)}");
        Assert.True(found.Count <= problems.Length, string.Join('\n', found));
    }

    [Fact]
    public void Sql_HostNamesAModulesTable_IsNamed() =>
        Expect.One(Statements.Problems([new("Host", "Cpd.Host.Program", "SELECT COUNT(*) FROM people_Person")], Schema), "Cpd.Host.Program", "people_Person is not a table of platform_");

    [Fact]
    public void Sql_ColumnIsMisspelt_IsNamedWithTypeAndLine() =>
        Expect.One(Problems("""
            SELECT s.Id
            FROM training_Session s
            WHERE s.Plaecs > 1
            """), "Cpd.Training.BookPlace.Handler, line 3", "unknown column s.Plaecs", "[WHERE s.Plaecs > 1]");
}
