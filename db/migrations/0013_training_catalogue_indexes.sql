-- What the catalogue asks on a national list: the courses that an authority has published, its sessions ahead, and the sessions ahead of a course.
CREATE INDEX IX_training_Course_Published ON training_Course (State, AuthorityId);

CREATE INDEX IX_training_Session_Authority ON training_Session (AuthorityId, State, StartsAt);

CREATE INDEX IX_training_Session_CourseAhead ON training_Session (CourseId, State, StartsAt);
