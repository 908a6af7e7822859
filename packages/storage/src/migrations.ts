import type { Migration } from './migrate.ts';

/**
 * The schema, step by step. What decides the speed of storing is how many pages a transaction touches, so:
 * - rows have small dense integer keys and are found by them, from memory; text keys have an index only where SQL asks by them
 * - what is written often (an Update, a repeated Register) has a narrow row apart from the wide one that hardly changes
 */
export const migrations: readonly Migration[] = [
  {
    name: 'registrations and observations',
    sql: `
      CREATE TABLE registration (
        slot INTEGER PRIMARY KEY,     -- given again after removal
        id TEXT NOT NULL,
        endpoint TEXT NOT NULL,
        device_key TEXT,              -- NULL: the endpoint name
        address TEXT NOT NULL,
        lifetime INTEGER NOT NULL,    -- seconds
        lwm2m_version TEXT NOT NULL,
        binding TEXT NOT NULL,
        queue_mode INTEGER NOT NULL,
        sms_number TEXT,
        object_links TEXT NOT NULL,
        other_parameters TEXT,        -- JSON object, NULL: none
        registered_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL
      ) STRICT;
      -- What Updates and Registers of the same device changed since the wide row was written. Stronger than it.
      CREATE TABLE registration_refresh (
        slot INTEGER PRIMARY KEY,
        id TEXT NOT NULL,
        address TEXT NOT NULL,
        lifetime INTEGER NOT NULL,
        registered_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL
      ) STRICT;
      CREATE TABLE observation (
        slot INTEGER NOT NULL,
        token BLOB NOT NULL,
        path TEXT NOT NULL,
        accept INTEGER,
        created_at INTEGER NOT NULL,
        PRIMARY KEY (slot, token)
      ) STRICT, WITHOUT ROWID;`,
  },
  {
    name: 'devices and the allow-list',
    sql: `
      CREATE TABLE device (
        n INTEGER PRIMARY KEY,
        key TEXT NOT NULL UNIQUE,
        endpoint TEXT,                -- NULL: the key
        activated_at INTEGER NOT NULL,
        activation_address TEXT NOT NULL,
        identity TEXT                 -- JSON object of strings, NULL: empty
      ) STRICT;
      -- The last Register of a device, from its second on.
      CREATE TABLE device_contact (
        n INTEGER PRIMARY KEY,
        registered_at INTEGER NOT NULL,
        address TEXT NOT NULL
      ) STRICT;
      CREATE TABLE allowed_device (
        key TEXT PRIMARY KEY,
        note TEXT NOT NULL,
        added_at INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;`,
  },
  {
    name: 'operators and tokens',
    sql: `
      CREATE TABLE operator (
        name TEXT PRIMARY KEY,
        role TEXT NOT NULL,
        password_hash TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        password_changed_at INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE token (
        id TEXT PRIMARY KEY,
        kind TEXT NOT NULL,
        operator TEXT NOT NULL,
        role TEXT NOT NULL,
        label TEXT NOT NULL,
        secret_digest BLOB NOT NULL,  -- SHA-256
        created_at INTEGER NOT NULL,
        expires_at INTEGER,
        last_used_at INTEGER
      ) STRICT, WITHOUT ROWID;`,
  },
  {
    name: 'settings',
    sql: `
      CREATE TABLE setting (
        name TEXT PRIMARY KEY,
        value TEXT NOT NULL           -- JSON
      ) STRICT, WITHOUT ROWID;`,
  },
  {
    name: 'bootstrap configurations',
    sql: `
      CREATE TABLE bootstrap_config (
        name TEXT PRIMARY KEY,        -- an endpoint name or device key; empty: the default
        config TEXT NOT NULL          -- JSON
      ) STRICT, WITHOUT ROWID;`,
  },
  {
    name: 'observations of several paths at once',
    // The path of such a one is all of them, with spaces between.
    sql: 'ALTER TABLE observation ADD COLUMN composite INTEGER NOT NULL DEFAULT 0',
  },
  {
    name: 'requests for devices that sleep',
    sql: `
      CREATE TABLE queued_request (
        id INTEGER PRIMARY KEY,
        device TEXT NOT NULL,
        operation TEXT NOT NULL,      -- JSON
        unchecked INTEGER NOT NULL,
        state TEXT NOT NULL,
        attempts INTEGER NOT NULL,
        created_at INTEGER NOT NULL,
        expires_at INTEGER NOT NULL,
        outcome TEXT,                 -- JSON, NULL: not finished
        finished_at INTEGER
      ) STRICT;
      CREATE INDEX queued_request_by_device ON queued_request (device, id);
      CREATE INDEX queued_request_finished ON queued_request (finished_at, id);`,
  },
  {
    name: 'attributes of observations, and profiles',
    sql: `
      ALTER TABLE observation ADD COLUMN query TEXT;
      CREATE TABLE profile (
        id TEXT PRIMARY KEY,
        object_links TEXT NOT NULL,
        learned_at INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;`,
  },
  {
    name: 'firmware and campaigns',
    sql: `
      CREATE TABLE firmware_file (
        id TEXT PRIMARY KEY,
        token TEXT NOT NULL UNIQUE,
        created_at INTEGER NOT NULL,
        json TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE firmware_job (
        id TEXT PRIMARY KEY,
        device TEXT NOT NULL,
        open INTEGER NOT NULL,        -- 1: not finished
        created_at INTEGER NOT NULL,
        json TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX firmware_job_open ON firmware_job (created_at, id) WHERE open = 1;
      CREATE INDEX firmware_job_time ON firmware_job (created_at, id);
      CREATE INDEX firmware_job_device ON firmware_job (device, created_at, id);
      CREATE TABLE campaign (
        id TEXT PRIMARY KEY,
        created_at INTEGER NOT NULL,
        json TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE campaign_target (
        campaign TEXT NOT NULL,
        device TEXT NOT NULL,
        state TEXT NOT NULL,
        wave INTEGER,
        job TEXT,
        reason TEXT,
        changed_at INTEGER NOT NULL,
        PRIMARY KEY (campaign, device)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX campaign_target_state ON campaign_target (campaign, state, device);`,
  },
];
