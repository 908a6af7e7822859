import assert from 'node:assert/strict';
import { decodeUtf8 } from '@yaolian/kernel';
import { replayCorpus } from '@yaolian/testkit';
import { parseEndpointName } from './endpoint-name.ts';
import { profileOfName } from './profile-auto.ts';
import { decryptProfileBIdentity, parseProfileBName } from './profile-b-name.ts';
import { parseProfileCName } from './profile-c-name.ts';
import { decodeFieldConfiguration, decodeRuleConfiguration } from './report-rules.ts';
import { readReport } from './reported-values.ts';
import { nodePrimitives } from './testing/node-primitives.ts';
import { ValueCipher } from './value-cipher.ts';

const cipher = new ValueCipher(nodePrimitives, 'a1adfef9ed014286b7f7a314ee978f15');

/*
 * Hostile names and texts of terminals, one to a file: `# profile:` with the profiles whose name it is, `# report:` with the names of the fields
 * that it reports and of those that cannot be read, or no. Every reader gets every file: none throws, whatever it is.
 */
replayCorpus(new URL('../corpus/', import.meta.url), ({ bytes, fields }) => {
  const text = decodeUtf8(bytes);
  assert.ok(text !== undefined);
  const names: string[] = [];
  if (parseEndpointName(text).ok) names.push('a');
  const b = parseProfileBName(text);
  if (b.ok) names.push(decryptProfileBIdentity(b.value.encryptedIdentity, cipher).ok ? 'b' : 'b-unread');
  if (parseProfileCName(text).ok) names.push('c');
  profileOfName(text);
  assert.equal(names.join(' ') || 'none', fields['profile']);
  const report = readReport(text, cipher);
  const told = report.ok
    ? `${Object.keys(report.value.fields).join(' ')} / ${Object.keys(report.value.unreadable).join(' ')}`
    : 'no';
  assert.equal(told.trim(), fields['report']);
  for (const decode of [decodeFieldConfiguration, decodeRuleConfiguration]) {
    const decoded = decode(text);
    if (!decoded.ok) assert.match(decoded.error, /\S/);
  }
});
