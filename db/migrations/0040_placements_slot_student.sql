-- A student's own slots, whatever has become of them: their page, their statement, their sums.
CREATE INDEX IX_placements_Slot_Student ON placements_Slot (StudentId, StartsAt);
