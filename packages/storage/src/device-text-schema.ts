import type { Migration } from './migrate.ts';

/** Everything that a text in the list of devices may be part of, a line each. */
const text = (
  device: string,
  fact: string,
) => `${device}.key || char(10) || coalesce(${device}.endpoint, '') || char(10)
      || coalesce((SELECT group_concat(value, char(10)) FROM json_each(${device}.identity)), '') || char(10)
      || coalesce(${fact}.vendor, '') || char(10) || coalesce(${fact}.model, '') || char(10) || coalesce(${fact}.version, '')`;

const put = (where: string) => `INSERT OR REPLACE INTO device_text (rowid, text)
        SELECT d.n, ${text('d', 'f')} FROM device d LEFT JOIN device_fact f ON f.device = d.key WHERE ${where};`;

/**
 * Which devices have three characters in a row: an index, not the texts. Triggers keep it in step, in the transaction of each change,
 * whoever makes it. A device that registers again under the same name with the same identity does not touch it.
 */
export const deviceTextSchema: Migration = {
  name: 'indexes of texts and activations of devices',
  sql: `
    CREATE VIRTUAL TABLE device_text USING fts5 (text, content = '', contentless_delete = 1, tokenize = 'trigram', detail = 'none');
    INSERT INTO device_text (rowid, text)
      SELECT d.n, ${text('d', 'f')} FROM device d LEFT JOIN device_fact f ON f.device = d.key;
    CREATE TRIGGER device_text_new AFTER INSERT ON device BEGIN
      ${put('d.n = new.n')}
    END;
    CREATE TRIGGER device_text_changed AFTER UPDATE OF endpoint, identity ON device BEGIN
      ${put('d.n = new.n')}
    END;
    CREATE TRIGGER device_text_gone AFTER DELETE ON device BEGIN
      DELETE FROM device_text WHERE rowid = old.n;
    END;
    CREATE TRIGGER device_text_fact_new AFTER INSERT ON device_fact BEGIN
      ${put('d.key = new.device')}
    END;
    CREATE TRIGGER device_text_fact_changed AFTER UPDATE ON device_fact
      WHEN old.vendor IS NOT new.vendor OR old.model IS NOT new.model OR old.version IS NOT new.version BEGIN
      ${put('d.key = new.device')}
    END;
    CREATE INDEX device_activated ON device (activated_at);`,
};
