import { deviceTextSchema } from './device-text-schema.ts';
import { historySchema, historySpanSchema } from './history/history-schema.ts';
import {
  archiveSizes,
  imSchema,
  pubsubSchema,
  pushSchema,
  rosterVersionsOfAssociations,
  waitingNoticeSchema,
} from './im-schema.ts';
import type { Migration } from './migrate.ts';
import { roomSchema } from './room-schema.ts';
import { associationChangeSchema } from './sqlite-association-change-store.ts';
import { expectationSchema, keptObservationSchema } from './sqlite-expectation-store.ts';
import { homeNewsSchema } from './sqlite-home-news-store.ts';
import { idempotencySchema } from './sqlite-idempotency-store.ts';
import { oscoreStateSchema } from './sqlite-oscore-state-store.ts';
import { standingObservationSchema } from './sqlite-standing-observation-store.ts';
import { uploadSchema } from './sqlite-upload-store.ts';
import { webhookSchema } from './sqlite-webhook-store.ts';

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
  {
    name: 'accounts of the message server',
    sql: `
      CREATE TABLE ra_account (
        name TEXT PRIMARY KEY,
        kind TEXT NOT NULL,           -- 'user', 'device'
        nick TEXT,
        created_at INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX ra_account_kind ON ra_account (kind, name);
      CREATE TABLE ra_account_key (
        account TEXT NOT NULL,
        hash TEXT NOT NULL,           -- 'SHA-1', 'SHA-256'
        salt BLOB NOT NULL,
        iterations INTEGER NOT NULL,
        stored_key BLOB NOT NULL,
        server_key BLOB NOT NULL,
        PRIMARY KEY (account, hash)
      ) STRICT, WITHOUT ROWID;`,
  },
  {
    name: 'key of the secrets',
    sql: `
      CREATE TABLE sealing_key (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        check_value BLOB NOT NULL     -- sealed with the key: tells whether a key is the right one
      ) STRICT;`,
  },
  {
    name: 'credentials of terminals',
    sql: `
      CREATE TABLE credential (
        id TEXT PRIMARY KEY,
        endpoint TEXT NOT NULL,
        purpose TEXT NOT NULL,        -- 'any', 'register', 'bootstrap'
        kind TEXT NOT NULL,           -- 'psk', 'rpk', 'certificate', 'certificate-name', 'oscore'
        proof TEXT NOT NULL UNIQUE,   -- kind:…
        secret BLOB,                  -- sealed
        created_at INTEGER NOT NULL,
        used_at INTEGER,
        superseded_at INTEGER
      ) STRICT, WITHOUT ROWID;
      CREATE UNIQUE INDEX credential_endpoint ON credential (endpoint, id);`,
  },
  {
    name: 'devices of the RA, their associations and permissions, the audit trail',
    sql: `
      CREATE TABLE ra_device (
        account TEXT PRIMARY KEY,
        terminal TEXT UNIQUE,         -- device.key, NULL: speaks RA itself
        device_type TEXT NOT NULL,
        vendor TEXT NOT NULL,
        model TEXT NOT NULL,
        confirms INTEGER NOT NULL,
        created_at INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE verification_code (
        device TEXT PRIMARY KEY,
        id TEXT NOT NULL,
        salt BLOB NOT NULL,
        digest BLOB NOT NULL,         -- SHA-256
        issued_at INTEGER NOT NULL,
        expires_at INTEGER
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE binding (
        user TEXT NOT NULL,
        device TEXT NOT NULL,
        state TEXT NOT NULL,          -- 'active', 'pending'
        name TEXT NOT NULL,
        groups TEXT NOT NULL,         -- JSON array
        since INTEGER NOT NULL,
        PRIMARY KEY (user, device)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX binding_device ON binding (device, user);
      -- Two rows a friendship: each side's view.
      CREATE TABLE friendship (
        user TEXT NOT NULL,
        other TEXT NOT NULL,
        state TEXT NOT NULL,          -- 'friends', 'asking', 'asked'
        name TEXT NOT NULL,
        groups TEXT NOT NULL,
        since INTEGER NOT NULL,
        PRIMARY KEY (user, other)
      ) STRICT, WITHOUT ROWID;
      -- Two rows a link: one for each device.
      CREATE TABLE device_link (
        device TEXT NOT NULL,
        other TEXT NOT NULL,
        made_by TEXT NOT NULL,
        since INTEGER NOT NULL,
        PRIMARY KEY (device, other)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE bookmark (
        account TEXT NOT NULL,
        name TEXT NOT NULL,
        address TEXT NOT NULL,
        text TEXT NOT NULL,
        PRIMARY KEY (account, name)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE permission (
        device TEXT NOT NULL,
        subject TEXT NOT NULL,        -- 'a:' and an account, 'c:' and a class
        feature TEXT NOT NULL,
        operations TEXT NOT NULL,     -- names with spaces between
        expires_at INTEGER,
        granted_by TEXT NOT NULL,
        granted_at INTEGER NOT NULL,
        PRIMARY KEY (device, subject, feature)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX permission_subject ON permission (subject);
      CREATE INDEX permission_expiry ON permission (expires_at) WHERE expires_at IS NOT NULL;
      CREATE TABLE audit (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        time INTEGER NOT NULL,
        door TEXT NOT NULL,
        actor TEXT NOT NULL,
        action TEXT NOT NULL,
        device TEXT,
        subject TEXT,
        outcome TEXT NOT NULL
      ) STRICT;
      CREATE INDEX audit_actor ON audit (actor, id);
      CREATE INDEX audit_device ON audit (device, id);`,
  },
  historySchema,
  {
    name: 'appKeys of vendors and reports of terminals',
    sql: `
      CREATE TABLE app_key (
        app_key TEXT PRIMARY KEY,     -- 'M' and 9 digits
        vendor TEXT NOT NULL,
        password BLOB NOT NULL,       -- sealed
        issued_at INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE device_report (
        device TEXT PRIMARY KEY,      -- device.key
        reported_at INTEGER NOT NULL,
        fields TEXT NOT NULL,         -- JSON object
        unreadable TEXT NOT NULL      -- JSON object
      ) STRICT, WITHOUT ROWID;`,
  },
  imSchema,
  archiveSizes,
  {
    name: 'sessions of users of the RA in browsers',
    sql: `
      CREATE TABLE user_session (
        id TEXT PRIMARY KEY,
        account TEXT NOT NULL,
        secret_digest BLOB NOT NULL,  -- SHA-256
        keys_digest BLOB NOT NULL,    -- SHA-256
        created_at INTEGER NOT NULL,
        expires_at INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX user_session_account ON user_session (account, created_at);
      CREATE INDEX user_session_expiry ON user_session (expires_at);`,
  },
  rosterVersionsOfAssociations,
  {
    name: 'secure sessions',
    sql: `
      ALTER TABLE registration ADD COLUMN peer TEXT;          -- NULL: the address
      ALTER TABLE registration_refresh ADD COLUMN peer TEXT;
      CREATE TABLE secure_session (
        key TEXT PRIMARY KEY,
        run INTEGER NOT NULL,         -- of the platform, when it was stored
        state BLOB NOT NULL           -- sealed
      ) STRICT, WITHOUT ROWID;
      -- What came to sessions since, in batches; the last one that names a session counts.
      CREATE TABLE secure_session_progress (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        batch BLOB NOT NULL           -- sealed
      ) STRICT;
      CREATE TABLE secure_session_run (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        run INTEGER NOT NULL
      ) STRICT;`,
  },
  {
    name: 'credentials that bootstrap issued',
    sql: 'ALTER TABLE credential ADD COLUMN issued INTEGER NOT NULL DEFAULT 0;',
  },
  expectationSchema,
  {
    name: 'what devices say of themselves, groups of devices, jobs for many of them',
    sql: `
      CREATE TABLE device_fact (
        device TEXT PRIMARY KEY,      -- device.key
        vendor TEXT,
        model TEXT,
        version TEXT
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX device_fact_vendor ON device_fact (vendor);
      CREATE INDEX device_fact_model ON device_fact (model);
      CREATE INDEX device_fact_version ON device_fact (version);
      CREATE TABLE device_group (
        name TEXT PRIMARY KEY,
        note TEXT NOT NULL,
        query TEXT,                   -- JSON object, NULL: by members
        created_at INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE device_group_member (
        name TEXT NOT NULL,
        device TEXT NOT NULL,         -- device.key
        PRIMARY KEY (name, device)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX device_group_member_device ON device_group_member (device, name);
      CREATE TABLE bulk_job (
        id TEXT PRIMARY KEY,
        created_at INTEGER NOT NULL,
        json TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE bulk_job_target (
        campaign TEXT NOT NULL,       -- bulk_job.id
        device TEXT NOT NULL,
        state TEXT NOT NULL,
        wave INTEGER,
        job TEXT,
        reason TEXT,
        changed_at INTEGER NOT NULL,
        PRIMARY KEY (campaign, device)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX bulk_job_target_state ON bulk_job_target (campaign, state, device);`,
  },
  {
    name: 'accounts that are kept out',
    sql: 'ALTER TABLE ra_account ADD COLUMN disabled_at INTEGER;',
  },
  uploadSchema,
  webhookSchema,
  keptObservationSchema,
  idempotencySchema,
  pushSchema,
  deviceTextSchema,
  standingObservationSchema,
  roomSchema,
  pubsubSchema,
  {
    name: 'credentials of OSCORE',
    sql: 'ALTER TABLE credential ADD COLUMN parameters TEXT; -- JSON object; of kind oscore: OscoreParameters',
  },
  oscoreStateSchema,
  historySpanSchema,
  associationChangeSchema,
  {
    name: 'permissions in the audit trail',
    sql: 'ALTER TABLE audit ADD COLUMN permission TEXT; -- JSON: AuditedPermission',
  },
  homeNewsSchema,
  {
    name: 'who asked for what waits for devices',
    sql: `
      ALTER TABLE queued_request ADD COLUMN asker TEXT;
      ALTER TABLE awaited_answer ADD COLUMN door TEXT NOT NULL DEFAULT 'ra';`,
  },
  waitingNoticeSchema,
  {
    name: 'shares of the audit trail',
    sql: 'CREATE INDEX audit_share ON audit (door, actor, id);',
  },
];
