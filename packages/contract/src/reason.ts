import type { ProblemCode, ProblemDetails } from './problem.ts';

/**
 * Why a request was refused, where the kind of problem alone does not tell: a stable code, and its sentence in English, with the
 * places of "params" in braces: `{maximum}` is the value, `{maximum:is|are}` what stands before the bar where that is one, otherwise
 * what stands behind. Pages tell it in the reader's language.
 */
export const reasons = {
  // What is wrong with a field; "where" says which.
  'not-one-of': 'It is one of {values}.',
  missing: 'It is missing.',
  'names-missing': 'Missing: {names}.',
  'names-unknown': 'Not known here: {names}.',
  'given-twice': 'It is given more than once: leave all but one out.',
  'no-form-fits': 'It has none of the forms that are possible here.',
  'no-visible-text': 'It has to be without line breaks, control and invisible characters.',
  'no-country': 'It has to be the two capital letters of a country (ISO 3166), such as CN.',
  'pattern-differs': 'It has to match {pattern}.',
  'no-duration': 'It is a number with a unit (ms, s, m, h or d), such as 30s or 1h30m.',
  'no-hex': 'It is {least} to {most} bytes in hexadecimal.',
  'no-base64': 'It is no base64.',
  'no-sha256': 'It is no SHA-256: 64 hexadecimal digits.',
  'name-malformed': 'It is 1 to 64 small letters, digits, dots, underscores and hyphens, a letter or digit first.',
  'no-six-digits': 'It has 6 digits.',
  'wave-malformed': 'It is a number of devices or a share of them, such as 50 or 1%.',
  'app-key-malformed': 'It is M and 9 digits, such as M100000001.',
  'app-password-malformed': 'It is 32 visible characters of ASCII, or empty for none.',
  'no-server-uri': 'It is the address of a server, such as coaps://192.0.2.1:5684.',
  'no-host-name': 'It is a name of DNS or an IPv4 address, such as dm.example.com.',
  'binding-malformed': 'It is capital letters, such as U or UQ.',
  'path-malformed': 'It is a path as in {examples}.',
  'too-short': 'It has at least {limit} characters.',
  'too-long': 'It has at most {limit} characters.',
  'too-small': 'It is {limit} or more.',
  'not-above': 'It is more than {limit}.',
  'too-large': 'It is {limit} or less.',
  'too-few': 'There are at least {limit}.',
  'too-many': 'There are at most {limit}.',
  'wrong-type': 'Its type is {type}.',
  'wrong-format': 'Its format is {format}.',
  'field-unfit': 'It is not right.',
  'fields-exclude': '{one} and {other} exclude each other.',
  'field-misplaced': '{field} does not go with {other}.',
  'no-der': 'It is not DER in base64.',
  'oscore-id-long': 'With {aead} an ID has at most {limit} bytes.',
  'oscore-ids-same': 'Sender ID and Recipient ID are the same: both sides would encrypt with one key.',
  'key-or-issue-missing': '{field} is missing, or issue.',
  'issue-stored-is-for-psk':
    'Stored is for psk and oscore: of other credentials the platform has no private key; new makes one.',
  'uri-needs-security': '{uri} needs psk, rpk, x509 or est.',
  'mode-needs-coaps': '{mode} needs a coaps:// address.',
  'no-certificate-nor-digest': 'It is neither a certificate nor a digest of {matching}.',
  'short-server-id-missing': 'A shortServerId is missing.',
  'keys-in-writes': 'Keys of objects 0 and 21 go in the security of the server.',
  'hidden-value-missing': 'Nothing is kept for {path}: give its value.',
  'instance-twice': 'Two accounts would have the instance id {id}.',
  'configuration-unfit': 'It does not fit the object model.',
  'not-written-whole': '{path} is not written as a whole; write its instances.',
  'member-unfit': '{path} takes {members}.',
  'no-id': 'An id is a whole number from 0 to 65534.',
  'removed-with-value': 'What is removed goes without a value.',
  'value-malformed': 'It is no value of the type that the resource has.',
  'value-out-of-range': 'It is beyond the range of its type.',
  'url-malformed': 'It is no URL, such as https://example.com/hook.',
  'url-with-password': 'Name and password do not belong in it; deliveries are signed.',
  'url-needs-http': 'It begins with https: or http:.',
  'url-needs-https': 'It begins with https: (the setting webhooks.private-addresses lets http: be).',
  'url-private': '{host} is no address of the internet (see the setting webhooks.private-addresses).',
  'idempotency-key-unfit': 'It has to be 1 to 255 visible characters of ASCII, such as a UUID.',

  // What is wrong with a line of a file.
  'file-empty': 'There is no line in the file.',
  'file-not-utf8': 'This is no text in UTF-8: save the file as CSV in UTF-8.',
  'columns-missing': 'Endpoint and kind are needed; the header names columns of: {columns}.',
  'column-unknown': 'There is no column "{name}"; the header names columns of: {columns}.',
  'column-not-one-of': '{field} is one of {values}.',
  'quotation-open': 'A quotation mark is not closed, or stands within a field.',
  'fields-differ': '{found} fields, the header has {right}.',
  'same-as-line': 'The same as line {line}: a credential stands for one endpoint.',
  'kind-needs': 'Kind {kind} needs one of {fields}.',
  'key-unfit': 'The key is 8 to 64 bytes in hexadecimal.',
  'hex-unfit': '{field} is {least} to {most} bytes in hexadecimal.',
  'fingerprint-unfit': 'The fingerprint is SHA-256: 64 hex digits.',

  // Requests that make no sense as a whole.
  'request-unreadable': 'The request cannot be read.',
  'json-malformed': 'The body is no JSON: {why}.',
  'json-too-deep': 'The body nests more than {maximum} deep.',
  'name-twice': 'The body has "{name}" twice in one object: leave one out.',
  'from-after-to': '"from" is after "to".',
  'time-unfit': '"{name}" is a time such as 2026-01-31T08:00:00Z, or how long ago, such as 1h30m; not "{text}".',
  'spans-too-many': 'That makes more than {maximum} {maximum:span|spans}: ask for a longer "every" or a shorter time.',
  'spans-oldest-first': 'Spans come oldest first: leave "order" out.',
  'zone-unknown': '"{zone}" is no time zone, such as Asia/Shanghai.',
  'zone-wants-days': 'In a time zone "every" is whole days: 1d, 7d.',
  'every-too-short': '"every" is at least 1ms.',
  'app-key-alone': 'appKey and password come together, or neither does.',
  'report-group-unfit': 'These rules are not right.',
  'token-expires-at-once': 'A token that expires at once is of no use.',
  'user-or-class': 'Name either a user or a class.',

  // What does not fit the present state.
  'account-exists': 'There is an account "{name}" already.',
  'room-exists': 'There is a room {room} already: open it, or give another address.',
  'rooms-full':
    'There {limit:is|are} {limit} {limit:room|rooms} at {domain}, as many as xmpp.max-rooms allows: destroy one, or raise the setting.',
  'room-address-unfit': '{room} is no address of a room: write {right}.',
  'rooms-off': 'There are no rooms here: set xmpp.domain and xmpp.rooms.',
  'room-empty': 'Nobody would be in this room, so that it would be gone if it were not kept. To end it, destroy it.',
  'room-owner-last': '{account} is the last owner of this room: make another one first.',
  'room-affiliations-full': 'A room has no more than {limit} {limit:person|people} with a place in it.',
  'room-owner-unfit': '{owner} is no account that may be in this room: give one of its domain.',
  'user-name-taken': 'There is an account of that name already.',
  'account-name-taken': 'There is an account of that name already: give another one.',
  'shared-already': 'The device is shared already: `yaolian devices code`, or resetVerificationCode, makes a new code.',
  'credential-exists': 'There is such a credential already.',
  'app-key-exists': 'There is an appKey {appKey} already.',
  'group-exists': 'There is a group "{name}" already.',
  'groups-full': 'There {maximum:is|are} {maximum} {maximum:group|groups} already: remove one.',
  'group-kind-fixed': 'A group of members does not become a question, nor the other way round.',
  'group-asks': '"{name}" asks for its devices: change its question instead.',
  'request-not-waiting': 'Request {id} does not wait any more.',
  'request-cancelled': 'Request {id} was cancelled.',

  // What is wrong with a definition file of an object; the line stands in "where".
  'ddf-not-xml': 'This is not well-formed XML.',
  'ddf-no-element': 'The document has no element.',
  'ddf-doctype': 'A DOCTYPE is not accepted; leave it out.',
  'ddf-too-long': 'The document has {length} {length:character|characters}; {maximum} is the most.',
  'ddf-elements-many': 'There are more than {maximum} elements.',
  'ddf-too-deep': 'Elements lie more than {maximum} deep.',
  'ddf-other-root': 'The document element is LWM2M, not {found}.',
  'ddf-no-object': 'There is no Object in it.',
  'ddf-object-twice': '{element}: version {version} is there twice.',
  'ddf-object-type': '{element}: ObjectType is MODefinition, not "{found}".',
  'ddf-resources-many': '{element}: there are more than {maximum} resources.',
  'ddf-resource-twice': '{element}: resource {id} is there twice.',
  'ddf-operations': '{element} is R, W, RW, E or empty, not "{found}".',
  'ddf-type': '{element} is one of {values}, not "{found}".',
  'ddf-type-missing': '{element}: a resource that can be read or written has a Type.',
  'ddf-name-empty': '{element} is empty.',
  'ddf-id': '{element} is a number from 0 to 65534, not "{found}".',
  'ddf-version': '{element} is two numbers such as 1.0, not "{found}".',
  'ddf-urn': '{element} is {right} (or oma, ext for x), not "{found}".',
  'ddf-choice': '{element} is {one} or {other}, not "{found}".',
  'ddf-element-missing': '{element}: {name} is missing.',
  'ddf-element-unknown': '{element}: {name} is not one of {known}.',
  'ddf-element-twice': '{element}: {name} is there twice.',
  'ddf-several': 'The file has {count} objects: add one at a time.',
  'object-of-registry': 'That definition is of the registry; only added ones can be removed.',
  'objects-full': 'There {maximum:is|are} {maximum} added {maximum:definition|definitions}; remove one first.',
  'trials-off': 'Simulated devices are off: try.max-devices is 0.',
  'trials-full': 'There {maximum:is|are} {maximum} already (try.max-devices): stop one first.',
  'trial-refused': 'It was not let in: with enrolment by allow-list, set it to open first.',
  'job-over': 'The job is over.',
  'campaign-state': 'The campaign is not in a state for that.',
  'nothing-to-retry': 'No device of it failed or was cancelled.',
  'operator-is-you': 'You cannot remove yourself.',
  'operator-change-is-you': 'Another admin changes your role; your own password you change with the old one.',
  'last-admin': 'There would be no admin left.',
  'operator-exists': 'There is an operator "{name}" already.',
  'operator-unknown': 'There is no such operator.',
  'role-too-high': 'A token cannot have a higher role than its operator.',
  'second-factor-exists': 'There is one already; remove it first.',
  'firmware-in-use': 'Devices are being updated with it: wait for them, or cancel them.',
  'update-under-way': 'The device has the update {id} under way: wait for it, or cancel it.',
  'update-over': 'The update is over.',
  'webhooks-full':
    'There {maximum:is|are} {maximum} {maximum:webhook|webhooks} already: remove one, or raise the setting webhooks.max.',
  'webhook-queue-full': 'Its queue is full. Look after the receiver, and try what waits again.',
  'webhook-off': 'The webhook is off: switch it on first.',
  'delivery-through': 'It came through: there is nothing to try again.',
  'friend-is-you': 'Nobody is a friend of itself.',
  'name-of-nobody': 'Nobody can have this name: it has a space or a character that names do not have.',
  'friends-full': 'You have as many friends as one may.',
  'grants-full': 'The device has as many permissions as it may: revoke some first.',
  'device-is-yours': 'The device is yours already.',
  'binding-not-asked': '{user} does not wait for {device} to agree.',
  'no-firmware-offered': 'The operator offers no other firmware for the device.',
  'firmware-of-its-own': 'The device looks after its firmware itself.',
  'no-update-under-way': 'No update is under way.',
  'update-installing': 'The device is installing it: nothing stops that.',
  'update-of-operator': 'The operator rolls this update out.',
  'owner-update-under-way': 'An update is under way.',
  'owner-unknown': '{user} does not own {device}.',
  'owner-before-you': '{user} owned the device before you: the device itself or its operator removes them.',
  'owners-full': 'The device has as many owners as it may.',
  'devices-full': 'You have as many devices as you may: give one up first.',

  // Values that cannot be taken.
  'account-name-unfit': 'That cannot be the name of an account.',
  'user-name-unfit':
    '"{name}" cannot be an account: write a name (RFC 7622), or name@domain of a domain of this server.',
  'password-unfit': 'That cannot be a password: it has control characters.',
  'account-unfit': 'Name or password cannot be taken.',
  'setting-needs-start':
    'Only a start of the platform changes {name}: set it in the file, the environment or by its flag.',
  'setting-fixed':
    'The file, the environment or a flag sets {name}: change it there, or take it out and start the platform again.',
  'setting-unfit': 'The value of {name} does not fit: {range}, such as {example}.',
  'own-streams':
    'You have {maximum} event {maximum:stream|streams} open, as many as one operator may (http.max-event-streams-per-operator).',
  'no-device-chosen': 'No device is chosen by that.',
  'devices-unread':
    'No device is known to be so; {count} {count:has|have} not said what {count:it is: unread=ask takes it in and asks when its turn comes|they are: unread=ask takes them in and asks when their turn comes}.',
  'keys-with-filter': 'Name devices by keys, or say what they are like: {names} does not go with keys.',
  'device-named-unknown': 'There is no device "{name}".',
  'job-too-large': 'A job has at most {maximum} {maximum:device|devices}: choose fewer.',
  'campaign-too-large': 'A campaign has at most {maximum} {maximum:device|devices}: choose fewer.',
  'wave-unfit': 'A wave has at least one device, or more than 0 to 100 %.',
  'package-empty': 'The package has no bytes.',
  'hash-differs': 'The bytes that came have another SHA-256 than the one you said.',
  'feature-unfit': 'A feature has 1 to 255 characters without spaces, with "*" only at the end.',
  'format-unfit': 'The value cannot be written in this format.',
  'arguments-unfit': 'The arguments are not right.',
  'attributes-unfit': 'The attributes are not right.',

  // What the object model has it otherwise.
  'not-readable': 'The resource is not readable.',
  'not-writable': 'The resource is not writable.',
  'not-executable': 'The resource is not executable.',
  'is-executable': 'The resource is executable and has no value; execute it.',
  'single-instance': 'The object has a single instance, which is not created or deleted.',
  'not-multiple': 'The resource has one value, not instances.',
  'is-multiple': 'The resource has instances, not one value: give each its number.',
  'ra-has-no-such': 'The device speaks RA, which has no "{operation}".',

  // What the device or the platform cannot do now.
  wait: 'Try again in {seconds} s.',
  'answer-unreadable': 'The answer of the device makes no sense.',
  'transfer-failed': 'The transfer with the device failed.',
  'no-report': 'There is no report of the device.',
  starting: 'The platform is starting.',
  stopping: 'The platform is stopping.',
  'cannot-store': 'The platform cannot store.',
  'given-up': 'The request was given up.',
  'campaign-unknown': 'There is no campaign "{id}".',
  'package-unknown': 'There is no firmware package "{id}".',
  'setting-unknown': 'There is no setting "{name}".',
  'certificate-of-files': 'The certificate is in the files of tls.certificate and tls.key: put a new one there.',
  'certificate-imported': 'The certificate was imported: import its successor, or remove it first.',
  'nothing-imported': 'No certificate was imported.',
  'request-waits': 'A request waits for its certificate already: give it up first, or ask to replace it.',
  'no-request-waits': 'No request waits for its certificate.',
  'no-key-nor-request': 'No request waits for its certificate: give the private key, too.',
  'request-of-another':
    '{subject} is not for the key of the request that waits: give the certificate that came for it.',
  'server-name-unfit':
    '"{name}" is neither a name of DNS nor an address: write it as iot.example.com, *.example.com or 203.0.113.7.',
  'pem-no-certificate': 'There is no certificate in it: give PEM, which begins with -----BEGIN CERTIFICATE-----.',
  'pem-certificate-unreadable':
    'Certificate {number} of it cannot be read: give it whole, with its BEGIN and END lines.',
  'pem-no-key':
    'There is no private key in it that can be read: give PEM, which begins with -----BEGIN PRIVATE KEY-----.',
  'key-encrypted': 'The private key is encrypted: decrypt it first ("openssl pkey -in key.pem -out plain.pem").',
  'key-kind-unfit': 'The private key is {kind}: what shows it here can use {fit}.',
  'key-of-another': 'The private key is not that of {subject}: give the one that its certificate was asked for with.',
  'chain-own-not-first': 'The private key is that of {subject}, certificate {number} of the chain: put it first.',
  'chain-broken':
    '{subject} was issued by {issuer}, and {next} that comes next did not sign it: put each certificate before its issuer.',
  'chain-over': '{subject} ended on {date}: give one that is valid.',
  'chain-early': '{subject} is not valid before {date}: give one that is valid, or check the clock of the platform.',
  'certificate-not-for-servers': '{subject} is not for servers: ask for one with the purpose serverAuth.',
  'certificate-no-authority':
    '{subject} is not the certificate of an authority: give that which signs those of terminals.',
  'authority-of-file': 'It is in the file of tls.client-ca: take it out there.',
  'no-message-server': 'This platform has no message server: start it with --xmpp-domain or --ra-domain.',
  'no-remote-access': 'This platform has no Remote Access: start it with --ra-domain (ra.domain).',
  'home-off': 'Remote Access is off: the operator has to set ra.domain.',
  'home-failed': 'The account server cannot do it now.',
  'observed-full': 'Too many values are observed.',
} as const satisfies Record<string, string>;

export type ReasonCode = keyof typeof reasons;

type Place<Sentence> = Sentence extends `${string}{${infer Name}}${infer Rest}` ? Bare<Name> | Place<Rest> : never;
type Bare<Name> = Name extends `${infer Param}:${string}` ? Param : Name;
type Given<Code extends ReasonCode> =
  Place<(typeof reasons)[Code]> extends never
    ? []
    : [params: Readonly<Record<Place<(typeof reasons)[Code]>, string | number>>];

/** A detail with its reason. */
export type Reasoned = ProblemDetails & { readonly detail: string; readonly reason: ReasonCode };

/** The details of a problem with this reason. */
export function because<Code extends ReasonCode>(reason: Code, ...[params]: Given<Code>): Reasoned {
  return { detail: sentenceOf(reason, params ?? {}), reason, ...(params && { params }) };
}

/** What is wrong with one field of a request: where, a sentence, and its reason. */
export type FieldMistake = NonNullable<ProblemDetails['errors']>[number] & { readonly reason: ReasonCode };

/** @param message what is wrong here; may say more than the sentence of the reason */
export function mistakeAt<Code extends ReasonCode>(
  where: string,
  message: string,
  reason: Code,
  ...[params]: Given<Code>
): FieldMistake {
  return { where, message, reason, ...(params && { params }) };
}

function sentenceOf(reason: ReasonCode, params: Readonly<Partial<Record<string, string | number>>>): string {
  return reasons[reason].replaceAll(
    /\{(\w+)(?::([^{}|]*)\|([^{}|]*))?\}/g,
    (_, name: string, one: string | undefined, many: string | undefined) =>
      (String(params[name]) === '1' ? one : many) ?? String(params[name]),
  );
}

/** Kinds of problems that never come with a detail of their own unless it has a reason. */
export const reasonedProblems = [
  'conflict',
  'device-answer-malformed',
  'invalid-request',
  'invalid-value',
  'model-forbids',
  'too-many-attempts',
  'unavailable',
] as const satisfies readonly ProblemCode[];

export type ReasonedProblem = (typeof reasonedProblems)[number];
