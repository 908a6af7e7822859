import type { DatabaseSync } from 'node:sqlite';

const friendOfOwner = `SELECT 1 FROM binding b JOIN friendship f ON f.user = b.user
  WHERE b.device = ? AND b.state = 'active' AND f.other = ? AND f.state = 'friends' LIMIT 1`;

export function prepareAssociationStatements(database: DatabaseSync) {
  return {
    ...codesAndBindings(database),
    ...friendsAndLinks(database),
    ...permissions(database),
    bookmarks: database.prepare('SELECT name, address, text FROM bookmark WHERE account = ? ORDER BY name'),
    putBookmark: database.prepare(
      `REPLACE INTO bookmark SELECT ?, ?, ?, ?
        WHERE (SELECT count(*) FROM bookmark WHERE account = ? AND name <> ?) < ?`,
    ),
    removeBookmark: database.prepare('DELETE FROM bookmark WHERE account = ? AND name = ?'),
    removeBookmarksOf: database.prepare('DELETE FROM bookmark WHERE account = ?'),
  };
}

function codesAndBindings(database: DatabaseSync) {
  return {
    code: database.prepare('SELECT * FROM verification_code WHERE device = ?'),
    putCode: database.prepare('REPLACE INTO verification_code VALUES (?, ?, ?, ?, ?, ?)'),
    removeCode: database.prepare('DELETE FROM verification_code WHERE device = ?'),
    binding: database.prepare('SELECT * FROM binding WHERE user = ? AND device = ?'),
    bindingsOfUser: database.prepare('SELECT * FROM binding WHERE user = ? ORDER BY device'),
    bindingsOfDevice: database.prepare('SELECT * FROM binding WHERE device = ? ORDER BY user'),
    countOwners: database.prepare('SELECT count(*) AS count FROM binding WHERE device = ?'),
    countDevices: database.prepare('SELECT count(*) AS count FROM binding WHERE user = ?'),
    hasOwner: database.prepare("SELECT 1 FROM binding WHERE device = ? AND state = 'active' LIMIT 1"),
    laterBinding: database.prepare(
      'SELECT max(?, coalesce((SELECT max(since) + 1 FROM binding WHERE device = ?), 0)) AS since',
    ),
    putBinding: database.prepare('REPLACE INTO binding VALUES (?, ?, ?, ?, ?, ?)'),
    confirm: database.prepare(
      "UPDATE binding SET state = 'active', since = ? WHERE user = ? AND device = ? AND state = 'pending' RETURNING *",
    ),
    renameBinding: database.prepare(
      'UPDATE binding SET name = ?, groups = ? WHERE user = ? AND device = ? RETURNING *',
    ),
    removeBinding: database.prepare('DELETE FROM binding WHERE user = ? AND device = ? RETURNING *'),
  };
}

function friendsAndLinks(database: DatabaseSync) {
  return {
    friendship: database.prepare('SELECT * FROM friendship WHERE user = ? AND other = ?'),
    friendships: database.prepare('SELECT * FROM friendship WHERE user = ? ORDER BY other'),
    countFriends: database.prepare('SELECT count(*) AS count FROM friendship WHERE user = ?'),
    putFriendship: database.prepare('REPLACE INTO friendship VALUES (?, ?, ?, ?, ?, ?)'),
    renameFriend: database.prepare(
      'UPDATE friendship SET name = ?, groups = ? WHERE user = ? AND other = ? RETURNING *',
    ),
    removeFriendship: database.prepare('DELETE FROM friendship WHERE user = ? AND other = ? RETURNING *'),
    links: database.prepare('SELECT * FROM device_link WHERE device = ? ORDER BY other'),
    linked: database.prepare('SELECT 1 FROM device_link WHERE device = ? AND other = ?'),
    countLinks: database.prepare('SELECT count(*) AS count FROM device_link WHERE device = ?'),
    putLink: database.prepare('INSERT INTO device_link VALUES (?, ?, ?, ?)'),
    linksMadeBy: database.prepare('SELECT * FROM device_link WHERE device = ? AND made_by = ?'),
    removeLink: database.prepare('DELETE FROM device_link WHERE device = ? AND other = ?'),
  };
}

function permissions(database: DatabaseSync) {
  return {
    grants: database.prepare('SELECT * FROM permission WHERE device = ? ORDER BY subject, feature'),
    grantsFor: database.prepare(
      "SELECT * FROM permission WHERE device = ? AND (subject = ? OR subject GLOB 'c:*') ORDER BY subject, feature",
    ),
    countOtherGrants: database.prepare(
      'SELECT count(*) AS count FROM permission WHERE device = ? AND NOT (subject = ? AND feature = ?)',
    ),
    putGrant: database.prepare('REPLACE INTO permission VALUES (?, ?, ?, ?, ?, ?, ?)'),
    removeGrant: database.prepare(
      'DELETE FROM permission WHERE device = ? AND subject = ? AND feature = ? RETURNING *',
    ),
    removeGrantsOf: database.prepare(
      'DELETE FROM permission WHERE device = ? AND (subject = ? OR granted_by = ?) RETURNING *',
    ),
    removeAllGrants: database.prepare('DELETE FROM permission WHERE device = ? RETURNING *'),
    removeGrantsFrom: database.prepare('DELETE FROM permission WHERE subject = ? AND granted_by = ?'),
    removeGrantsTo: database.prepare('DELETE FROM permission WHERE subject = ?'),
    removeExpired: database.prepare('DELETE FROM permission WHERE expires_at <= ?'),
    friendOfOwner: database.prepare(friendOfOwner),
    sharedWith: database.prepare(
      `SELECT b.device, min(b.user) AS owner FROM friendship f JOIN binding b ON b.user = f.other
        WHERE f.user = :user AND f.state = 'friends' AND b.state = 'active'
          AND NOT EXISTS (SELECT 1 FROM binding o WHERE o.user = :user AND o.device = b.device AND o.state = 'active')
          AND EXISTS (SELECT 1 FROM permission p WHERE p.device = b.device AND p.subject IN ('a:' || :user, 'c:friend')
            AND p.operations <> '' AND (p.expires_at IS NULL OR p.expires_at > :now))
        GROUP BY b.device ORDER BY b.device LIMIT :limit`,
    ),
  };
}
