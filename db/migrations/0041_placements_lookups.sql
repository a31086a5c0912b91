-- Who supervises in a project, asked when a missed slot is made good; and what hangs on an entry check that is taken out.
CREATE INDEX IX_placements_SupervisorProject_Project ON placements_SupervisorProject (ProjectId, SupervisorId);

CREATE INDEX IX_placements_StudentCheck_Check ON placements_StudentCheck (CheckId, StudentId);
