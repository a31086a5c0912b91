-- What a supervisor who has left the host had not signed yet, given to another of the same host: who gave it, when, and how many slots they were.
CREATE TABLE placements_HandOver (
    Id BINARY(16) NOT NULL,
    FromId BINARY(16) NOT NULL,
    ToId BINARY(16) NOT NULL,
    Slots INT NOT NULL,
    HandedAt DATETIME2(3) NOT NULL,
    HandedBy BINARY(16) NOT NULL,
    CONSTRAINT PK_placements_HandOver PRIMARY KEY (Id),
    CONSTRAINT FK_placements_HandOver_From FOREIGN KEY (FromId) REFERENCES placements_Supervisor (Id),
    CONSTRAINT FK_placements_HandOver_To FOREIGN KEY (ToId) REFERENCES placements_Supervisor (Id),
    CONSTRAINT CK_placements_HandOver_Slots CHECK (Slots > 0)
);

CREATE INDEX IX_placements_HandOver_From ON placements_HandOver (FromId);

CREATE INDEX IX_placements_HandOver_To ON placements_HandOver (ToId);

-- The last by which the slot was handed over; it says something only while the slot is still with whom it went to.
ALTER TABLE placements_Slot ADD HandOverId BINARY(16) NULL;

CREATE INDEX IX_placements_Slot_HandOver ON placements_Slot (HandOverId) WHERE HandOverId IS NOT NULL;
