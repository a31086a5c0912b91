-- What the catalogue asks of a national list: the courses that an authority has published, its sessions ahead, the sessions ahead of a course,
-- and the topics by name.
CREATE INDEX IX_training_Course_Published ON training_Course (State, AuthorityId);

CREATE INDEX IX_training_Session_Authority ON training_Session (AuthorityId, State, StartsAt);

CREATE INDEX IX_training_Session_CourseAhead ON training_Session (CourseId, State, StartsAt);

CREATE INDEX IX_training_CourseTopic_Words ON training_CourseTopic (TopicKey, Topic, CourseId);
