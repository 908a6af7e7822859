import { createHash } from 'node:crypto';
import {
  certificateUsages,
  defaultOscoreAead,
  defaultOscoreHkdf,
  type FieldMistake,
  type JsonBootstrapSecurity,
  matchingTypes,
  mistakeAt,
  oscoreAeadNames,
  oscoreAeads,
  oscoreHkdfNames,
  oscoreHkdfs,
  oscoreIdMistake,
} from '@yaolian/contract';
import {
  decodeBase64,
  decodeHex,
  decodeUtf8,
  encodeBase64,
  encodeUtf8,
  failure,
  type Result,
  success,
} from '@yaolian/kernel';
import { type BootstrapOscore, type BootstrapSecurity, SecurityMode } from '@yaolian/lwm2m/bootstrap';
import { hmacOfKdf } from '../security/bootstrap-keys.ts';

const modes = {
  psk: SecurityMode.Psk,
  rpk: SecurityMode.RawPublicKey,
  x509: SecurityMode.Certificate,
  est: SecurityMode.CertificateWithEst,
  // LwM2M Transport 1.1 §5.5: OSCORE needs no DTLS below it.
  oscore: SecurityMode.NoSec,
  nosec: SecurityMode.NoSec,
} as const;

type Mode = keyof typeof modes;
/** Those whose keys the platform gives. */
type KeyedMode = Exclude<Mode, 'nosec' | 'est' | 'oscore'>;
type Field = keyof JsonBootstrapSecurity;

/** What each mode has, besides `mode` and `issue`. */
const fieldsOf: Readonly<Record<Mode, readonly Field[]>> = {
  nosec: [],
  oscore: ['senderId', 'recipientId', 'idContext', 'aead', 'hkdf', 'masterSecret', 'masterSalt', 'hasKey'],
  psk: ['identity', 'key', 'hasKey', 'serverName', 'ciphersuites', 'groups'],
  rpk: [
    ...(['publicKey', 'privateKey', 'hasKey', 'serverPublicKey', 'serverName'] as const),
    ...(['ciphersuites', 'groups', 'signatureAlgorithms'] as const),
  ],
  x509: [
    ...(['certificate', 'privateKey', 'hasKey', 'serverPublicKey', 'serverName'] as const),
    ...(['usage', 'matching', 'ciphersuites', 'groups', 'signatureAlgorithms'] as const),
  ],
  est: [
    ...(['serverPublicKey', 'serverName', 'usage', 'matching'] as const),
    ...(['ciphersuites', 'groups', 'signatureAlgorithms'] as const),
  ],
};

/** What the terminal is given of its own, in this order: what it shows, and the secret. */
const ownOf = {
  psk: ['identity', 'key'],
  rpk: ['publicKey', 'privateKey'],
  x509: ['certificate', 'privateKey'],
  oscore: ['senderId', 'recipientId', 'idContext', 'aead', 'hkdf', 'masterSecret', 'masterSalt'],
} as const;

export interface SecurityContext {
  readonly uri: string;
  /** Where the account is in the body: `body/servers/0`. */
  readonly where: string;
  /** The account as it was before: its key stays where none is given. */
  readonly before: BootstrapSecurity | undefined;
}

class Mistake extends Error {
  readonly mistake: FieldMistake;

  /** @param mistake its "where" is a field of the security */
  constructor(mistake: FieldMistake) {
    super(mistake.message);
    this.mistake = mistake;
  }
}

/** The resources of object 0 that say how the terminal and the server prove themselves. */
export function securityFromJson(
  json: JsonBootstrapSecurity | undefined,
  context: SecurityContext,
): Result<Partial<BootstrapSecurity>, FieldMistake> {
  try {
    return success(resourcesOf(json ?? { mode: 'nosec' }, context, json === undefined));
  } catch (error) {
    if (!(error instanceof Mistake)) throw error;
    return failure({ ...error.mistake, where: `${context.where}/security/${error.mistake.where}` });
  }
}

function resourcesOf(json: JsonBootstrapSecurity, context: SecurityContext, isDefault: boolean) {
  const { mode, issue } = json;
  const isSecure = /^coaps/i.test(context.uri);
  const isClear = mode === 'nosec' || mode === 'oscore';
  if (isSecure === isClear) {
    const { uri } = context;
    throw new Mistake(
      isSecure
        ? mistakeAt('mode', `${uri} needs psk, rpk, x509 or est`, 'uri-needs-security', { uri })
        : mistakeAt('mode', `${mode} needs a coaps:// address`, 'mode-needs-coaps', { mode }),
    );
  }
  if (mode === 'nosec') {
    checkFields(json, mode);
    return isDefault ? {} : { securityMode: modes.nosec };
  }
  checkFields(json, mode);
  if (mode === 'oscore') return { securityMode: modes.oscore, ...contextOf(json, context) };
  const common = { securityMode: modes[mode], ...trustOf(json), ...offersOf(json) };
  if (mode === 'est') return common;
  return issue === undefined ? { ...common, ...givenKeys(json, mode, context) } : { ...common, ...issued(json, mode) };
}

function checkFields(json: JsonBootstrapSecurity, mode: Mode): void {
  const allowed: readonly Field[] = [
    'mode',
    ...(mode === 'nosec' || mode === 'est' ? [] : (['issue'] as const)),
    ...fieldsOf[mode],
  ];
  const misplaced = (Object.keys(json) as Field[]).find((field) => !allowed.includes(field));
  if (misplaced === undefined) return;
  const params = { field: misplaced, other: `mode ${mode}` };
  throw new Mistake(mistakeAt(misplaced, `${misplaced} does not go with mode ${mode}`, 'field-misplaced', params));
}

function issued(json: JsonBootstrapSecurity, mode: KeyedMode | 'oscore') {
  const given = ownOf[mode].find((field) => json[field] !== undefined);
  if (given !== undefined) {
    const params = { one: given, other: 'issue' };
    throw new Mistake(mistakeAt(given, `${given} and issue exclude each other`, 'fields-exclude', params));
  }
  if (json.issue === 'stored' && mode !== 'psk' && mode !== 'oscore') {
    const message = 'stored is for psk and oscore: of other credentials the platform has no private key; new makes one';
    throw new Mistake(mistakeAt('issue', message, 'issue-stored-is-for-psk'));
  }
  return { issue: json.issue! };
}

function givenKeys(json: JsonBootstrapSecurity, mode: KeyedMode, { before }: SecurityContext) {
  const [shownField, secretField] = ownOf[mode];
  const shown = json[shownField];
  if (shown === undefined) throw missing(shownField);
  const publicKeyOrIdentity = mode === 'psk' ? encodeBase64(encodeUtf8(shown)) : derIn(json, shownField);
  const isTheSame = before?.securityMode === modes[mode] && before.publicKeyOrIdentity === publicKeyOrIdentity;
  const secretKey = secretOf(json, secretField) ?? (isTheSame ? before.secretKey : undefined);
  if (secretKey === undefined) throw missing(secretField);
  return { publicKeyOrIdentity, secretKey };
}

/** A security context of OSCORE. Its secret parts stay while what names it stays. */
function contextOf(json: JsonBootstrapSecurity, { before }: SecurityContext): Partial<BootstrapSecurity> {
  if (json.issue !== undefined) return issued(json, 'oscore');
  const { aead = defaultOscoreAead, hkdf = defaultOscoreHkdf, idContext, masterSalt } = json;
  const idMistake = oscoreIdMistake(json);
  if (idMistake?.reason === 'missing') throw missing(idMistake.where as Field);
  if (idMistake) throw new Mistake(idMistake);
  const lower = (text: string) => text.toLowerCase();
  const oscore: BootstrapOscore = {
    senderId: lower(json.senderId!),
    recipientId: lower(json.recipientId!),
    aead: oscoreAeads[aead],
    hmac: hmacOfKdf(oscoreHkdfs[hkdf]),
    ...(idContext !== undefined && { idContext: lower(idContext) }),
  };
  const { masterSecret } = json;
  if (masterSecret !== undefined) {
    const secretKey = encodeBase64(decodeHex(masterSecret)!);
    return { oscore: { ...oscore, ...(masterSalt !== undefined && { masterSalt: lower(masterSalt) }) }, secretKey };
  }
  const { secretKey, oscore: known } = before ?? {};
  const isTheSame = known?.senderId === oscore.senderId && known.idContext === oscore.idContext;
  if (secretKey === undefined || !isTheSame || masterSalt !== undefined) throw missing('masterSecret');
  return { oscore: { ...oscore, ...(known.masterSalt !== undefined && { masterSalt: known.masterSalt }) }, secretKey };
}

function missing(field: Field): Mistake {
  return new Mistake(mistakeAt(field, `${field} is missing, or issue`, 'key-or-issue-missing', { field }));
}

function secretOf(json: JsonBootstrapSecurity, field: 'key' | 'privateKey'): string | undefined {
  if (field === 'privateKey') return json.privateKey === undefined ? undefined : derIn(json, field);
  return json.key === undefined ? undefined : encodeBase64(decodeHex(json.key.toLowerCase())!);
}

/** DER of a SEQUENCE, which keys and certificates are; in base64 as it was given. */
function derIn(json: JsonBootstrapSecurity, field: Field): string {
  const text = json[field] as string;
  if (decodeBase64(text)?.[0] !== 0x30) {
    throw new Mistake(mistakeAt(field, `${field} is not DER in base64`, 'no-der'));
  }
  return text;
}

const digests = { sha256: 32, sha384: 48, sha512: 64 } as const;

function trustOf(json: JsonBootstrapSecurity): Partial<BootstrapSecurity> {
  const { serverPublicKey, serverName, usage, matching } = json;
  return {
    ...(serverPublicKey === undefined ? {} : { serverPublicKey: matched(json, serverPublicKey) }),
    ...(serverName === undefined ? {} : { sni: serverName }),
    ...(usage === undefined ? {} : { certificateUsage: certificateUsages.indexOf(usage) }),
    ...(matching === undefined ? {} : { matchingType: matchingTypes.indexOf(matching) }),
  };
}

/** A certificate becomes its digest where that is what the terminal compares. */
function matched(json: JsonBootstrapSecurity, text: string): string {
  const { matching = 'exact' } = json;
  if (matching === 'exact') return derIn(json, 'serverPublicKey');
  const bytes = decodeBase64(text);
  if (bytes?.length === digests[matching]) return text;
  if (bytes?.[0] !== 0x30) {
    const message = `serverPublicKey is neither a certificate nor a digest of ${matching}`;
    throw new Mistake(mistakeAt('serverPublicKey', message, 'no-certificate-nor-digest', { matching }));
  }
  return encodeBase64(createHash(matching).update(bytes).digest());
}

function offersOf(security: JsonBootstrapSecurity): Partial<BootstrapSecurity> {
  const { ciphersuites, groups, signatureAlgorithms } = security;
  return {
    ...(ciphersuites && { ciphersuites }),
    ...(groups && { groups }),
    ...(signatureAlgorithms && { signatureAlgorithms }),
  };
}

/** The inverse of {@link securityFromJson}, without the secret; undefined where nothing was said. */
export function securityToJson(security: BootstrapSecurity): JsonBootstrapSecurity | undefined {
  const { securityMode, issue, secretKey, serverPublicKey, sni, ciphersuites, groups, signatureAlgorithms } = security;
  if (securityMode === undefined) return undefined;
  const mode = modeOf(security);
  const { certificateUsage, matchingType } = security;
  return {
    mode,
    ...(issue && { issue }),
    ...shownOf(mode, security),
    ...(secretKey !== undefined && { hasKey: true }),
    ...(serverPublicKey !== undefined && { serverPublicKey }),
    ...(sni !== undefined && { serverName: sni }),
    ...(certificateUsage !== undefined && { usage: certificateUsages[certificateUsage]! }),
    ...(matchingType !== undefined && { matching: matchingTypes[matchingType]! }),
    ...(ciphersuites && { ciphersuites: [...ciphersuites] }),
    ...(groups && { groups: [...groups] }),
    ...(signatureAlgorithms && { signatureAlgorithms: [...signatureAlgorithms] }),
  };
}

function modeOf({ securityMode, oscore, issue }: BootstrapSecurity): Mode {
  if (securityMode === SecurityMode.NoSec) return oscore === undefined && issue === undefined ? 'nosec' : 'oscore';
  return (Object.keys(modes) as Mode[]).find((one) => modes[one] === securityMode)!;
}

function shownOf(mode: Mode, { publicKeyOrIdentity, oscore }: BootstrapSecurity): Partial<JsonBootstrapSecurity> {
  if (oscore !== undefined) {
    const { senderId, recipientId, idContext } = oscore;
    const aead = oscoreAeadNames.find((name) => oscoreAeads[name] === oscore.aead);
    const hkdf = oscoreHkdfNames.find((name) => hmacOfKdf(oscoreHkdfs[name]) === oscore.hmac);
    return {
      ...{ senderId, recipientId },
      ...(idContext !== undefined && { idContext }),
      ...(aead && { aead }),
      ...(hkdf && { hkdf }),
    };
  }
  if (publicKeyOrIdentity === undefined) return {};
  if (mode === 'psk') return { identity: decodeUtf8(decodeBase64(publicKeyOrIdentity)!) ?? '' };
  return mode === 'rpk' ? { publicKey: publicKeyOrIdentity } : { certificate: publicKeyOrIdentity };
}
