import type { Migration } from './migrate.ts';

/** Persistent rooms of the message server (XEP-0045). Their archives are with those of accounts, under names that no account has. */
export const roomSchema: Migration = {
  name: 'rooms and their affiliations',
  sql: `
    CREATE TABLE room (
      jid TEXT PRIMARY KEY,
      domain TEXT NOT NULL,
      config TEXT NOT NULL,         -- JSON, without the password
      secrets BLOB NOT NULL,        -- sealed: the password, and what ids of occupants are made from
      subject TEXT,                 -- XML
      subject_at INTEGER,
      created_by TEXT NOT NULL,
      created_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX room_domain ON room (domain, jid);
    CREATE TABLE room_affiliation (
      room TEXT NOT NULL,
      jid TEXT NOT NULL,
      affiliation TEXT NOT NULL,    -- 'owner', 'admin', 'member', 'outcast'
      nick TEXT,
      reason TEXT,
      PRIMARY KEY (room, jid)
    ) STRICT, WITHOUT ROWID;`,
};
