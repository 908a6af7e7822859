import type { Migration } from './migrate.ts';

/** What accounts of the message server keep. Accounts are local parts. */
export const imSchema: Migration = {
  name: 'rosters, messages that wait, archive, vCards and block lists',
  sql: `
    CREATE TABLE roster (
      account TEXT PRIMARY KEY,
      version INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE roster_item (
      account TEXT NOT NULL,
      jid TEXT NOT NULL,
      name TEXT,
      groups TEXT NOT NULL,         -- JSON
      subscription TEXT NOT NULL,   -- 'none', 'to', 'from', 'both'
      asked INTEGER NOT NULL,
      approved INTEGER NOT NULL,
      listed INTEGER NOT NULL,
      request TEXT,                 -- XML
      PRIMARY KEY (account, jid)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE offline_message (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      account TEXT NOT NULL,
      at INTEGER NOT NULL,
      stanza TEXT NOT NULL
    ) STRICT;
    CREATE INDEX offline_message_account ON offline_message (account, id);
    CREATE TABLE archived_message (
      account TEXT NOT NULL,
      id TEXT NOT NULL,
      other TEXT NOT NULL,
      at INTEGER NOT NULL,
      stanza TEXT NOT NULL,
      PRIMARY KEY (account, id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX archived_message_other ON archived_message (account, other, id);
    CREATE INDEX archived_message_at ON archived_message (at);
    CREATE TABLE vcard (
      account TEXT PRIMARY KEY,
      vcard TEXT NOT NULL           -- XML
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE blocked_jid (
      account TEXT NOT NULL,
      jid TEXT NOT NULL,
      PRIMARY KEY (account, jid)
    ) STRICT, WITHOUT ROWID;`,
};

/** Of which of the messages that wait a later one takes the place. */
export const waitingNoticeSchema: Migration = {
  name: 'what messages that wait tell of',
  sql: `
    ALTER TABLE offline_message ADD COLUMN topic TEXT;
    ALTER TABLE offline_message ADD COLUMN topic_group TEXT;
    CREATE UNIQUE INDEX offline_message_topic ON offline_message (account, topic) WHERE topic IS NOT NULL;`,
};

/** How many messages each archive has, so that those beyond their bound are found without counting all. */
export const archiveSizes: Migration = {
  name: 'sizes of archives',
  sql: `
    CREATE TABLE archive_size (
      account TEXT PRIMARY KEY,
      messages INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX archive_size_messages ON archive_size (messages);
    INSERT INTO archive_size SELECT account, count(*) FROM archived_message GROUP BY account;
    CREATE TRIGGER archived_message_added AFTER INSERT ON archived_message BEGIN
      INSERT INTO archive_size VALUES (new.account, 1) ON CONFLICT (account) DO UPDATE SET messages = messages + 1;
    END;
    CREATE TRIGGER archived_message_removed AFTER DELETE ON archived_message BEGIN
      UPDATE archive_size SET messages = messages - 1 WHERE account = old.account;
    END;`,
};

/** Whom accounts have told that messages wait (XEP-0357). */
export const pushSchema: Migration = {
  name: 'push targets of accounts',
  sql: `
    CREATE TABLE push_target (
      account TEXT NOT NULL,
      service TEXT NOT NULL,        -- JID
      node TEXT NOT NULL,           -- JSON: a text or null
      options TEXT,                 -- XML
      PRIMARY KEY (account, service, node)
    ) STRICT, WITHOUT ROWID;`,
};

/** What accounts publish (XEP-0163), and how much that is, so that it need not be added up. */
export const pubsubSchema: Migration = {
  name: 'nodes and items of accounts',
  sql: `
    CREATE TABLE pubsub_node (
      account TEXT NOT NULL,
      name TEXT NOT NULL,
      state TEXT NOT NULL,          -- JSON
      PRIMARY KEY (account, name)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE pubsub_item (
      number INTEGER PRIMARY KEY,   -- in the order of publication
      account TEXT NOT NULL,
      node TEXT NOT NULL,
      id TEXT NOT NULL,
      at INTEGER NOT NULL,
      payload TEXT,                 -- XML
      size INTEGER NOT NULL         -- characters that it counts for
    ) STRICT;
    CREATE UNIQUE INDEX pubsub_item_id ON pubsub_item (account, node, id);
    CREATE INDEX pubsub_item_number ON pubsub_item (account, node, number);
    CREATE TABLE pubsub_size (
      account TEXT PRIMARY KEY,
      size INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TRIGGER pubsub_item_added AFTER INSERT ON pubsub_item BEGIN
      INSERT INTO pubsub_size VALUES (new.account, new.size) ON CONFLICT (account) DO UPDATE SET size = size + new.size;
    END;
    CREATE TRIGGER pubsub_item_removed AFTER DELETE ON pubsub_item BEGIN
      UPDATE pubsub_size SET size = size - old.size WHERE account = old.account;
    END;`,
};

/** Bindings and friendships are contacts too: rosters have another version when they change. */
export const rosterVersionsOfAssociations: Migration = {
  name: 'versions of rosters rise with bindings and friendships',
  sql: [
    'binding_added',
    'binding_changed',
    'binding_removed',
    'friendship_added',
    'friendship_changed',
    'friendship_removed',
  ]
    .map((trigger) => {
      const [table, change] = trigger.split('_') as ['binding' | 'friendship', 'added' | 'changed' | 'removed'];
      const event = { added: 'INSERT', changed: 'UPDATE', removed: 'DELETE' }[change];
      const row = change === 'removed' ? 'old' : 'new';
      const accounts = table === 'binding' ? [`${row}.user`, `${row}.device`] : [`${row}.user`];
      const raise = (account: string) =>
        `INSERT INTO roster VALUES (${account}, 1) ON CONFLICT (account) DO UPDATE SET version = version + 1;`;
      return `CREATE TRIGGER ${trigger} AFTER ${event} ON ${table} BEGIN ${accounts.map(raise).join(' ')} END;`;
    })
    .join('\n'),
};
