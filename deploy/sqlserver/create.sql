-- Run by an administrator of the server (sqlcmd -v Password=...). May be run again: it makes only what is missing.
IF DB_ID('cpd') IS NULL CREATE DATABASE cpd;
GO
IF (SELECT is_read_committed_snapshot_on FROM sys.databases WHERE name = 'cpd') = 0
    ALTER DATABASE cpd SET READ_COMMITTED_SNAPSHOT ON WITH ROLLBACK IMMEDIATE;
GO
IF SUSER_ID('cpd') IS NULL CREATE LOGIN cpd WITH PASSWORD = '$(Password)', DEFAULT_DATABASE = cpd;
GO
USE cpd;
GO
-- The service migrates its own tables, so it owns its database and has no right outside it.
IF DATABASE_PRINCIPAL_ID('cpd') IS NULL CREATE USER cpd FOR LOGIN cpd;
ALTER ROLE db_owner ADD MEMBER cpd;
GO
